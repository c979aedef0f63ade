"""When the pager goes from one hand to the next, and what the next one has to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from slackincidents.drills.commands import HandOver
from slackincidents.drills.rota import Rota
from slackincidents.drills.schedule import Why, on_call, spans
from slackincidents.drills.stage import Fate, Pager, Stage

ACTIVE = (Stage.ACKNOWLEDGED, Stage.TRIAGED, Stage.MITIGATED)
"""Stages in which somebody has an incident that can be handed over."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One primary follows another at a moment in UTC; None on one side is a gap or quiet hours."""

    at: datetime
    outgoing: str | None
    incoming: str | None
    why: Why


def handoffs(rota: Rota, start: datetime, end: datetime) -> Iterator[Handoff]:
    """Every change of the primary after `start` and before `end`, in order."""
    for before, after in pairwise(spans(rota, start, end)):
        if before.watch.primary != after.watch.primary:
            yield Handoff(after.starts, before.watch.primary, after.watch.primary, after.watch.why)


def hand_over(state: Pager, rota: Rota, at: datetime) -> HandOver | None:
    """The command that gives an open incident to whoever is on call at `at`; None when there is no need or nobody."""
    incoming = on_call(rota, at).primary
    if state.stage not in ACTIVE or state.owner is None or incoming in (None, state.owner):
        return None
    return HandOver(by=state.owner, to=incoming) if incoming else None


def note(state: Pager) -> tuple[str, ...]:
    """What whoever takes over an incident has to know, a line each: stage, people, pages without an answer."""
    lines = [f"{state.severity or 'no severity yet'}, {state.stage}, with {state.owner or 'nobody'}"]
    if state.alerts > 1:
        lines.append(f"{state.alerts} alerts of it so far")
    if state.joined:
        lines.append(f"also on it: {', '.join(state.joined)}")
    asked = [state.pages[number].person for number in state.open_pages]
    if asked:
        lines.append(f"paged, no answer yet: {', '.join(asked)}")
    silent = dict.fromkeys(page.person for page in state.pages if page.fate is Fate.EXPIRED)
    absent = [person for person in silent if person not in (state.owner, *state.joined, *asked)]
    if absent:
        lines.append(f"did not answer: {', '.join(absent)}")
    return tuple(lines)
