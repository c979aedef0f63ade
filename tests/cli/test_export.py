"""`slackincidents export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.library import data_root
from tests.cli.conftest import Cli


def test_json_comes_back_unchanged(cli: Cli, made: Path) -> None:
    """Reading and writing again loses nothing."""
    assert cli("export", made, "--to", "json").out == made.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["json", "markdown", "html", "text"])
def test_without_labels_nothing_gives_the_cause_away(cli: Cli, made: Path, form: str) -> None:
    """--labels drop takes the key, the seed and the summary out of every format."""
    skeleton = json.loads((data_root() / "scenarios/skeletons/cache-failure.json").read_text(encoding="utf-8"))
    kept = cli("export", made, "--to", form).out
    dropped = cli("export", made, "--to", form, "--labels", "drop").out
    plain = skeleton["root_cause"]["plain"]
    assert plain in kept or form == "text"
    assert plain not in dropped
    assert skeleton["description"] not in dropped
    assert skeleton["root_cause"]["mechanism"] not in dropped


def test_labels_leave_the_file(cli: Cli, made: Path) -> None:
    """Without them it is still an incident, with the same timeline."""
    assert cli("export", made, "-o", "blind.json", "--labels", "drop").code == 0
    blind, whole = (json.loads(made.with_name(name).read_text()) for name in ("blind.json", "made.json"))
    assert {"labels", "provenance", "description"}.isdisjoint(blind)
    assert blind["timeline"] == whole["timeline"]
    assert cli("validate", "blind.json").code == 0


def test_several_files_go_to_a_folder(cli: Cli, made: Path, tmp_path: Path) -> None:
    """One page each, named after its file."""
    cli("generate", "high-cpu", "-o", "other.json")
    assert cli("export", "made.json", "other.json", "--to", "html", "-o", "pages").code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["made.html", "other.html"]


def test_two_files_of_one_name_do_not_share_a_page(cli: Cli, made: Path, tmp_path: Path) -> None:
    """The second would overwrite the first; it is refused before anything is written."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "made.json").write_bytes(made.read_bytes())
    ran = cli("export", "made.json", "more/made.json", "--to", "md", "-o", "pages")
    assert ran.code == 2
    assert "made.md" in ran.complaint
    assert not (tmp_path / "pages").exists()


def test_one_unreadable_file_writes_none(cli: Cli, made: Path, tmp_path: Path) -> None:
    """Files are read before the first is written."""
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert cli("export", "made.json", "bad.json", "--to", "md", "-o", "pages").code == 2
    assert not (tmp_path / "pages").exists()


def test_a_slack_export_goes_both_ways(cli: Cli, made: Path, tmp_path: Path) -> None:
    """The ZIP is chosen by its ending or by name; each verb takes it like the file it was made of."""
    assert cli("export", made, "-o", "one.zip").err == "wrote one.zip\n"
    assert cli("export", made, "--to", "slack-export", "-o", "two.slack").code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.slack").read_bytes()
    assert cli("export", "one.zip", "--to", "json").out == made.read_text(encoding="utf-8")
    assert cli("validate", "one.zip").out == "one.zip: clean\n"
    assert cli("export", "one.zip", "--to", "html", "-o", "page.html").code == 0
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_several_incidents_share_one_export(cli: Cli, made: Path, tmp_path: Path) -> None:
    """All go into one ZIP; out of it each becomes a file named after its scenario, and each is checked."""
    cli("generate", "high-cpu", "-o", "other.json")
    assert cli("export", "made.json", "other.json", "-o", "both.zip").code == 0
    assert cli("export", "both.zip", "--to", "md", "-o", "pages").code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["cache-failure-3.md", "high-cpu-0.md"]
    checked = cli("validate", "both.zip")
    assert (checked.code, sorted(checked.out.splitlines())) == (
        0,
        ["both.zip#cache-failure-3: clean", "both.zip#high-cpu-0: clean"],
    )
    assert cli("export", "both.zip", "-o", "again.zip").code == 0
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "both.zip").read_bytes()


@pytest.mark.parametrize("name", ["out.json", "out.html", "out.zip"])
def test_labels_can_go_to_a_file_of_their_own(cli: Cli, made: Path, tmp_path: Path, name: str) -> None:
    """--labels separate writes what drop writes, and the whole answer key beside it."""
    whole = json.loads(made.read_text(encoding="utf-8"))
    assert cli("export", made, "-o", name, "--labels", "separate").err.splitlines() == [
        f"wrote {name}",
        "wrote out.answers.json",
    ]
    assert cli("export", made, "-o", f"blind-{name}", "--labels", "drop").code == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"blind-{name}").read_bytes()
    (answers,) = json.loads((tmp_path / "out.answers.json").read_text(encoding="utf-8"))["incidents"]
    assert answers["scenario_id"] == whole["scenario_id"]
    assert {part: answers[part] for part in ("labels", "provenance", "description")} == {
        part: whole[part] for part in ("labels", "provenance", "description")
    }


@pytest.mark.parametrize(
    "form", [("--to", "slack-export"), ("--to", "slack-export", "-o", "-"), ("-o", "x.zip", "--force")]
)
def test_what_an_export_cannot_be(cli: Cli, made: Path, tmp_path: Path, form: tuple[str, ...]) -> None:
    """A ZIP has no place on standard output or over a folder."""
    (tmp_path / "x.zip").mkdir()
    ran = cli("export", made, *form)
    assert (ran.code, ran.out) == (2, "")
    assert "Name it: -o incidents.zip" in ran.complaint


def test_nothing_is_written_when_anything_is_there(cli: Cli, made: Path, tmp_path: Path) -> None:
    """Neither the export nor the answers are overwritten without --force, and one does not go without the other."""
    (tmp_path / "x.answers.json").write_text("mine")
    for name in ("x.zip", "x.json"):
        ran = cli("export", made, "-o", name, "--labels", "separate")
        assert (ran.code, ran.complaint.split(" exists")[0]) == (2, "x.answers.json")
        assert not (tmp_path / name).exists()
        assert cli("export", made, "-o", name, "--labels", "separate", "--force").code == 0
        (tmp_path / "x.answers.json").write_text("mine")
    assert cli("export", made, "-o", "x.zip").complaint.startswith("x.zip exists")


def test_answers_need_a_file(cli: Cli, made: Path) -> None:
    """Two files do not fit on standard output."""
    ran = cli("export", made, "--to", "json", "--labels", "separate")
    assert (ran.code, ran.out) == (2, "")
    assert "-o PATH" in ran.complaint


def test_telling_metadata_goes_with_the_labels(cli: Cli, tmp_path: Path) -> None:
    """Files of the seed's dialect tell the cause in their metadata; drop takes that out as well."""
    told = {"severity": "SEV-2", "root_cause": "a flag", "resolution": "flag off", "tags": ["feature-flag"]}
    record = {
        "scenario_id": "a", "scenario_type": "b", "title": "c", "start_time": "2024-12-11T11:15:00Z", "services": {},
        "timeline": [{"type": "message", "offset_seconds": 0, "channel": "#ops", "user": "bob", "content": "hi"}],
        "metadata": told,
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(record), encoding="utf-8")
    assert json.loads(cli("export", "a.json", "--to", "json", "--labels", "drop").out)["metadata"] == {
        "severity": "SEV-2"
    }
    assert cli("export", "a.json", "-o", "a.zip").code == 0
    assert json.loads(cli("export", "a.zip", "--to", "json").out)["metadata"] == told


@pytest.mark.parametrize("verb", ["validate", "export"])
def test_a_bad_archive_is_one_line(cli: Cli, tmp_path: Path, verb: str) -> None:
    """A ZIP that is none, and a folder that is no export."""
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and then nothing")
    assert "cannot be unpacked" in cli(verb, "bad.zip").complaint
    assert "is a folder" in cli(verb, tmp_path).complaint


@pytest.mark.parametrize("labels", ["drop", "separate"])
def test_blind_files_have_blind_names_and_go_on_working(cli: Cli, made: Path, tmp_path: Path, labels: str) -> None:
    """In a folder no file is named after the scenario, and validate, eval, stats and post take what is in it."""
    assert cli("generate", "high-cpu", "-o", "high-cpu-0.json").code == 0
    assert cli("export", "made.json", "high-cpu-0.json", "-o", "blind/", "--labels", labels).code == 0
    written = sorted(path for path in (tmp_path / "blind").iterdir() if "answers" not in path.name)
    assert len(written) == 2
    for path in written:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["scenario_id"] == path.stem
        assert told["scenario_type"] == "incident"
        assert "high-cpu" not in path.read_text(encoding="utf-8").split('"timeline"')[0]
        assert cli("validate", path).code == 0
        assert cli("post", path, "--dry-run").code == 0
    assert cli("stats", *written).code == 0
    assert cli("eval", *written).code == 0
