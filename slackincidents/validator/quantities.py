"""Figures as they stand in alert cards: a number with its unit, made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from slackincidents.schema.incident import EventBase

TIME = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
SIZE = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30}
COUNT = {"": 1.0, "k": 1e3}
SCALE = {
    unit: (dimension, scale)
    for dimension, units in (("time", TIME), ("bytes", SIZE), ("count", COUNT))
    for unit, scale in units.items()
}
_FIGURE = re.compile(r"\s*[~<>]?\s*(-?\d[\d,]*(?:\.\d+)?)\s*([a-zA-Z%/]*)")
LOWER_IS_BETTER = re.compile(
    r"latency|error|fail|lag|retr|queue|pending|memory|restart|heap|gc|pause|timeout|mismatch|duration|p\d\d"
)
HIGHER_IS_BETTER = re.compile(r"success|hit_rate|hit_ratio|availab|accuracy|healthy|ready")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in the base unit of its dimension."""

    value: float
    dimension: str


def parse(figure: str | float) -> Quantity | None:
    """``"480ms"`` as 0.48 of time; None when it does not start with a number."""
    if not isinstance(figure, str):
        return Quantity(float(figure), "count")
    match = _FIGURE.match(figure)
    if match is None:
        return None
    unit = match[2].lower()
    dimension, scale = SCALE.get(unit, (unit, 1.0))
    return Quantity(float(match[1].replace(",", "")) * scale, dimension)


def no_better(metric: str, after: Quantity, alarm: Quantity) -> bool:
    """True when the value after the end is as bad as in the alarm, or worse."""
    if after.dimension != alarm.dimension:
        return False
    if HIGHER_IS_BETTER.search(metric):
        return after.value <= alarm.value
    if LOWER_IS_BETTER.search(metric):
        return after.value >= alarm.value
    return after.value == alarm.value


def figures_of(event: EventBase) -> Iterator[tuple[str, str | float]]:
    """Every metric an event shows, with its value as written."""
    yield from getattr(event, "metrics", {}).items()
    yield from (event.metrics_after or {}).items()


def text(unit: str, bound: float | None) -> str:
    """A threshold as a figure in its signal's unit; empty without one."""
    return "" if bound is None else f"{bound}{'' if unit in {'count', 'msgs'} else ' ' + unit}"
