"""Counting: what is kept of each incident, eight bytes a known time, and what figures it makes."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from slackincidents.stats.moments import NEVER, Measure, Moment
from slackincidents.stats.results import (
    EDGES_S,
    FEWEST_FOR_P90,
    FEWEST_FOR_QUARTILES,
    Group,
    Spread,
    Summary,
)


@dataclass
class Tally:
    """The times of one measure in one group."""

    seconds: array[int] = field(default_factory=lambda: array("q"))
    gaps: Counter[str] = field(default_factory=Counter)
    inferred: int = 0

    def add(self, moment: Moment) -> None:
        """Count one incident."""
        if moment.seconds is None:
            self.gaps[moment.gap or ""] += 1
        else:
            self.seconds.append(moment.seconds)
            self.inferred += moment.inferred

    def merge(self, other: Tally) -> None:
        """Count what another has counted."""
        self.seconds.extend(other.seconds)
        self.gaps.update(other.gaps)
        self.inferred += other.inferred

    def summary(self) -> Summary:
        """The figures."""
        ranked = sorted(self.seconds)
        places = Counter(bisect_right(EDGES_S, value) - 1 for value in ranked)
        return Summary(
            known=len(ranked),
            inferred=self.inferred,
            never={gap: self.gaps[gap] for gap in sorted(self.gaps) if gap in NEVER},
            unknown={gap: self.gaps[gap] for gap in sorted(self.gaps) if gap not in NEVER},
            seconds=spread(ranked),
            histogram=tuple(places[place] for place in range(len(EDGES_S))),
        )


@dataclass
class Pile:
    """The incidents of one group."""

    incidents: int = 0
    tallies: dict[Measure, Tally] = field(default_factory=lambda: {measure: Tally() for measure in Measure})

    def merge(self, other: Pile) -> None:
        """Count what another has counted."""
        self.incidents += other.incidents
        for measure, tally in other.tallies.items():
            self.tallies[measure].merge(tally)

    def summaries(self) -> dict[Measure, Summary]:
        """The figures of all measures."""
        return {measure: tally.summary() for measure, tally in self.tallies.items()}

    def group(self, key: str | None) -> Group:
        """The figures under a name."""
        return Group(key=key, incidents=self.incidents, measures=self.summaries())


def spread(ranked: Sequence[int]) -> Spread:
    """Median, quartiles, ninetieth percentile and maximum of sorted numbers, as far as there are enough of them."""
    if not ranked:
        return Spread()
    quartiles = len(ranked) >= FEWEST_FOR_QUARTILES
    return Spread(
        median=_quantile(ranked, 0.5),
        q1=_quantile(ranked, 0.25) if quartiles else None,
        q3=_quantile(ranked, 0.75) if quartiles else None,
        p90=_quantile(ranked, 0.9) if len(ranked) >= FEWEST_FOR_P90 else None,
        longest=ranked[-1],
    )


def _quantile(ranked: Sequence[int], part: float) -> float:
    """The value below which that part lies, interpolated between neighbours."""
    place = (len(ranked) - 1) * part
    below, above = math.floor(place), math.ceil(place)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)
