"""How much people differ in how they type: the deviation between speakers, noise removed.

For every speaker of eight lines or more in the set: the share of lines that begin in lower case, the share that end
with a mark, the mean log of characters. The variance between speakers less the mean variance that lines alone would
give (Cochran's moment estimate); its root, 0 where noise explains it. A name is one person throughout the set.
Bootstrap over speakers. Real chat: casing, end punctuation and log length of .12, .15 and .15 or more (check 13).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from slackincidents.realism.base import Evidence, Reading, Score, collect
from slackincidents.realism.bootstrap import NONE, Bootstrap, Floats, Interval, interval
from slackincidents.realism.lexicon import END_MARK
from slackincidents.realism.surface import first_letter
from slackincidents.realism.tallies import Name
from slackincidents.realism.wording import Wording

FEWEST_LINES = 8
FEWEST_SPEAKERS = 2


@dataclass
class Habit:
    """Of one speaker: how many lines, their sum, and the sum of their squares."""

    lines: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Count one line."""
        self.lines += 1
        self.total += value
        self.squares += value * value

    @property
    def mean(self) -> float:
        """The average line."""
        return self.total / self.lines

    @property
    def noise(self) -> float:
        """The variance of the average, were all lines drawn by chance."""
        spread = max(self.squares / self.lines - self.mean**2, 0.0)
        return spread / (self.lines - 1)


@dataclass
class Spread:
    """Keeps a few sums a speaker."""

    casing: dict[str, Habit] = field(default_factory=dict)
    ending: dict[str, Habit] = field(default_factory=dict)
    length: dict[str, Habit] = field(default_factory=dict)

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        for line, said in zip(reading.talk.lines, reading.wordings, strict=True):
            self._count(line.speaker, said)

    def _count(self, speaker: str, said: Wording) -> None:
        letter = first_letter(said)
        if letter:
            self.casing.setdefault(speaker, Habit()).add(letter.islower())
        self.ending.setdefault(speaker, Habit()).add(bool(END_MARK.search(said.tail)))
        self.length.setdefault(speaker, Habit()).add(math.log(max(len(said.text), 1)))

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The three deviations."""
        return (
            _score("spread_casing", "between-speaker SD: casing", self.casing, boot),
            _score("spread_ending", "between-speaker SD: end punctuation", self.ending, boot),
            _score("spread_length", "between-speaker SD: log length", self.length, boot),
        )


def between(habits: Sequence[Habit]) -> float | None:
    """The deviation between speakers beyond noise; None for fewer than two."""
    if len(habits) < FEWEST_SPEAKERS:
        return None
    means = [habit.mean for habit in habits]
    centre = sum(means) / len(means)
    seen = sum((mean - centre) ** 2 for mean in means) / (len(means) - 1)
    return math.sqrt(max(seen - sum(habit.noise for habit in habits) / len(habits), 0.0))


def _score(name: str, title: str, habits: dict[str, Habit], boot: Bootstrap) -> Score:
    kept = {speaker: habit for speaker, habit in habits.items() if habit.lines >= FEWEST_LINES}
    ranked = sorted(kept, key=lambda speaker: (kept[speaker].mean, speaker))
    shown = [
        Evidence(incident="", note=f"{speaker}: {kept[speaker].mean:.2f} over {kept[speaker].lines} lines")
        for speaker in dict.fromkeys((*ranked[:1], *ranked[-1:]))
    ]
    values = list(kept.values())
    return Name(name, title, "spread").score(between(values), _interval(values, boot), len(kept), shown)


def _interval(habits: Sequence[Habit], boot: Bootstrap) -> Interval:
    if len(habits) < FEWEST_SPEAKERS:
        return NONE
    weights = boot.weights(len(habits)).astype(float)
    means, noise = np.array([h.mean for h in habits]), np.array([h.noise for h in habits])
    size = len(habits)
    centre: Floats = weights @ means / size
    seen = (weights @ means**2 - size * centre**2) / (size - 1)
    return interval(np.sqrt(np.maximum(seen - weights @ noise / size, 0.0)))


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Deviations between speakers."""
    return collect(Spread(), readings, boot or Bootstrap())
