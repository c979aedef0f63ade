"""A drill on disk: cut off anywhere, it goes on where it was, and ends as if nothing had been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

SCRIPT = """
# Everything that is stored: orders, looks that find something and nothing, waits, hints, the runbook.
ack
help
severity SEV-2
look logs
@+30s tell
look traces redis
hint
nonsense
say is it the reports? @bob
runbook
restart
wait 2m
"""


@pytest.fixture
def whole(cli: Cli, tmp_path: Path) -> Path:
    """A drill that was played without a break."""
    (tmp_path / "script.txt").write_text(SCRIPT, encoding="utf-8")
    assert cli("drill", "--script", "script.txt", "-o", "whole", "--no-debrief").code == 0
    return tmp_path / "whole"


def copied(whole: Path, name: str, moves: bytes) -> Path:
    """The folder as it is when the program is killed after it has written so much."""
    folder = whole.parent / name
    folder.mkdir()
    (folder / "drill.json").write_bytes((whole / "drill.json").read_bytes())
    (folder / "moves.jsonl").write_bytes(moves)
    return folder


def cuts(moves: bytes) -> list[bytes]:
    """Killed after each line, and in the middle of every third."""
    lines = moves.splitlines(keepends=True)
    ends = [sum(map(len, lines[:count])) for count in range(len(lines) + 1)]
    return [moves[:end] for end in ends] + [moves[: end + 25] for end in ends[:-1:3]]


def test_killed_at_any_moment_it_ends_the_same(whole: Path, cli: Cli) -> None:
    """Whatever had reached the disk, the rest of the script leads to the same incident, byte for byte."""
    moves = (whole / "moves.jsonl").read_bytes()
    expected = (whole / "incident.json").read_bytes()
    for number, cut in enumerate(cuts(moves)):
        copied(whole, f"cut-{number}", cut)
        done = cli("drill", "--resume", f"cut-{number}", "--script", "script.txt", "--no-debrief")
        assert done.code == 0, done.err
        assert ("half-written" in done.err) == (not cut.endswith(b"\n") and bool(cut))
        assert (whole.parent / f"cut-{number}" / "incident.json").read_bytes() == expected, f"cut at {len(cut)}"
        again = (whole.parent / f"cut-{number}" / "moves.jsonl").read_bytes()
        assert again == moves, f"cut at {len(cut)}"


def test_the_transcript_is_an_ordinary_incident(whole: Path, cli: Cli) -> None:
    """It validates, rules that need the plan included, and can be exported like any other."""
    checked = cli("validate", whole / "incident.json")
    assert checked.code == 0, checked.out
    assert "skipped" not in checked.out + checked.err
    assert cli("export", whole / "incident.json", "--to", "markdown", "-o", "out.md").code == 0


def test_what_counts_is_counted(whole: Path, cli: Cli) -> None:
    """One hint, one look into the runbook, two looks: the debrief has them, also in a drill that was taken up."""
    folder = copied(whole, "left", (whole / "moves.jsonl").read_bytes())
    assert cli("drill", "--resume", "left", "--script", "script.txt", "--peers", 0).code == 0
    told = json.loads((folder / "debrief.json").read_text(encoding="utf-8"))
    assert len(told["hints"]) == 1
    assert len(told["runbook_opened"]) == 1
    assert {"debrief.md", "debrief.html", "incident.json"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("skeleton_sha256", "0" * 64, "the scenario has changed"),
        ("library_sha256", "0" * 64, "the library of people, services and phrases has changed"),
        ("version", "0.0.1", "the version of slackincidents has changed"),
        ("drill", 2, "moves of version 2, this is version 1"),
        ("limit_s", "long", "limit_s"),
    ],
)
def test_what_would_lead_elsewhere_is_refused(whole: Path, cli: Cli, field: str, value: object, said: str) -> None:
    """Another scenario, library or version plays other courses: one line says so, and nothing is touched."""
    folder = copied(whole, "other", (whole / "moves.jsonl").read_bytes())
    about = json.loads((folder / "drill.json").read_text(encoding="utf-8"))
    (folder / "drill.json").write_text(json.dumps({**about, field: value}), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    refused = cli("drill", "--resume", "other", "--script", "script.txt")
    assert refused.code == 2
    assert said in refused.complaint
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_broken_line_in_the_middle_is_refused(whole: Path, cli: Cli) -> None:
    """A half-written last line is what a kill leaves; one in the middle is another matter."""
    lines = (whole / "moves.jsonl").read_bytes().splitlines(keepends=True)
    copied(whole, "broken", b"".join([*lines[:2], b'{"at": "no"}\n', *lines[2:]]))
    refused = cli("drill", "--resume", "broken", "--script", "script.txt")
    assert refused.code == 2
    assert "line 3 is no move" in refused.complaint


def test_a_folder_that_is_taken_is_left_alone(whole: Path, cli: Cli) -> None:
    """A second drill does not go where one is kept, nor where other things are."""
    taken = cli("drill", "--script", "script.txt", "-o", "whole")
    assert taken.code == 2
    assert "--resume whole" in taken.complaint
    (whole.parent / "mine").mkdir()
    (whole.parent / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    assert cli("drill", "--script", "script.txt", "-o", "mine").code == 2
    assert cli("drill", "--resume", "mine", "--script", "script.txt").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--limit", "soon"), ("--speed", 2), ("--then-ask",), ("--start-time", "never"), ("--engineers", "redis=zed"),
        ("--engineers", "rediss=bob"), ("database-failur",), ("--script", "none.txt"), ("--resume", "none"),
        ("--resume", "whole", "--seed", 0, "cache-failure"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_in_one_line(whole: Path, cli: Cli, words: tuple[object, ...]) -> None:
    """A wrong option ends with exit 2 and a line, before a folder is made."""
    before = sorted(path.name for path in whole.parent.iterdir())
    script = () if "--script" in words else ("--script", "script.txt")
    done = cli("drill", *words, *script)
    assert (done.code, bool(done.complaint)) == (2, True)
    assert sorted(path.name for path in whole.parent.iterdir()) == before


@pytest.mark.parametrize(("line", "code"), [("@soon ack", 2), ("@25:00 ack", 2), ("@+x ack", 2), ("@+90s ack", 1)])
def test_a_script_can_wait_before_a_line(cli: Cli, tmp_path: Path, line: str, code: int) -> None:
    """A wait that makes no sense is refused with the line's number, before the drill begins."""
    (tmp_path / "one.txt").write_text(f"# first\n{line}\n", encoding="utf-8")
    done = cli("drill", "--script", "one.txt", "-o", "one", "--no-debrief")
    assert done.code == code
    if code == 2:
        assert "one.txt:2" in done.complaint
    else:
        first = json.loads((tmp_path / "one" / "moves.jsonl").read_text(encoding="utf-8").splitlines()[0])
        assert first["played"]["seconds"] == 90
