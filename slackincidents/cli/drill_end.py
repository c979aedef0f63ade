"""How a drill ends: its transcript and its debrief, in its folder and on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from slackincidents.cli.drill_desk import Desk
from slackincidents.cli.terminal import note, progress
from slackincidents.drills import happenings as show
from slackincidents.drills.debrief import (
    DEBRIEF_FILE,
    Debrief,
    debrief,
    peers,
    read_history,
    to_html,
    to_markdown,
)
from slackincidents.drills.folder import INCIDENT
from slackincidents.pipeline import Workshop
from slackincidents.render.room import span

RESOLVED, UNRESOLVED = 0, 1


@dataclass(frozen=True)
class Ending:
    """A drill that is over or left, and what is wanted of it. `peers` are simulated responders to compare with."""

    desk: Desk
    workshop: Workshop
    debriefed: bool
    peers: int

    @cached_property
    def debrief(self) -> Debrief:
        """The debrief, beside simulated responders and the person's earlier drills. Made once, when it is over."""
        session, folder = self.desk.sitting.session, self.desk.sitting.folder
        with progress(self.peers, "simulating others in your seat") as step:
            others = peers(session, self.workshop.stage, self.peers, lambda _done, _count: step())
        history = read_history(
            folder.path.resolve().parent, scenario=session.request.scenario, leave_out=folder.path.resolve()
        )
        return debrief(session, self.desk.sitting.notes, peers=others, history=history)


def finish(ending: Ending) -> int:
    """Write what is to be written; the exit code. A drill that was left has nothing written, and can be taken up."""
    desk = ending.desk
    session, folder = desk.sitting.session, desk.sitting.folder
    if not desk.sitting.ended:
        note(f"left; slackincidents drill --resume {folder.path} goes on")
        return UNRESOLVED
    desk.sitting.end()
    if session.world.beats:
        incident = desk.wording.incident(session)
        found = ending.workshop.validate(incident).findings
        path = folder.write(INCIDENT, incident.to_json())
        if found:
            note(f"{path}: {len(found)} findings, the first: {found[0]}")
    if session.outcome != show.RESOLVED and session.outcome != show.OUTAGE:
        desk.screen.told("The incident is still active.", "bold red")
    if ending.debriefed:
        _debrief(ending)
    note(f"wrote {folder.path}")
    return RESOLVED if session.outcome == show.RESOLVED else UNRESOLVED


def _debrief(ending: Ending) -> None:
    desk, made = ending.desk, ending.debrief
    folder = desk.sitting.folder
    folder.write(DEBRIEF_FILE, made.to_json())
    folder.write("debrief.md", to_markdown(made))
    folder.write("debrief.html", to_html(made))
    desk.screen.panel("Debrief", _short(made))
    note(f"all of it: {folder.path / 'debrief.html'}, debrief.md")


def _short(made: Debrief) -> Iterator[str]:
    """The four times and the few sentences that somebody takes home."""
    for name in ("acknowledge", "diagnose", "mitigate", "resolve"):
        found = next(one for known, one in made.times.items() if known == name)
        yield f"{name:<12} {'-' if found.seconds is None else span(found.seconds):<14} {found.why or ''}".rstrip()
    for title, sentences in (("Went well:", made.well), ("Cost time:", made.cost), ("Try next:", made.next)):
        if sentences:
            yield title
            yield from (f"  - {sentence}" for sentence in sentences)
