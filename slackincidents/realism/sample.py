"""A bounded, seeded sample of a stream: what measures over whole sets of words look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from slackincidents.realism.base import Reading
from slackincidents.seeds import Seed

Item = TypeVar("Item")

MOST = 400
"""Readings that measures of words across a set look at."""

FEWEST_LINES = 8
"""Human lines that an incident needs to be measured."""

WORDS = "words"
"""The seed's child that draws the readings whose words are looked at."""


@dataclass
class Sample(Generic[Item]):
    """At most `most` items of a stream, each with the same chance; all of a short one, in the order they came."""

    seed: Seed
    most: int = MOST
    seen: int = 0
    _kept: dict[int, Item] = field(default_factory=dict)
    _places: list[int] = field(default_factory=list)
    _rng: Random | None = None

    def add(self, item: Item) -> bool:
        """Offer an item; whether it was taken."""
        self._rng = self._rng or self.seed.rng()
        place, self.seen = self.seen, self.seen + 1
        if len(self._places) < self.most:
            self._places.append(place)
        else:
            slot = self._rng.randrange(self.seen)
            if slot >= self.most:
                return False
            del self._kept[self._places[slot]]
            self._places[slot] = place
        self._kept[place] = item
        return True

    @property
    def items(self) -> tuple[Item, ...]:
        """What was kept, in the order it came."""
        return tuple(self._kept[place] for place in sorted(self._kept))


def pool(readings: Iterable[Reading], seed: Seed) -> tuple[Reading, ...]:
    """The readings whose words an evaluation would look at."""
    drawn = Sample[Reading](seed.child(WORDS))
    for reading in readings:
        if len(reading.talk.lines) >= FEWEST_LINES:
            drawn.add(reading.bare)
    return drawn.items
