"""How bad the worst signal was, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.values import Stretch
from slackincidents.drills.signals import Reading, readings

SHORTEST_S, MOST = 30, 240
"""The time between two readings: so many seconds at least, and at most so many readings."""

LEVELS = (0.25, 0.75, 1.1)
"""Where it begins to be off, bad, and worse than its peak, as shares of the way from the baseline to the peak."""


def stretches(account: Account) -> tuple[Stretch, ...]:
    """The drill in pieces of one level each. What counts as a signal's peak is the one it would have reached here."""
    step = max(SHORTEST_S, round(account.end / MOST))
    moments = [*range(0, max(1, round(account.end)), step)]
    peaks = _peaks(account, moments)
    read = [(at, *_worst(account, at, peaks)) for at in moments]
    return tuple(_joined(account, read, step))


def _peaks(account: Account, moments: Sequence[int]) -> dict[str, float]:
    """How far each signal would be from its baseline at most, if nobody did anything."""
    figures = account.world.setting.figures
    untouched = [one for at in moments for one in readings(account.skeleton, figures, at, ())]
    peaks = {name: abs(signal.peak - signal.baseline) for name, signal in account.skeleton.signals.items()}
    for one in untouched:
        peaks[one.name] = max(peaks[one.name], abs(one.value - one.signal.baseline))
    return peaks


def level(worst: float) -> int:
    """Which level a reading belongs to, 0 for normal."""
    return sum(worst >= edge for edge in LEVELS)


def _joined(account: Account, read: list[tuple[int, float, str]], step: int) -> Iterator[Stretch]:
    for _, same in groupby(read, key=lambda one: level(one[1])):
        some = list(same)
        _, worst, name = max(some, key=lambda one: one[1])
        until = min(account.end, some[-1][0] + step)
        yield Stretch(at=account.since(some[0][0]), until=account.since(until), worst=round(worst, 2), signal=name)


def _worst(account: Account, at: float, peaks: Mapping[str, float]) -> tuple[float, str]:
    fixed = account.fixed is not None and at >= account.fixed
    now = readings(account.skeleton, account.world.setting.figures, at, account.world.effects, account.world.undone)
    worst = max(now, key=lambda one: _share(one, peaks, fixed))
    return _share(worst, peaks, fixed), f"{worst.signal.label} ({worst.signal.service})"


def _share(reading: Reading, peaks: Mapping[str, float], fixed: bool) -> float:
    """How far off a signal is; once the fault is gone, what counts as recovered is good enough."""
    off = abs(reading.value - reading.signal.baseline)
    if fixed:
        off = min(off, abs(reading.value - reading.signal.recovered))
    return off / peaks[reading.name] if peaks[reading.name] else 0.0
