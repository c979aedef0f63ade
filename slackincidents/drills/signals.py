"""What the dashboards show at a moment: a signal's course, bent by what was done about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from slackincidents.schema.skeleton import Signal, Skeleton

PARTLY, WORSE = 0.55, 1.3
"""What is left of the trouble after a remedy that helps partly, and after one that makes it worse."""

RAMP_S, SAW_S, SPIKE_S = 300.0, 420.0, 900.0
"""Seconds to the peak where no monitor says when it is reached, of one saw tooth, and of a spike's decay."""

NUMBER = re.compile(r"-?[\d,]*\.?\d+")


@dataclass(frozen=True, slots=True)
class Reading:
    """One signal at one moment, in the signal's unit."""

    name: str
    signal: Signal
    value: float

    @property
    def off(self) -> bool:
        """True when it is visibly not what it should be."""
        swing = abs(self.signal.peak - self.signal.baseline)
        return abs(self.value - self.signal.baseline) > max(0.25 * swing, 0.05 * self.signal.baseline)


Deeds = Sequence[tuple[float, str]]
"""Moments in seconds after the first failure, each with an action."""


def readings(
    skeleton: Skeleton, figures: Mapping[str, str], at: float, effects: Deeds, undone: Deeds = ()
) -> tuple[Reading, ...]:
    """All signals at `at` seconds after the first failure, by what took effect until then and was not taken back."""
    back = {(when, key) for when, key in effects for then, other in undone if other == key and when <= then <= at}
    past = [(when, skeleton.actions[key].effect) for when, key in effects if when <= at and (when, key) not in back]
    found = []
    for name, signal in skeleton.signals.items():
        course = _Course(signal, _peak(signal, figures.get(f"{name}.peak")), _ramp_s(skeleton, name))
        found.append(Reading(name, signal, _value(course, at, past)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Course:
    """A signal, its peak for this seed, and how many seconds it takes to get there."""

    signal: Signal
    peak: float
    ramp_s: float


def _ramp_s(skeleton: Skeleton, name: str) -> float:
    """A monitor shows the peak when it fires, so by then it must be reached."""
    fires = [alert.after_s for alert in skeleton.alerts.values() if name in alert.signals]
    return max(1.0, min(fires, default=RAMP_S) * 0.7)


def _peak(signal: Signal, figure: str | None) -> float:
    found = NUMBER.search(figure or "")
    return float(found.group(0).replace(",", "")) if found else signal.peak


def _value(course: _Course, at: float, past: Iterable[tuple[float, str]]) -> float:
    signal, peak = course.signal, course.peak
    if at < signal.onset_s:
        return signal.baseline
    trouble = _shape(course, at - signal.onset_s)
    for when, effect in past:
        if effect == "fixes":
            settled = min(1.0, (at - when) / signal.settle_s) if signal.settle_s else 1.0
            full = signal.baseline + (peak - signal.baseline) * trouble
            return full + (signal.recovered - full) * settled
        trouble *= {"partly": PARTLY, "worse": WORSE}.get(effect, 1.0)
    value = signal.baseline + (peak - signal.baseline) * trouble
    return max(0.0, min(100.0, value) if signal.unit == "%" else value)


def _shape(course: _Course, since: float) -> float:
    """How much of the way from baseline to peak, 0 to 1, so long after the onset."""
    match course.signal.shape:
        case "ramp":
            return min(1.0, since / course.ramp_s)
        case "sawtooth":
            return 0.4 + 0.6 * ((since % SAW_S) / SAW_S)
        case "spike":
            return max(0.5, 1.0 - since / SPIKE_S)
        case _:
            return 1.0
