"""`slackincidents scenarios`, `personas`, `services`, `schema`, `doctor`, and the front door."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from slackincidents import __version__
from slackincidents.cli.schemas import PLACES, source
from slackincidents.library import Library, data_root
from tests.cli.conftest import Cli
from tests.source import ROOT


@pytest.mark.parametrize("verb", ["scenarios", "personas", "services", "schema"])
def test_lists_pipe_well(cli: Cli, verb: str) -> None:
    """Piped, a list has one thing a line, its name first, and no head."""
    ran = cli(verb)
    assert (ran.code, ran.err) == (0, "")
    known = {
        "scenarios": list(Library().skeleton_names()),
        "personas": list(Library().people()),
        "services": list(Library().catalogue().services),
        "schema": list(PLACES),
    }
    assert [line.split("\t")[0] for line in ran.out.splitlines()] == known[verb]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("scenarios", "cache-failure"), "OOM-killed"),
        (("personas", "@alice"), "Alice Chen"),
        (("services", "checkout"), "called by      frontend"),
    ],
)
def test_one_is_shown_in_words(cli: Cli, words: tuple[str, ...], part: str) -> None:
    """A name shows what is behind it."""
    assert part in cli(*words).out


@pytest.mark.parametrize("words", [("scenarios",), ("scenarios", "high-cpu"), ("personas", "bob"), ("services", "ad")])
def test_json_on_request(cli: Cli, words: tuple[str, ...]) -> None:
    """--format json is JSON."""
    assert json.loads(cli(*words, "--format", "json").out)


def test_a_new_scenario_runs_as_it_is(cli: Cli, tmp_path: Path) -> None:
    """What `scenarios new` writes can be generated from at once, in several courses, and is valid."""
    ran = cli("scenarios", "new", "slow-quotes")
    assert (ran.code, ran.out) == (0, "slow-quotes.json\n")
    assert json.loads((tmp_path / "slow-quotes.json").read_text(encoding="utf-8"))["id"] == "slow-quotes"
    made = cli("generate", "./slow-quotes.json", "--variants", 8, "-o", "out")
    assert made.code == 0, made.err
    checked = cli("validate", *sorted((tmp_path / "out").glob("*.json")))
    assert checked.code == 0, checked.out
    assert 'its skeleton "slow-quotes" is not in the library' in checked.out


def test_a_new_scenario_is_at_home_in_the_user_folder(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the user's folder it has a name of its own, and its files are checked in full."""
    monkeypatch.setenv("SLACKINCIDENTS_HOME", str(tmp_path))
    assert cli("scenarios", "new", "slow-quotes", "-o", tmp_path / "scenarios" / "skeletons").code == 0
    assert "slow-quotes\t" in cli("scenarios").out
    assert cli("generate", "slow-quotes", "-o", "x.json").code == 0
    assert cli("validate", "x.json").out == "x.json: clean\n"


def test_a_new_scenario_does_not_overwrite(cli: Cli, tmp_path: Path) -> None:
    """A second one of the same name needs --force."""
    (tmp_path / "mine.json").write_text("mine", encoding="utf-8")
    assert "mine.json exists" in cli("scenarios", "new", "mine").complaint
    assert (tmp_path / "mine.json").read_text(encoding="utf-8") == "mine"
    assert cli("scenarios", "new", "mine", "--force").code == 0


def test_a_broken_scenario_does_not_hide_the_others(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list goes on after a bad file of the user's, and says which it is."""
    monkeypatch.setenv("SLACKINCIDENTS_HOME", str(tmp_path))
    folder = tmp_path / "scenarios" / "skeletons"
    folder.mkdir(parents=True)
    (folder / "broken.json").write_text("{", encoding="utf-8")
    ran = cli("scenarios")
    assert ran.code == 2
    assert "broken.json is not JSON" in ran.complaint
    assert "cache-failure\t" in ran.out


@pytest.mark.parametrize("name", PLACES)
def test_shipped_schemas_are_current(name: str) -> None:
    """To renew them: slackincidents schema -o . --force, in the checkout."""
    assert (data_root() / PLACES[name]).read_text(encoding="utf-8") == source(name)


def test_schemas_are_written_in_our_layout(cli: Cli, tmp_path: Path) -> None:
    """A folder gets all of them, where a "$schema" beside it finds them."""
    assert cli("schema", "-o", ".").code == 0
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.json")} == set(PLACES.values())
    assert cli("schema", "skeleton").out == (tmp_path / PLACES["skeleton"]).read_text(encoding="utf-8")
    assert "exists" in cli("schema", "-o", ".").complaint


def test_the_doctor_never_shows_a_value(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are set or not set."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    ran = cli("doctor")
    assert ran.code == 0
    assert "SLACK_BOT_TOKEN\tset" in ran.out
    assert "OPENAI_API_KEY\tnot set" in ran.out
    assert "very-secret" not in ran.out


def test_the_doctor_finds_a_broken_user_folder(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there is configuration, exit code 2."""
    monkeypatch.setenv("SLACKINCIDENTS_HOME", str(tmp_path / "nowhere"))
    ran = cli("doctor")
    assert ran.code == 2
    assert "nowhere is not a folder" in ran.out


def test_the_doctor_finds_broken_data(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A services file that names nobody's colleague is told with its place."""
    monkeypatch.setenv("SLACKINCIDENTS_HOME", str(tmp_path))
    shutil.copytree(ROOT / "personas", tmp_path / "personas")
    services = tmp_path / "personas" / "services.json"
    services.write_text(services.read_text(encoding="utf-8").replace('"alice"', '"alise"'), encoding="utf-8")
    ran = cli("doctor")
    assert ran.code == 2
    assert "no person 'alise'" in ran.out


def test_version_and_help(cli: Cli) -> None:
    """The version is the package's; without a verb there is help, and exit code 2."""
    assert cli("--version").out == f"slackincidents {__version__}\n"
    bare = cli()
    assert bare.code == 2
    for verb in ("generate", "validate", "export", "scenarios", "personas", "services", "schema", "doctor"):
        assert f" {verb} " in bare.out
        helped = cli(verb, "--help")
        assert (helped.code, helped.err) == (0, "")


def test_as_a_module(program: Cli) -> None:
    """`python -m slackincidents` is the same program."""
    assert program("--version").out == f"slackincidents {__version__}\n"


def test_output_is_utf8_whatever_the_locale(program: Cli) -> None:
    """A C locale and an ASCII stdout do not spoil a transcript."""
    ran = program("generate", "cache-failure", "--format", "text", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.code, ran.err) == (0, "")
    assert "─" in ran.out
