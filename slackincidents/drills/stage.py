"""What is known about an incident and its pages at one moment, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from slackincidents.drills.escalation import Policy
from slackincidents.schema.skeleton import Severity


class Stage(StrEnum):
    """How far the incident is. `UNANSWERED`: all were paged, nobody came; `QUIET`: nothing has gone off."""

    QUIET = "quiet"
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    UNANSWERED = "unanswered"


WAITING = (Stage.TRIGGERED, Stage.REOPENED)
"""Stages in which pages are out and nobody has it yet."""

_OPEN_ENDED = (Stage.ACKNOWLEDGED, Stage.TRIAGED, Stage.MITIGATED)
_IN_HAND = ("triage", "mitigate", "resolve", "hand-over", "call-in")
_STEPS = {
    Stage.QUIET: (),
    Stage.TRIGGERED: ("acknowledge", "ignore", "resolve"),
    Stage.ACKNOWLEDGED: _IN_HAND,
    Stage.TRIAGED: _IN_HAND,
    Stage.MITIGATED: ("triage", "resolve", "hand-over", "call-in"),
    Stage.RESOLVED: ("reopen",),
    Stage.REOPENED: ("acknowledge", "ignore", "resolve"),
    Stage.UNANSWERED: ("acknowledge", "resolve", "reopen"),
}


class Fate(StrEnum):
    """What became of a page."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Page:
    """One page to one person. Its number is its place in `Pager.pages`; `due` is when it expires."""

    person: str
    level: int
    lap: int
    sent_at: float
    due: float
    fate: Fate = Fate.OPEN
    closed_at: float | None = None
    called_in_by: str | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """The state: never changed, only followed by another. Moments are seconds since 1970."""

    policy: Policy
    stage: Stage = Stage.QUIET
    at: float = 0.0
    severity: Severity | None = None
    owner: str | None = None
    joined: tuple[str, ...] = ()
    level: int = 0
    lap: int = 0
    alerts: int = 0
    pages: tuple[Page, ...] = ()

    @property
    def waiting(self) -> bool:
        """True while pages of the policy are out and nobody has it."""
        return self.stage in WAITING

    @property
    def open_pages(self) -> tuple[int, ...]:
        """The numbers of the pages that are neither answered, expired nor cancelled."""
        return tuple(number for number, page in enumerate(self.pages) if page.fate is Fate.OPEN)

    @property
    def due(self) -> float | None:
        """When the next open page expires: the latest moment for the next `Tick`."""
        return min((self.pages[number].due for number in self.open_pages), default=None)

    def page_to(self, person: str) -> int | None:
        """The number of the open page to somebody."""
        return next((number for number in self.open_pages if self.pages[number].person == person), None)


def possible(state: Pager) -> tuple[str, ...]:
    """The kinds of command that make sense now."""
    steps = list(_STEPS[state.stage])
    if state.waiting and state.policy.after(state.level, state.lap):
        steps.append("escalate")
    if state.stage in _OPEN_ENDED and state.open_pages:
        steps += ["acknowledge", "ignore"]
    if state.stage is not Stage.RESOLVED:
        steps.append("trigger")
    return (*steps, "tick")
