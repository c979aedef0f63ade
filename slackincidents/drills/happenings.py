"""What a drill has to show: each a value, with the moment in seconds from the first failure."""

from __future__ import annotations

from dataclasses import dataclass

from slackincidents.schema.plan import Beat


@dataclass(frozen=True, slots=True)
class Happening:
    """The base of all."""

    at: float


@dataclass(frozen=True, slots=True)
class Said(Happening):
    """Something new stands in a channel that the person in the seat can read."""

    beat: Beat


@dataclass(frozen=True, slots=True)
class Reacted(Happening):
    """Somebody put an emoji under a message that the person in the seat can read."""

    beat: Beat
    emoji: str
    by: str


@dataclass(frozen=True, slots=True)
class Rang(Happening):
    """The pager rings: it is for this person, at this level of the policy, counted from 0."""

    person: str
    service: str
    level: int


@dataclass(frozen=True, slots=True)
class Seated(Happening):
    """The page was acknowledged: from now on the person in the seat is this one."""

    person: str


@dataclass(frozen=True, slots=True)
class Found(Happening):
    """A search came to its end: what was found is known to the seat, and to nobody else yet."""

    clue: str


@dataclass(frozen=True, slots=True)
class Expected(Happening):
    """Others wait for a line: `take` says it as suggested, `say` in own words. `asked` is the beat it answers."""

    suggestion: str
    asked: str | None


@dataclass(frozen=True, slots=True)
class Objected(Happening):
    """Somebody is against an action: order it again to do it all the same, `take` to let it be."""

    action: str


@dataclass(frozen=True, slots=True)
class Took(Happening):
    """An action has taken effect, for better or worse."""

    action: str
    effect: str


@dataclass(frozen=True, slots=True)
class FiredAgain(Happening):
    """It was not over."""


@dataclass(frozen=True, slots=True)
class Over(Happening):
    """The drill has ended: resolved, left open, or nobody answered (a major outage)."""

    outcome: str


RESOLVED, LEFT_OPEN, OUTAGE = "resolved", "left open", "major outage"
