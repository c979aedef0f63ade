"""When things happen: more on weekdays than on weekends, more by day than by night."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from slackincidents.schema.workspace import Mix, Order

HOURS_OF_TROUBLE = (2, 2, 2, 2, 2, 2, 3, 4, 6, 8, 9, 9, 8, 9, 10, 10, 9, 8, 6, 5, 4, 3, 3, 2)
"""How often incidents begin in each hour of the day (UTC)."""

HOURS_OF_NOISE = (4, 5, 6, 5, 4, 4, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 6, 5, 5, 4, 4, 4, 4)
"""Monitors do not sleep: batch jobs and backups make their own noise at night."""

HOURS_OF_WORK = (0, 0, 0, 0, 0, 0, 1, 3, 7, 9, 9, 9, 7, 8, 9, 9, 9, 8, 6, 4, 3, 2, 1, 0)
SATURDAY = 5


def days(order: Order) -> Iterator[date]:
    """The days of a history, first to last."""
    yield from (order.start + timedelta(days=place) for place in range(order.days))


def is_off(day: date, mix: Mix) -> bool:
    """True on a weekend or a holiday."""
    return day.weekday() >= SATURDAY or day in mix.holidays


def moments(rng: random.Random, day: date, rate: float, hours: Sequence[int], mix: Mix) -> list[datetime]:
    """The moments of one day for something that happens `rate` times on a weekday."""
    expected = rate * (mix.weekend if is_off(day, mix) else 1.0)
    seconds = (rng.choices(range(24), hours)[0] * 3600 + rng.randrange(3600) for _ in range(_times(rng, expected)))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return sorted(midnight + timedelta(seconds=second) for second in seconds)


def _times(rng: random.Random, expected: float) -> int:
    """How often, where `expected` is usual: a Poisson draw, for large numbers its normal neighbour."""
    if expected > 30:
        return max(0, round(rng.gauss(expected, expected**0.5)))
    gone, count = rng.expovariate(1.0), 0
    while gone < expected:
        gone += rng.expovariate(1.0)
        count += 1
    return count
