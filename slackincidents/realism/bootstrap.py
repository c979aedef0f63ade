"""Intervals: what a number would be, had other incidents of the same kind been drawn. Seeded, and vectorised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from slackincidents.realism.how import DRAWS, ROOT
from slackincidents.seeds import Seed

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]

LEVEL = (0.025, 0.975)
FEWEST = 2
"""With fewer units there is nothing to draw from, and no interval."""

Interval = tuple[float | None, float | None]
DIGITS = 9
"""Decimals that are kept: the last bits of a sum differ between machines."""

NONE: Interval = (None, None)


def generator(seed: Seed) -> np.random.Generator:
    """A numpy generator that starts where this seed says."""
    return np.random.Generator(np.random.PCG64(seed.rng().getrandbits(128)))


@dataclass(frozen=True)
class Bootstrap:
    """Draws of units (incidents) with replacement; every measure of a set sees the same draws."""

    seed: Seed = ROOT
    draws: int = DRAWS
    _kept: dict[int, Counts] = field(default_factory=dict, repr=False, compare=False)

    def weights(self, units: int) -> Counts:
        """How often each unit comes in each draw: one row a draw."""
        if units not in self._kept:
            rng = generator(self.seed.child("bootstrap").child(units))
            drawn = (np.bincount(rng.integers(0, units, units), minlength=units) for _ in range(self.draws))
            self._kept.clear()
            self._kept[units] = np.array(list(drawn), dtype=np.int32)
        return self._kept[units]

    def ratio(self, above: Sequence[float], below: Sequence[float]) -> Interval:
        """The interval of sum over sum, where each unit has its part of both."""
        if len(above) < FEWEST:
            return NONE
        weights = self.weights(len(above)).astype(np.float64)
        tops, bottoms = weights @ np.asarray(above, float), weights @ np.asarray(below, float)
        known = bottoms > 0
        return interval(tops[known] / bottoms[known])

    def middle(self, values: Sequence[float]) -> Interval:
        """The interval of the median over units; NaN is a unit without a value."""
        return self.each(values, 0.5)

    def each(self, values: Sequence[float], part: float) -> Interval:
        """The interval of a quantile over units."""
        known = np.asarray(values, float)
        present = np.flatnonzero(~np.isnan(known))
        if len(present) < FEWEST:
            return NONE
        order = present[np.argsort(known[present], kind="stable")]
        return self._quantile(known[order], self.weights(len(known))[:, order], part)

    def pooled(self, values: Sequence[float], sizes: Sequence[int], part: float) -> Interval:
        """The interval of a quantile of all values, where each unit brings as many as its size."""
        pool, owner = np.asarray(values, float), np.repeat(np.arange(len(sizes)), np.asarray(sizes, int))
        if np.count_nonzero(sizes) < FEWEST:
            return NONE
        order = np.argsort(pool, kind="stable")
        ranked, owners = pool[order], owner[order]
        weights = self.weights(len(sizes))
        found = [_weighted(ranked, weights[draw][owners], part) for draw in range(self.draws)]
        return interval(np.array([one for one in found if one is not None]))

    def _quantile(self, ranked: Floats, weights: Counts, part: float) -> Interval:
        found = [_weighted(ranked, weights[draw], part) for draw in range(self.draws)]
        return interval(np.array([one for one in found if one is not None]))


def interval(found: Floats) -> Interval:
    """The middle 95 % of what the draws gave."""
    known = found[np.isfinite(found)]
    if not len(known):
        return NONE
    low, high = np.quantile(known, LEVEL)
    return round(float(low), DIGITS), round(float(high), DIGITS)


def _weighted(ranked: Floats, weights: npt.NDArray[np.int32], part: float) -> float | None:
    """A quantile of sorted values, each as often as its weight says, interpolated between neighbours."""
    ends = np.cumsum(weights)
    total = int(ends[-1])
    if not total:
        return None
    place = (total - 1) * part
    below = int(np.floor(place))
    low, high = np.searchsorted(ends, [below, min(below + 1, total - 1)], side="right")
    return float(ranked[low] + (ranked[high] - ranked[low]) * (place - below))
