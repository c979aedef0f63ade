"""The picture and the lines that show where a posting stands."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from slackincidents.cli.posting_view import Lines, Picture
from slackincidents.clock import FakeClock
from slackincidents.schema.delivery import Progress, State, Step

LAST = Step(index=0, at=0, channel="cache", handle="alice", name="Alice Chen", text="looking\n[bold]now[/bold]\x1b[31m")
NEXT = Step(index=1, at=95, channel="shop", handle="bob", name="Bob Smith", text="here too")


def stands(state: State = "waiting", posted: int = 1, due: float | None = 95.0, note: str = "") -> Progress:
    """One of two messages is posted, the next comes in 95 seconds."""
    at = None if due is None else FakeClock().now() + due
    return Progress(
        incident="cache-1", state=state, posted=posted, total=2, last=LAST, following=NEXT, due=at, note=note
    )


def drawn(picture: Picture) -> str:
    """The picture as a terminal shows it."""
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(picture.drawn())
    return console.export_text()


def test_the_picture_says_what_comes_next_and_when() -> None:
    """Count, last message on one line without control characters, who is next, where, and in how long."""
    clock = FakeClock()
    picture = Picture(clock)
    picture.progress(stands())
    shown = drawn(picture)
    assert "cache-1" in shown
    assert "1/2" in shown
    assert "last  Alice Chen in #cache: looking [bold]now[/bold]" in shown
    assert "\x1b" not in shown
    assert "next  Bob Smith in #shop in 1 min 35 s" in shown
    clock.advance(60)
    assert "next  Bob Smith in #shop in 35 s" in drawn(picture)
    clock.advance(60)
    assert "next  Bob Smith in #shop now" in drawn(picture)


def test_the_picture_shows_several_incidents() -> None:
    """Each has its own part."""
    picture = Picture(FakeClock())
    picture.progress(stands())
    picture.progress(stands().model_copy(update={"incident": "kafka-2"}))
    assert drawn(picture).count("1/2") == 2


def test_lines_come_once_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal each message has a line, and what holds it up has one."""
    lines = Lines(FakeClock())
    for progress in (
        stands("posting"),
        stands("waiting"),
        stands("limited", note="asked to wait 30 s"),
        stands("limited", note="asked to wait 30 s"),
        stands("posting", posted=2, due=None),
    ):
        lines.progress(progress)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert said[0].startswith("cache-1: 1 of 2 posted; Alice Chen in #cache: looking")
    assert said[0].endswith("next Bob Smith in #shop in 1 min 35 s")
    assert said[1] == "cache-1: 1 of 2 posted; asked to wait 30 s"
    assert said[2].startswith("cache-1: 2 of 2 posted")
