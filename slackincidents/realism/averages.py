"""The few sums every measure needs. An empty list has no average: the answer is None."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean."""
    return sum(values) / len(values) if values else None


def share(flags: Iterable[bool]) -> float | None:
    """The part of the flags that is set."""
    return mean([float(flag) for flag in flags])


def quantile(values: Sequence[float], part: float) -> float | None:
    """The value below which `part` of the values lie, interpolated between neighbours."""
    if not values:
        return None
    ranked = sorted(values)
    place = (len(ranked) - 1) * part
    below = math.floor(place)
    above = math.ceil(place)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The middle value."""
    return quantile(values, 0.5)


def variation(values: Sequence[float]) -> float | None:
    """Coefficient of variation: population deviation over mean; None when the mean is zero."""
    centre = mean(values)
    if not centre:
        return None
    return math.sqrt(sum((value - centre) ** 2 for value in values) / len(values)) / centre


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson correlation; None when one side does not vary."""
    if not left:
        return None
    middle_left, middle_right = sum(left) / len(left), sum(right) / len(right)
    both = sum((a - middle_left) * (b - middle_right) for a, b in zip(left, right, strict=True))
    spread = math.sqrt(sum((a - middle_left) ** 2 for a in left) * sum((b - middle_right) ** 2 for b in right))
    return both / spread if spread else None
