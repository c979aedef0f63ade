"""Playing a drill where time stands while the person thinks: from a script, from a pipe, at a prompt."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from slackincidents.cli.drill_desk import Desk
from slackincidents.drills.folder import Entry
from slackincidents.drills.lines import Wait
from slackincidents.drills.naming import SOURCES
from slackincidents.drills.script import Cue, read_script
from slackincidents.drills.sight import sight
from slackincidents.drills.sitting import BEFORE
from slackincidents.drills.typed import VERBS
from slackincidents.errors import UsageError
from slackincidents.files import read_text

try:
    import readline
except ImportError:  # not on every system; the prompt works without it
    readline = None  # type: ignore[assignment]

STDIN = "-"


def cues(script: str | None) -> Iterator[Cue]:
    """The lines of a script file, or of stdin as they come. Raises BadFile, UsageError."""
    if script in (None, STDIN):
        return read_script(_stdin(), "standard input")
    path = Path(script or "")
    return iter(tuple(read_script(read_text(path).splitlines(), str(path))))


def _stdin() -> Iterator[str]:
    try:
        yield from sys.stdin
    except UnicodeDecodeError:
        raise UsageError("standard input is not UTF-8 text", "Convert it first (iconv -t utf-8).") from None


def play_script(desk: Desk, script: Iterable[Cue], played: Sequence[Entry] = ()) -> bool:
    """Type a script, but for what was played of it before. False when the drill has ended meanwhile."""
    lines = [entry for entry in played if entry.line is not None]
    last = lines[-1] if lines else None
    for cue in script:
        waited = False
        if last is not None and last.line is not None:
            waited = cue.number == last.line and last.typed == BEFORE
            if cue.number < last.line or (cue.number == last.line and not waited):
                continue
        if not _type(desk, cue, waited=waited):
            return False
    return not desk.sitting.ended


def _type(desk: Desk, cue: Cue, *, waited: bool) -> bool:
    seconds = 0.0 if waited else cue.wait(desk.sitting.session.clock)
    if seconds:
        command = Wait(seconds=seconds)
        news = desk.give(command, BEFORE, cue.number)
        desk.display_all(desk.sitting.settle(command, news or ()))
    if desk.sitting.ended or not cue.text:
        return not desk.sitting.ended
    desk.screen.echo(f"{desk.prompt}{cue.text}")
    return desk.do(cue.text, cue.number)


def play_at_prompt(desk: Desk) -> bool:
    """Ask for one line after the other. False when the terminal was left with the drill still open."""
    if readline is not None:
        readline.set_completer(lambda start, count: _completed(desk, start, count))
        readline.parse_and_bind("tab: complete")
    while not desk.sitting.ended:
        try:
            typed = input(desk.prompt)
        except EOFError:
            return False
        except UnicodeDecodeError:
            desk.screen.complain("That was not UTF-8 text.")
            continue
        if not desk.do(typed.strip() or "wait"):
            desk.sitting.end()
    return True


def _completed(desk: Desk, start: str, count: int) -> str | None:
    """The `count`-th name that begins so, for the tab key."""
    known = sight(desk.sitting.session)
    names = (*VERBS, *known.actions, *SOURCES, *known.services, *known.people)
    found = sorted({name for name in names if name.startswith(start)})
    return found[count] if count < len(found) else None


def end_of_input(desk: Desk) -> None:
    """A script or a pipe has come to its end: what is under way takes effect, what is fixed is said to be over."""
    desk.display_all(desk.sitting.input_ended())
