"""What is kept of each incident, a few numbers, and the score it makes: a rate, a middle, a pool of values."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from slackincidents.realism.averages import mean, quantile, variation
from slackincidents.realism.base import MOST_EVIDENCE, Evidence, Reading, Score, quoted
from slackincidents.realism.bootstrap import NONE, Bootstrap, Interval, interval


@dataclass(frozen=True, slots=True)
class Name:
    """What a score is called, and by which measure."""

    name: str
    title: str
    measure: str

    def score(
        self, value: float | None, between: Interval = NONE, count: int = 0, evidence: Sequence[Evidence] = ()
    ) -> Score:
        """A score of this name."""
        low, high = between if value is not None else NONE
        return Score(
            name=self.name,
            title=self.title,
            measure=self.measure,
            value=value,
            low=low,
            high=high,
            count=count,
            evidence=tuple(evidence),
        )


def doubles() -> array[float]:
    """Eight bytes a number."""
    return array("d")


@dataclass
class Rate:
    """A sum over a sum: the lines with a mark over all lines. One pair a unit."""

    above: array[float] = field(default_factory=doubles)
    below: array[float] = field(default_factory=doubles)
    examples: list[Evidence] = field(default_factory=list)

    def add(self, above: float, below: float) -> None:
        """Count one incident."""
        self.above.append(above)
        self.below.append(below)

    def show(self, reading: Reading, line: int | None = None, note: str = "") -> None:
        """Keep an example, if there are not enough yet and it is of another incident."""
        if len(self.examples) < MOST_EVIDENCE and all(one.incident != reading.name for one in self.examples):
            self.examples.append(quoted(reading, line, note))

    @property
    def value(self) -> float | None:
        """The rate; None without anything below the line."""
        below = sum(self.below)
        return sum(self.above) / below if below else None

    def score(self, name: Name, boot: Bootstrap) -> Score:
        """The rate with its interval; the count is what stands below the line."""
        between = boot.ratio(self.above, self.below)
        return name.score(self.value, between, round(sum(self.below)), self.examples)


@dataclass
class Each:
    """One value an incident, or none; the score is a quantile, or the mean."""

    values: array[float] = field(default_factory=doubles)
    lowest: Evidence | None = None
    highest: Evidence | None = None
    _ends: list[float] = field(default_factory=list)

    def add(self, value: float | None, reading: Reading | None = None) -> None:
        """Count one incident; the readings of the lowest and the highest value are the evidence."""
        self.values.append(math.nan if value is None else value)
        if value is None or reading is None:
            return
        low, high = self._ends or [math.inf, -math.inf]
        if value < low:
            self.lowest = quoted(reading, note=f"lowest: {value:.4g}")
        if value > high:
            self.highest = quoted(reading, note=f"highest: {value:.4g}")
        self._ends = [min(low, value), max(high, value)]

    @property
    def known(self) -> list[float]:
        """The values there are."""
        return [value for value in self.values if not math.isnan(value)]

    def middle(self, name: Name, boot: Bootstrap) -> Score:
        """The median over incidents."""
        between = boot.middle(self.values)
        return name.score(quantile(self.known, 0.5), between, len(self.known), self._evidence())

    def mean(self, name: Name, boot: Bootstrap) -> Score:
        """The mean over incidents."""
        known = [0.0 if math.isnan(value) else 1.0 for value in self.values]
        between = boot.ratio([0.0 if math.isnan(value) else value for value in self.values], known)
        return name.score(mean(self.known), between, len(self.known), self._evidence())

    def _evidence(self) -> list[Evidence]:
        both = [one for one in (self.lowest, self.highest) if one]
        return both if len(both) > 1 and both[0].incident != both[1].incident else both[:1]


@dataclass
class Pool:
    """Many values an incident, all thrown together: quantiles and their variation."""

    values: array[float] = field(default_factory=doubles)
    sizes: array[int] = field(default_factory=lambda: array("l"))

    def add(self, values: Sequence[float]) -> None:
        """Count one incident."""
        self.values.extend(values)
        self.sizes.append(len(values))

    def quantile(self, name: Name, boot: Bootstrap, part: float) -> Score:
        """A quantile of the pool."""
        between = boot.pooled(self.values, self.sizes, part)
        return name.score(quantile(self.values, part), between, len(self.values))

    def variation(self, name: Name, boot: Bootstrap) -> Score:
        """Population deviation over mean of the pool."""
        if np.count_nonzero(self.sizes) < 2:
            return name.score(variation(self.values), NONE, len(self.values))
        owners = np.repeat(np.arange(len(self.sizes)), np.asarray(self.sizes))
        values, units = np.asarray(self.values), len(self.sizes)
        moments = [np.bincount(owners, weights=values**power, minlength=units) for power in (0, 1, 2)]
        count, total, squares = (boot.weights(units) @ moment for moment in moments)
        keep = total > 0
        centre = total[keep] / count[keep]
        spread = np.sqrt(np.maximum(squares[keep] / count[keep] - centre**2, 0))
        return name.score(variation(self.values), interval(spread / centre), len(self.values))
