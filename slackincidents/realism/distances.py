"""How far each number is from where real chat has it, in widths of that range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from slackincidents.realism.bands import Band, Bands, inside
from slackincidents.realism.base import Score
from slackincidents.realism.results import Distance, Kind, Range, Verdict

SMALLEST_WIDTH = 0.01


def outside(value: float, limits: Range) -> float:
    """0 inside the limits; else how far beyond the nearer one, in widths of the range.

    A range that is open on one side, or empty, counts as wide as its limit is far from zero.
    """
    low, high = limits
    if inside(value, limits):
        return 0.0
    edge = low if low is not None and value < low else high
    far = abs(value - (edge or 0.0))
    return far / width(limits)


def width(limits: Range) -> float:
    """How wide a range is."""
    low, high = limits
    if low is not None and high is not None and high > low:
        return max(high - low, SMALLEST_WIDTH)
    return max(abs(low or 0.0), abs(high or 0.0), SMALLEST_WIDTH)


def spanned(score: Score, limits: Range) -> Range:
    """The least and the greatest distance within a score's interval; None without one."""
    if score.low is None or score.high is None:
        return None, None
    ends = outside(score.low, limits), outside(score.high, limits)
    low, high = limits
    touches = (low is None or score.high >= low) and (high is None or score.low <= high)
    return (0.0 if touches else min(ends)), max(ends)


def to_bands(scores: Iterable[Score], bands: Bands) -> tuple[Distance, ...]:
    """The distance of every score that has a band, in the order of the bands."""
    known = {score.name: score for score in scores}
    pairs = ((known.get(name), band) for name, band in bands.bands.items())
    return tuple(_to_band(score, band, score.value) for score, band in pairs if score and score.value is not None)


def _to_band(score: Score, band: Band, value: float) -> Distance:
    aim = band.target or band.passes
    low, high = spanned(score, aim)
    return Distance(
        name=score.name,
        title=band.title,
        measure=score.measure,
        kind=Kind.BAND,
        value=outside(value, aim),
        low=low,
        high=high,
        here=value,
        number=band.number,
        passes=band.passes,
        target=band.target,
        verdict=_verdict(value, band),
    )


def _verdict(value: float, band: Band) -> Verdict:
    if not inside(value, band.passes):
        return Verdict.OUT
    return Verdict.TARGET if band.target and inside(value, band.target) else Verdict.PASS


def to_scores(scores: Iterable[Score], others: Mapping[str, Score]) -> tuple[Distance, ...]:
    """The distance of every score to another set's 95 % interval; it passes when the two intervals meet."""
    pairs = ((score, others.get(score.name)) for score in scores)
    return tuple(one for score, other in pairs if other and (one := _to_score(score, other)))


def _to_score(score: Score, other: Score) -> Distance | None:
    if score.value is None or other.value is None or other.low is None or other.high is None:
        return None
    limits = (other.low, other.high)
    low, high = spanned(score, limits)
    distance = outside(score.value, limits)
    meets = distance == 0 or low == 0
    return Distance(
        name=score.name,
        title=score.title,
        measure=score.measure,
        kind=Kind.INTERVAL,
        value=distance,
        low=low,
        high=high,
        here=score.value,
        there=other.value,
        passes=limits,
        verdict=Verdict.PASS if meets else Verdict.OUT,
    )
