"""`slackincidents oncall`: what a user types and sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents.cli import oncall
from slackincidents.clock import FakeClock
from slackincidents.library import Library
from tests.cli.conftest import Cli, cli
from tests.drills.test_wall import utc
from tests.source import ROOT

__all__ = ["cli"]

LAB = ROOT / "examples" / "lab-schedule.json"


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., Path]:
    """Write the lab's schedule with some text in it replaced."""

    def write(old: str = "", new: str = "") -> Path:
        text = LAB.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "mine.json"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_every_service_is_a_line(cli: Cli) -> None:
    """Without a name: service, primary, backup, until when, local time there; one line each, for a pipe."""
    ran = cli("oncall", "--at", "2026-07-30T12:00Z")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert [line[0] for line in lines] == list(Library().catalogue().services)
    assert lines[2] == [
        "recommendation",
        "priya",
        "alice",
        "Mon 2026-08-03 09:00-07:00",
        "Thu 2026-07-30 05:00-07:00 (America/Los_Angeles)",
    ]


def test_now_comes_from_the_clock(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --at it is now, whatever the clock says; a moment without a zone is UTC."""
    monkeypatch.setattr(oncall, "CLOCK", FakeClock(utc("2026-07-30T12:00").timestamp() + 0.5))
    assert cli("oncall").out == cli("oncall", "--at", "2026-07-30T12:00").out
    assert cli("oncall").out == cli("oncall", "--at", "2026-07-30T14:00+02:00").out


def test_one_service_in_full(cli: Cli) -> None:
    """A name shows who is paged in which order, what time it is there, and the next handoffs."""
    assert cli("oncall", "recommendation", "--schedule", LAB, "--at", "2026-07-31T10:00Z").out.splitlines() == [
        "service        recommendation",
        "at             Fri 2026-07-31 03:00-07:00",
        "primary        bob (Bob Smith), there it is Fri 2026-07-31 03:00-07:00",
        "backup         alice (Alice Chen), there it is Fri 2026-07-31 03:00-07:00",
        "why            shift",
        "until          Fri 2026-07-31 09:00-07:00",
        "paged in order bob, alice, charlie; 300 s each, once",
        "handoffs       Fri 2026-07-31 09:00-07:00 bob to alice",
        "               Fri 2026-07-31 17:00-07:00 alice to bob",
        "               Sat 2026-08-01 09:00-07:00 bob to alice",
        "               Sat 2026-08-01 17:00-07:00 alice to bob",
    ]


def test_json_has_the_same(cli: Cli) -> None:
    """All services are a list, one service an object; times carry their offsets."""
    every = json.loads(cli("oncall", "--at", "2026-07-30T12:00Z", "--format", "json").out)
    one = json.loads(cli("oncall", "cart", "--at", "2026-07-30T12:00Z", "--format", "json").out)
    assert every["at"] == "2026-07-30T12:00+00:00"
    assert one in every["services"]
    assert one == {
        "service": "cart",
        "primary": "omar",
        "backup": "kate",
        "why": "shift",
        "until": "2026-08-03T09:00-04:00",
        "timezone": "America/New_York",
        "local_time": "2026-07-30T07:00-05:00",
        "local_timezone": "America/Chicago",
    }


def test_a_dumped_schedule_is_a_schedule(cli: Cli, tmp_path: Path) -> None:
    """What --dump prints can be given back as --schedule, and says the same."""
    (tmp_path / "ours.json").write_text(cli("oncall", "--dump").out, encoding="utf-8")
    assert cli("oncall", "--schedule", "ours.json", "--at", "2026-07-30").out == cli("oncall", "--at", "2026-07-30").out


def test_check_names_what_is_wrong(cli: Cli, stored: Callable[..., Path]) -> None:
    """Bob starts an hour late and goes home an hour late: a gap and an overlap, each named once, and exit code 1."""
    late = stored('"starts": "17:00", "ends": "09:00"', '"starts": "18:00", "ends": "10:00"')
    ran = cli("oncall", "--check", "--schedule", late, "--at", "2026-01-01T00:00-08:00")
    assert ran.code == 1
    assert [line.split("\t") for line in ran.out.splitlines()] == [
        [
            "recommendation",
            "overlap",
            "alice, bob",
            "Thu 2026-01-01 09:00-08:00",
            "Thu 2026-01-01 10:00-08:00",
            "366 times, last Fri 2027-01-01 09:00-08:00",
        ],
        [
            "recommendation",
            "gap",
            "nobody",
            "Thu 2026-01-01 17:00-08:00",
            "Thu 2026-01-01 18:00-08:00",
            "366 times, last Fri 2027-01-01 17:00-08:00",
        ],
    ]
    assert "nobody (gap)" in cli("oncall", "--schedule", late, "--at", "2026-01-01T17:30-08:00").out
    found = json.loads(cli("oncall", "--check", "--schedule", late, "--format", "json").out)["faults"]
    assert {fault["kind"] for fault in found} == {"gap", "overlap"}


def test_check_of_a_sound_schedule_says_nothing(cli: Cli) -> None:
    """Ours and the lab's have no fault: exit code 0, no line."""
    for words in ((), ("--schedule", LAB)):
        ran = cli("oncall", "--check", *words)
        assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("chekout",), 'Did you mean "checkout"'),
        (("--at", "tomorrow"), "--at 'tomorrow' is not a moment"),
        (("--at", "0001-01-01"), "out of range"),
        (("cart", "--schedule", LAB), "no rota for cart. It has: recommendation."),
        (("--schedule", "nowhere.json"), "nowhere.json does not exist"),
    ],
)
def test_a_mistake_is_one_line(cli: Cli, words: tuple[object, ...], part: str) -> None:
    """A wrong name, moment or file is the user's error, with a remedy."""
    ran = cli("oncall", *words)
    assert (ran.code, ran.out) == (2, "")
    assert part in ran.complaint


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('"bob"', '"bbo"', "no person 'bbo'. Did you mean \"bob\""),
        ('"recommendation"', '"recomendation"', "no service 'recomendation'. Did you mean \"recommendation\""),
        ("America/Los_Angeles", "America/Los_Angels", 'Did you mean "America/Los_Angeles"'),
        ("09:00", "9am", "rotas.0.primary.0.hours.0.starts"),
        ('"hours"', '"when"', "unknown field rotas.0.primary.0.when"),
        ("{", "", "is not JSON"),
    ],
)
def test_a_bad_file_is_named_with_place_and_remedy(
    cli: Cli, stored: Callable[..., Path], old: str, new: str, part: str
) -> None:
    """Whatever is wrong in a schedule file, the message says where and what to do."""
    ran = cli("oncall", "--schedule", stored(old, new))
    assert ran.code == 2
    assert part in ran.complaint
    assert "mine.json" in ran.complaint
