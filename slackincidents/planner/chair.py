"""The empty seat while a drill runs: what rings, what the room expects, and what the person in it does."""

from __future__ import annotations

from dataclasses import dataclass, field

from slackincidents.planner.kernel import Strand
from slackincidents.planner.line import Line, Place
from slackincidents.schema.acts import Act
from slackincidents.schema.seat import Move, Order

DUTIES = (Act.UPDATE, Act.RESOLVE, Act.HANDOFF, Act.EXECUTE)
"""What the room expects of the one in the seat without having asked."""


@dataclass(eq=False)
class Ring:
    """A page that rings and waits for the person in the seat."""

    person: str
    service: str
    sent: float
    strand: Strand
    answered: bool | None = None


@dataclass(eq=False)
class Cue:
    """A line that the room expects of the seat; `text` is what was said instead of it."""

    line: Line
    place: Place
    opened: float
    until: float
    strand: Strand
    text: str | None = None
    closed: bool = False
    lapsed: bool = False

    @property
    def expected(self) -> bool:
        """True when others wait for it: an answer to somebody, or a duty."""
        return self.line.answers is not None or self.line.act in DUTIES


@dataclass(eq=False)
class Insistence:
    """Somebody objected to what the seat is about to do: do it all the same, or let it be."""

    action: str
    strand: Strand
    insisted: bool = False


@dataclass(eq=False)
class Chair:
    """The seat of one run. A shadow sits as the simulation would, and writes down what it did."""

    shadow: bool = False
    handle: str | None = None
    outage: float | None = None
    ringing: Ring | None = None
    cues: list[Cue] = field(default_factory=list)
    objection: Insistence | None = None
    moves: list[Move] = field(default_factory=list)

    def holds(self, handle: str) -> bool:
        """True when that person is the one in the seat."""
        return handle == self.handle

    def decides(self, handle: str) -> bool:
        """True when the person in the seat decides, not the simulation."""
        return not self.shadow and self.holds(handle)

    def note(self, handle: str, order: Order, at: float) -> None:
        """Write down what the simulation did in the seat at that moment, if this is its shadow."""
        if self.shadow and self.holds(handle):
            self.moves.append(Move(at=at, order=order))

    @property
    def open_cues(self) -> tuple[Cue, ...]:
        """What can be said now on cue, the latest last."""
        return tuple(cue for cue in self.cues if not cue.closed)
