"""Whole distributions beside the reference's: gaps, tokens, lines an incident, acts.

Wasserstein (earth mover's) distance on the natural log, so that .1 is about ten percent off in the middle, and
Kolmogorov-Smirnov (the largest difference of the two cumulative shares, 0 to 1); the Jensen-Shannon divergence (base 2)
of the seven rule acts. Over a sample of 400 readings a side; intervals draw incidents of both sides anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import jensenshannon  # type: ignore[import-untyped] # ships no types
from scipy.stats import wasserstein_distance  # type: ignore[import-untyped] # ships no types

from slackincidents.realism.base import Reading
from slackincidents.realism.bootstrap import DIGITS, FEWEST, NONE, Bootstrap, Floats, Interval, interval
from slackincidents.realism.dialogue import counts
from slackincidents.realism.how import ROOT
from slackincidents.realism.results import Distance, Distribution, Kind, Verdict
from slackincidents.realism.sample import FEWEST_LINES, Sample
from slackincidents.realism.timing import gaps
from slackincidents.seeds import Seed

Places = npt.NDArray[np.intp]

MOST_DIVERGENCE = 0.10
ACT_CHECK = 14

SHAPES: dict[str, tuple[str, str, Callable[[Reading], list[float]]]] = {
    "gaps": ("gaps between lines", "timing", lambda reading: gaps(reading.talk)),
    "tokens": ("tokens a line", "surface", lambda reading: [float(len(w.tokens)) for w in reading.wordings]),
    "lines": ("lines an incident", "turns", lambda reading: [float(len(reading.talk.lines))]),
}
"""Name -> title, the measure it belongs to, and the values of one reading."""


BINS = 20
LONGEST_GAP = 7_200
"""Seconds where the last bin begins to hold the rest."""

STEP = 1.25
"""How much wider a bin of whole numbers is than the one before, when it is wider at all."""

WHOLE = {"tokens": (1, 100), "lines": (FEWEST_LINES, 400)}
"""Whole numbers: where the first bin begins, and where the last one begins to hold the rest."""

UNITS = {"gaps": "s", "tokens": "", "lines": ""}


@dataclass(frozen=True)
class Shape:
    """The values of one reading, by distribution, and its acts."""

    values: dict[str, list[float]]
    acts: list[int]


@dataclass
class Shapes:
    """Keeps the values of a sample of readings."""

    seed: Seed = ROOT
    sample: Sample[Shape] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("words"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        values = {name: take(reading) for name, (_, _, take) in SHAPES.items()}
        self.sample.add(Shape(values, counts(reading)))

    def of(self, name: str) -> list[Floats]:
        """The values of each reading, on a log scale."""
        return [np.log1p(np.maximum(np.asarray(shape.values[name], float), 0)) for shape in self.sample.items]

    @property
    def acts(self) -> Floats:
        """Acts by reading."""
        return np.array([shape.acts for shape in self.sample.items], float)


def compare(here: Shapes, there: Shapes, boot: Bootstrap) -> tuple[Distance, ...]:
    """All distances of distributions; what one side does not have is left out."""
    found = [distance for name in SHAPES for distance in _both(name, here.of(name), there.of(name), boot)]
    if here.acts.sum() and there.acts.sum():
        found.append(_acts(here.acts, there.acts, boot))
    return tuple(found)


def histograms(here: Shapes, there: Shapes | None) -> tuple[Distribution, ...]:
    """The distributions as shares of bins, about even on the log scale; the ends hold what lies outside, too."""
    found = []
    for name, (title, _, _) in SHAPES.items():
        ours, theirs = _joined(here.of(name)), _joined(there.of(name) if there else [])
        if not len(ours):
            continue
        edges = _edges(name)
        found.append(
            Distribution(
                name=name,
                title=title,
                unit=UNITS[name],
                edges=tuple(round(float(edge), 3) for edge in np.expm1(edges)),
                here=_shares(ours, edges),
                there=_shares(theirs, edges),
            )
        )
    return tuple(found)


def _edges(name: str) -> Floats:
    """Where the bins of a distribution meet, on the log scale; whole numbers have whole edges."""
    if name not in WHOLE:
        return np.asarray(np.linspace(0.0, np.log1p(LONGEST_GAP), BINS + 1), float)
    first, last = WHOLE[name]
    edges = [first]
    while edges[-1] < last:
        edges.append(min(last, max(edges[-1] + 1, round(edges[-1] * STEP))))
    return np.asarray(np.log1p(np.array(edges, float)), float)


def _joined(side: list[Floats]) -> Floats:
    return np.concatenate([np.empty(0), *side])


def _shares(values: Floats, edges: Floats) -> tuple[float, ...]:
    if not len(values):
        return ()
    counts, _ = np.histogram(values.clip(edges[0], edges[-1]), edges)
    return tuple(round(float(share), 6) for share in counts / len(values))


@dataclass(frozen=True)
class Pair:
    """The values of both sides in one order, and which reading each is from."""

    owners: tuple[Places, Places]
    order: Places
    widths: Floats

    @classmethod
    def of(cls, here: list[Floats], there: list[Floats]) -> Pair:
        """Both sides, ranked together."""
        ours, theirs = (np.repeat(np.arange(len(side)), [len(one) for one in side]) for side in (here, there))
        values = np.concatenate([_joined(here), _joined(there)])
        order = np.argsort(values, kind="stable")
        return cls((ours, theirs), order, np.diff(values[order]))

    def apart(self, here: Floats, there: Floats) -> tuple[float, float] | None:
        """Earth mover's and Kolmogorov-Smirnov's distance, where each reading counts as often as its weight says."""
        ours, theirs = here[self.owners[0]], there[self.owners[1]]
        if not ours.sum() or not theirs.sum():
            return None
        steps = np.concatenate([ours / ours.sum(), -theirs / theirs.sum()])[self.order]
        between = np.abs(np.cumsum(steps))[:-1]
        return float(between @ self.widths), float(between[self.widths > 0].max(initial=0.0))


def _both(name: str, here: list[Floats], there: list[Floats], boot: Bootstrap) -> list[Distance]:
    ours, theirs = _joined(here), _joined(there)
    if not len(ours) or not len(theirs):
        return []
    title, measure, _ = SHAPES[name]
    pair = Pair.of(here, there)
    plain = pair.apart(np.ones(len(here)), np.ones(len(there)))
    earth, steps = _drawn(pair, len(here), len(there), boot)
    found = (
        (Kind.WASSERSTEIN, round(float(wasserstein_distance(ours, theirs)), DIGITS), earth),
        (Kind.KS, round(plain[1], DIGITS) if plain else 0.0, steps),
    )
    return [
        Distance(name=name, title=title, measure=measure, kind=kind, value=value, low=low, high=high)
        for kind, value, (low, high) in found
    ]


def _drawn(pair: Pair, here: int, there: int, boot: Bootstrap) -> tuple[Interval, Interval]:
    """The intervals of both distances."""
    if here < FEWEST or there < FEWEST:
        return NONE, NONE
    weights = zip(_weights(here, boot, 0), _weights(there, boot, 1), strict=True)
    known = [one for ours, theirs in weights if (one := pair.apart(ours, theirs))]
    drawn = np.array(known).reshape(-1, 2)
    return interval(drawn[:, 0]), interval(drawn[:, 1])


def _weights(units: int, boot: Bootstrap, side: int) -> Floats:
    """Draws of one side; the other side's are others even where both are of one size."""
    return Bootstrap(boot.seed.child(f"side-{side}"), boot.draws).weights(units).astype(float)


def divergence(left: Sequence[float] | Floats, right: Sequence[float] | Floats) -> float:
    """Jensen-Shannon divergence of two distributions, base 2: 0 the same, 1 nothing in common."""
    root = float(jensenshannon(np.asarray(left, float), np.asarray(right, float), base=2))
    return round(root**2, DIGITS)


def _acts(here: Floats, there: Floats, boot: Bootstrap) -> Distance:
    value = divergence(here.sum(axis=0), there.sum(axis=0))
    low, high = NONE
    if len(here) >= FEWEST and len(there) >= FEWEST:
        pairs = zip(_weights(len(here), boot, 0) @ here, _weights(len(there), boot, 1) @ there, strict=True)
        low, high = interval(
            np.array([divergence(ours, theirs) for ours, theirs in pairs if ours.sum() and theirs.sum()])
        )
    return Distance(
        name="acts",
        title="seven rule acts",
        measure="dialogue",
        kind=Kind.JENSEN_SHANNON,
        value=value,
        low=low,
        high=high,
        number=ACT_CHECK,
        passes=(None, MOST_DIVERGENCE),
        verdict=Verdict.PASS if value <= MOST_DIVERGENCE else Verdict.OUT,
    )
