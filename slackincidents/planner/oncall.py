"""Who is on call for a service at a moment: a weekly rotation, those at work first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from slackincidents.schema.people import Persona

SATURDAY = 5
NIGHT_FROM, NIGHT_TO = 22, 7


def local_hour(person: Persona, at: datetime) -> int:
    """The hour on that person's clock, 0 to 23."""
    return at.astimezone(ZoneInfo(person.timezone)).hour


def at_work(person: Persona, at: datetime) -> bool:
    """True on a weekday within the person's working hours."""
    local = at.astimezone(ZoneInfo(person.timezone))
    start, end = person.works
    return local.weekday() < SATURDAY and start <= local.hour < end


def at_night(person: Persona, at: datetime) -> bool:
    """True from 22 to 7 on that person's clock."""
    hour = local_hour(person, at)
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def on_call(engineers: tuple[str, ...], people: Mapping[str, Persona], at: datetime) -> tuple[str, ...]:
    """The engineers in the order they are paged at `at`.

    The rotation moves by one each ISO week. Those at work come before those awake, and those
    before the sleeping, so the hour decides who is paged.
    """
    if not engineers:
        return ()
    turn = at.isocalendar().week % len(engineers)
    rotation = engineers[turn:] + engineers[:turn]

    def readiness(handle: str) -> int:
        person = people[handle]
        return 0 if at_work(person, at) else 2 if at_night(person, at) else 1

    return tuple(sorted(rotation, key=readiness))
