"""`slackincidents generate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_stdout_is_json_when_piped(cli: Cli) -> None:
    """Piped, the data is an incident file and stderr is silent."""
    ran = cli("generate", "cache-failure", "--seed", 3)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["scenario_id"] == "cache-failure-3"


def test_text_on_a_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person gets a transcript."""
    monkeypatch.setattr("slackincidents.cli.output.on_terminal", lambda: True)
    out = cli("generate", "cache-failure", "--seed", 3).out
    assert out.startswith("Recommendation cache failure\n")


def test_the_same_call_gives_the_same_bytes(cli: Cli, program: Cli) -> None:
    """Another process, with another hash seed, writes the very same file."""
    words = ("generate", "payment-failure", "--seed", 4)
    assert cli(*words).out == program(*words, PYTHONHASHSEED="77").out


@pytest.mark.parametrize(
    ("name", "start"), [("x.json", "{"), ("x.md", "#"), ("x.html", "<!doctype html>"), ("x.txt", "Recommendation")]
)
def test_the_ending_chooses_the_format(cli: Cli, tmp_path: Path, name: str, start: str) -> None:
    """Without --format the name of the file says what it is; only that file is written."""
    ran = cli("generate", "cache-failure", "-o", name)
    assert (ran.code, ran.out, ran.err) == (0, "", f"wrote {name}\n")
    assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(start.lower())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_format_option_wins(cli: Cli, tmp_path: Path) -> None:
    """--format is obeyed whatever the file is called."""
    assert cli("generate", "cache-failure", "--format", "text", "-o", "notes.log").code == 0
    assert (tmp_path / "notes.log").read_text(encoding="utf-8").startswith("Recommendation cache failure")


def test_variants_are_what_their_seeds_make(cli: Cli, tmp_path: Path) -> None:
    """A folder holds one file a variant, and each can be made again alone."""
    ran = cli("generate", "high-cpu", "--seed", 10, "--variants", 3, "-o", "out")
    assert (ran.code, ran.err) == (0, "wrote 3 files to out\n")
    made = sorted(path.name for path in (tmp_path / "out").glob("*.json"))
    assert made == [f"high-cpu-{n}.json" for n in (10, 11, 12)]
    alone = cli("generate", "high-cpu", "--seed", 12).out
    assert (tmp_path / "out" / "high-cpu-12.json").read_text(encoding="utf-8") == alone


def test_variants_on_stdout_are_one_a_line(cli: Cli) -> None:
    """Several incidents pipe as JSON Lines."""
    lines = cli("generate", "high-cpu", "--seed", 10, "--variants", 3).out.splitlines()
    assert [json.loads(line)["scenario_id"] for line in lines] == ["high-cpu-10", "high-cpu-11", "high-cpu-12"]


def test_random_is_chosen_by_the_seed(cli: Cli) -> None:
    """The same seed picks the same scenario; over some seeds there are several."""
    words = ("generate", "random", "--variants", 6, "--pace", "brief", "--seed", 1)
    first, second = cli(*words).out, cli(*words).out
    assert first == second
    assert len({json.loads(line)["scenario_type"] for line in first.splitlines()}) > 2


def test_engineers_and_start_time_are_obeyed(cli: Cli) -> None:
    """Who is on call and when it begins can be said; a repeated service adds people."""
    crew = ("--engineers", "recommendation=@bob", "--engineers", "recommendation=alice")
    made = json.loads(cli("generate", "cache-failure", "--start-time", "2024-12-11T15:00:00+01:00", *crew).out)
    assert made["services"]["recommendation"]["engineers"] == ["bob", "alice"]
    assert made["start_time"] == "2024-12-11T15:00:00+01:00"


def test_brief_is_short(cli: Cli) -> None:
    """A brief incident is over in minutes."""
    made = json.loads(cli("generate", "cache-failure", "--pace", "brief").out)
    assert made["timeline"][-1]["offset_seconds"] < 15 * 60


def test_force_overwrites(cli: Cli, tmp_path: Path) -> None:
    """--force, and nothing less, replaces a file."""
    target = tmp_path / "x.json"
    target.write_text("mine", encoding="utf-8")
    assert cli("generate", "cache-failure", "-o", "x.json").code == 2
    assert target.read_text(encoding="utf-8") == "mine"
    assert cli("generate", "cache-failure", "-o", "x.json", "--force").code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["scenario_type"] == "cache-failure"


def test_one_taken_name_stops_all_before_any_work(cli: Cli, tmp_path: Path) -> None:
    """When the third of three files exists, the first two are not written either."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "high-cpu-12.json").write_text("mine", encoding="utf-8")
    assert cli("generate", "high-cpu", "--seed", 10, "--variants", 3, "-o", "out").code == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["high-cpu-12.json"]


def test_own_people(cli: Cli, tmp_path: Path, library_people: dict[str, object]) -> None:
    """--personas replaces the people."""
    person = library_people["alice"]
    assert isinstance(person, dict)
    person["name"] = "Alix Chen"
    (tmp_path / "people.json").write_text(json.dumps(library_people), encoding="utf-8")
    assert cli("generate", "cache-failure", "--personas", "people.json").code == 0
    assert "Alix Chen" in cli("personas", "alice", "--personas", "people.json").out


def test_a_device_is_written_to_not_replaced(cli: Cli) -> None:
    """/dev/null stays a device, even with --force."""
    assert cli("generate", "cache-failure", "-o", "/dev/null", "--force").code == 0
    assert not Path("/dev/null").is_file()
