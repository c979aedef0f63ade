"""From the wall clock to moments, through every change of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from slackincidents.drills.rota import DAYS, Hours, Turns

A_DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
AROUND = (-1, 0, 1)
"""Days, from the local one, whose hours can hold a moment; clocks that go back over midnight make it three."""


@lru_cache(maxsize=8192)
def instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment, in UTC, when the clocks of a zone show a naive date and time (whole seconds).

    Shown twice, the first time counts; never shown, the moment the clock jumps over it. So a later
    wall time is never an earlier moment, and hours that fit together stay so when the clocks change.
    """
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _jump(zone, before, first)


def _jump(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second in (low, high] with the offset that holds at `high`."""
    after = high.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high


def local_day(zone: ZoneInfo, at: datetime) -> date:
    """The date on the clocks of a zone."""
    return at.astimezone(zone).date()


def stretch(zone: ZoneInfo, hours: Hours, day: date) -> tuple[datetime, datetime] | None:
    """From when to when hours run that begin on `day`; None on a day that is not theirs."""
    if DAYS[day.weekday()] not in hours.days:
        return None
    starts, ends = time.fromisoformat(hours.starts), time.fromisoformat(hours.ends)
    last = day if starts < ends else day + A_DAY
    return instant(zone, datetime.combine(day, starts)), instant(zone, datetime.combine(last, ends))


def holds(zone: ZoneInfo, hours: Hours, at: datetime) -> bool:
    """True when a moment lies within hours."""
    if hours.always:
        return True
    today = local_day(zone, at)
    found = (stretch(zone, hours, today + days * A_DAY) for days in AROUND)
    return any(run is not None and run[0] <= at < run[1] for run in found)


def edges(zone: ZoneInfo, hours: Hours, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment from `start` to `end` at which hours begin or end, and a few around."""
    day, last = local_day(zone, start) - 2 * A_DAY, local_day(zone, end) + A_DAY
    while not hours.always and day <= last:
        yield from stretch(zone, hours, day) or ()
        day += A_DAY


def turn(zone: ZoneInfo, turns: Turns, at: datetime) -> int:
    """How many handovers lie between the first turn and a moment; negative before the first turn."""
    first = datetime.combine(turns.since, time.fromisoformat(turns.time))
    every = turns.every_days * A_DAY
    count = (at.astimezone(zone).replace(tzinfo=None) - first) // every
    if instant(zone, first + (count + 1) * every) <= at:
        return count + 1
    return count if instant(zone, first + count * every) <= at else count - 1


def turn_starts(zone: ZoneInfo, turns: Turns, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments from `start` to `end` at which a turn begins, and a few around."""
    first = datetime.combine(turns.since, time.fromisoformat(turns.time))
    for count in range(turn(zone, turns, start), turn(zone, turns, end) + 2):
        yield instant(zone, first + count * turns.every_days * A_DAY)
