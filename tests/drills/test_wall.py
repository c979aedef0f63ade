"""The wall clock and the changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.drills.rota import DAYS, Hours, Turns
from slackincidents.drills.wall import holds, instant, turn, turn_starts

ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Havana",  # changes at midnight
    "America/Santiago",  # the other half of the year
    "Australia/Lord_Howe",  # by half an hour
    "Africa/Casablanca",  # goes back for Ramadan
    "Antarctica/Troll",  # by two hours
    "Asia/Kathmandu",  # no changes, odd minutes
    "Pacific/Apia",  # once skipped a day
]
CHANGES = [
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia crosses the date line
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 4, 5, 3, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
]
ZONE = st.sampled_from(ZONES).map(ZoneInfo)
NEAR_A_CHANGE = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-2000, 2000)
)
MOMENTS = NEAR_A_CHANGE | st.integers(0, 40 * 365 * 24 * 60).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
WALLS = MOMENTS.map(lambda moment: moment.replace(tzinfo=None))
CLOCK_TIMES = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        ("Europe/Berlin", "2026-07-01T09:00", "2026-07-01T07:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),  # skipped: the moment of the jump
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),  # twice: the first time
        ("America/Havana", "2026-03-08T00:15", "2026-03-08T05:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),  # a day that never was
    ],
)
def test_a_wall_time_is_one_moment(zone: str, wall: str, moment: str) -> None:
    """Also where the clock never shows it, or shows it twice."""
    assert instant(ZoneInfo(zone), datetime.fromisoformat(wall)) == utc(moment)


@given(ZONE, WALLS, st.integers(0, 3000))
def test_later_on_the_wall_is_never_earlier(zone: ZoneInfo, wall: datetime, minutes: int) -> None:
    """The order of wall times is the order of moments, so hours that meet on the wall meet in time."""
    assert instant(zone, wall) <= instant(zone, wall + timedelta(minutes=minutes))


@given(ZONE, MOMENTS)
def test_what_a_clock_shows_leads_back(zone: ZoneInfo, moment: datetime) -> None:
    """A moment is found from what its clocks show, or, in the second of two equal hours, the first."""
    local = moment.astimezone(zone)
    found = instant(zone, local.replace(tzinfo=None, fold=0))
    assert found == moment if not local.fold else found < moment


@given(ZONE, MOMENTS, CLOCK_TIMES, CLOCK_TIMES, st.sets(st.sampled_from(DAYS), min_size=1))
def test_two_halves_of_a_day_are_a_day(zone: ZoneInfo, moment: datetime, one: str, other: str, days: set[str]) -> None:
    """From one time to another and on to the first again: exactly one of the two holds each moment of those days."""
    if one == other:
        return
    chosen = tuple(day for day in DAYS if day in days)
    whole, early, late = (Hours(days=chosen, starts=a, ends=b) for a, b in ((one, one), (one, other), (other, one)))
    if one < other:
        assert holds(zone, early, moment) + holds(zone, late, moment) == holds(zone, whole, moment)
    if days == set(DAYS):
        assert holds(zone, early, moment) != holds(zone, late, moment)


@given(ZONE, MOMENTS, CLOCK_TIMES, st.integers(1, 30))
def test_turns_count_up_by_one(zone: ZoneInfo, moment: datetime, time: str, days: int) -> None:
    """A turn runs from its own start up to that of the next; a minute later it is the same or the next."""
    turns = Turns(every_days=days, time=time, since=date(2024, 1, 1))
    now, then = turn(zone, turns, moment), turn(zone, turns, moment + timedelta(minutes=1))
    assert then - now in (0, 1)
    starts = list(turn_starts(zone, turns, moment, moment))
    assert starts[0] <= moment < starts[1]


def test_what_has_begun_goes_on_when_the_clock_goes_back() -> None:
    """In the second of two equal hours the turn and the hours that began in the first are not undone."""
    berlin, daily = ZoneInfo("Europe/Berlin"), Turns(every_days=1, time="02:30")
    at_half_past, again_quarter_past = utc("2026-10-25T00:30"), utc("2026-10-25T01:15")
    assert turn(berlin, daily, at_half_past) == turn(berlin, daily, again_quarter_past)
    assert holds(berlin, Hours(starts="02:30", ends="14:30"), again_quarter_past)
    over_midnight = ZoneInfo("America/St_Johns")  # until 2011 from one minute past midnight back to the day before
    assert holds(over_midnight, Hours(starts="00:00", ends="12:00"), utc("2010-11-07T03:00"))
    assert not holds(over_midnight, Hours(starts="12:00", ends="00:00"), utc("2010-11-07T03:00"))


def test_the_first_turn_begins_on_the_first_day() -> None:
    """Turn 0 begins at the time of `since` on the zone's clock; the second before still is the turn before."""
    zone, turns = ZoneInfo("America/New_York"), Turns(every_days=7, time="09:00", since=date(2024, 1, 1))
    assert turn(zone, turns, utc("2024-01-01T14:00")) == 0
    assert turn(zone, turns, utc("2024-01-01T13:59")) == -1
    assert turn(zone, turns, utc("2024-03-11T13:00")) == 10  # nine o'clock, in summer time by now
    assert turn(zone, turns, utc("2024-03-11T12:59")) == 9
