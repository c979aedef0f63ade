"""How well scores separate two sets: the AUC, with an interval over the incidents the items come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slackincidents.realism.bootstrap import Bootstrap, Interval, interval
from slackincidents.realism.how import DRAWS
from slackincidents.seeds import Seed

DIGITS = 6
"""Decimals that are kept: the last bits of a float differ between machines."""


@dataclass(frozen=True, slots=True)
class Item:
    """One scored thing: its side, the place of its incident among those of its side, its score for our side."""

    ours: bool
    incident: int
    score: float


@dataclass(frozen=True, slots=True)
class Area:
    """The area under the ROC curve: the chance that one of ours scores higher than one of theirs; .5 is no difference.

    All None when a side is empty. The interval draws incidents anew within each side; the classifier stays.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def area(items: Sequence[Item], seed: Seed, draws: int = DRAWS) -> Area:
    """The AUC of these items with its 95 % interval."""
    ours, theirs = ([item for item in items if item.ours is side] for side in (True, False))
    if not ours or not theirs:
        return Area(None)
    ranks = np.unique(np.array([item.score for item in (*ours, *theirs)]), return_inverse=True)[1]
    split = len(ours)
    value = _auc(ranks[:split], ranks[split:], np.ones(split), np.ones(len(theirs)))
    low, high = _interval(ours, theirs, ranks, seed, draws)
    return Area(_rounded(value), _rounded(low), _rounded(high))


def _interval(
    ours: Sequence[Item], theirs: Sequence[Item], ranks: npt.NDArray[np.intp], seed: Seed, draws: int
) -> Interval:
    drawn = []
    for name, side in (("ours", ours), ("theirs", theirs)):
        places = np.unique(np.array([item.incident for item in side]), return_inverse=True)[1]
        if places.max() == 0:
            return None, None
        weights = Bootstrap(seed.child(name), draws).weights(int(places.max()) + 1)
        drawn.append(weights[:, places].astype(np.float64))
    left, right = ranks[: len(ours)], ranks[len(ours) :]
    return interval(np.array([_auc(left, right, a, b) for a, b in zip(*drawn, strict=True)]))


def _auc(
    ours: npt.NDArray[np.intp],
    theirs: npt.NDArray[np.intp],
    our_weights: npt.NDArray[np.float64],
    their_weights: npt.NDArray[np.float64],
) -> float:
    """Pairs that ours win, ties half, each pair as often as both weights say."""
    size = int(max(ours.max(), theirs.max())) + 1
    above = np.bincount(ours, our_weights, size)
    below = np.bincount(theirs, their_weights, size)
    won = float(above @ (np.cumsum(below) - below / 2))
    return won / float(above.sum() * below.sum())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
