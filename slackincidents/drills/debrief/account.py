"""A session as a debrief reads it: its moments on the debrief's clock, and what the seat knew when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from slackincidents.drills.debrief.moments import (
    acknowledged_at,
    cause_known_at,
    first_alert,
    known_at,
    resolution,
    start_of,
)
from slackincidents.drills.debrief.notes import Notes
from slackincidents.drills.session import Session
from slackincidents.planner.world import World
from slackincidents.schema.plan import Beat
from slackincidents.schema.seat import Order, Triage
from slackincidents.schema.skeleton import Severity, Skeleton
from slackincidents.tellings import SLOT, expand

Kind = TypeVar("Kind", bound=Order)

WHOLE_S = 1.0
"""Beats stand at whole seconds, orders do not: so much apart can be the same moment."""


@dataclass(frozen=True)
class Account:
    """One drill. Moments that come from the session are seconds from the first failure; `since` turns them."""

    session: Session
    notes: Notes

    @property
    def world(self) -> World:
        """The simulation: only read."""
        return self.session.world

    @property
    def skeleton(self) -> Skeleton:
        """What happened."""
        return self.session.skeleton

    @property
    def me(self) -> str | None:
        """The handle of the person in the seat; None when nobody answered."""
        return self.session.chair.handle

    @cached_property
    def start(self) -> float:
        """Where the debrief's clock starts; the present before anything fired."""
        begun = start_of(self.world)
        return self.session.now if begun is None else begun

    @property
    def began(self) -> bool:
        """Whether anything has gone off."""
        return start_of(self.world) is not None

    @property
    def no_alert(self) -> bool:
        """True when a user's report started the clock."""
        return self.began and first_alert(self.world) is None

    def since(self, at: float) -> int:
        """A moment on the debrief's clock."""
        return round(at - self.start)

    def maybe(self, at: float | None) -> int | None:
        """The same, where there may be none."""
        return None if at is None else self.since(at)

    @cached_property
    def acknowledged(self) -> float | None:
        """When the seat was filled."""
        return acknowledged_at(self.world, self.me)

    @cached_property
    def cause_known(self) -> float | None:
        """When the seat knew the cause."""
        return cause_known_at(self.world, self.me)

    @property
    def fixed(self) -> float | None:
        """When the fault was gone."""
        return self.world.trouble.fixed_at

    @cached_property
    def resolved(self) -> Beat | None:
        """The line that said so, if it was over."""
        return resolution(self.world)

    @cached_property
    def end(self) -> float:
        """When the drill ended, or was left. What is done after the last line of a closed incident does not count."""
        if self.session.chair.outage is not None:
            return self.session.chair.outage
        if self.world.trouble.resolved and self.session.over:
            return float(self.world.beats[-1].at)
        return self.session.now

    def knows(self, key: str) -> float | None:
        """When a clue or an alert, by its bare id, was known to the seat."""
        kind = "alert" if key in self.skeleton.alerts else "clue"
        return known_at(self.world, self.me, f"{kind}:{key}")

    def orders(self, kind: type[Kind]) -> Iterator[tuple[float, Kind]]:
        """The seat's orders of a kind, with their moments."""
        return ((move.at, move.order) for move in self.session.moves if isinstance(move.order, kind))

    def beat(self, name: str | None) -> Beat | None:
        """A beat by its id."""
        return next((beat for beat in self.world.beats if beat.id == name), None)

    def severity_at(self, at: float) -> Severity:
        """How bad the seat had called it by then; before that, as bad as the skeleton says."""
        from_seat = [order.severity for when, order in self.orders(Triage) if when <= at]
        return from_seat[-1] if from_seat else self.skeleton.severity

    def worded(self, telling: str) -> str:
        """A telling with the figures and names of this drill, and the first of every choice."""
        values = {**self.world.setting.figures, **self.world.setting.particulars}
        return SLOT.sub(lambda slot: values.get(slot[1], f"<{slot[1]}>"), next(expand(telling, 1)))
