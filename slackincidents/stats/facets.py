"""What incidents are sorted by, and on whose clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from slackincidents.errors import UsageError, nearest
from slackincidents.render.room import severity
from slackincidents.schema.incident import IncidentRecord
from slackincidents.stats.course import Course

NIGHT_FROM, NIGHT_TO = 22, 7
"""Night is from 22:00 to 7:00, and belongs to the day it begins on."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AS_WRITTEN = "as written"


class Facet(StrEnum):
    """A way to sort incidents into groups."""

    SERVICE = "service"
    SEVERITY = "severity"
    HOUR = "hour"
    WEEKDAY = "weekday"
    RESPONDER = "responder"


@dataclass(frozen=True)
class Wall:
    """The clock that hours, weekdays and nights are read off: a zone's, or each file's own."""

    zone: ZoneInfo | None = None

    @classmethod
    def of(cls, name: str | None) -> Wall:
        """The clock of a time zone; without one, of each file's `start_time`. Raises UsageError."""
        if name is None:
            return cls()
        try:
            return cls(ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            near = nearest(name, ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata"))
            hint = f"Did you mean {near}?" if near else "Use an IANA name like Europe/Berlin."
            raise UsageError(f"{name!r} is not a time zone", hint) from None

    @property
    def name(self) -> str:
        """For the report."""
        return str(self.zone) if self.zone else AS_WRITTEN

    def time(self, record: IncidentRecord, offset: float) -> datetime:
        """The time on that clock so many seconds from an incident's start."""
        at = record.started_at + timedelta(seconds=offset)
        return at.astimezone(self.zone) if self.zone else at


def night_of(at: datetime) -> str | None:
    """The date of the evening a night began on, as ISO 8601; None by day."""
    if NIGHT_TO <= at.hour < NIGHT_FROM:
        return None
    return (at - timedelta(hours=NIGHT_TO)).date().isoformat()


def keys(course: Course, wall: Wall) -> dict[Facet, str | None]:
    """The groups an incident belongs to; None where the file does not say. Responders are sorted elsewhere."""
    at = wall.time(course.record, course.start) if course.start is not None else None
    return {
        Facet.SERVICE: _service(course),
        Facet.SEVERITY: severity(course.record) or None,
        Facet.HOUR: f"{at.hour:02}" if at else None,
        Facet.WEEKDAY: WEEKDAYS[at.weekday()] if at else None,
    }


def _service(course: Course) -> str | None:
    """The service whose role is primary, else the one in whose channel the first alert fired, else that channel."""
    services = course.record.services
    primary = next((name for name, service in services.items() if service.role == "primary"), None)
    if primary or not course.firing:
        return primary
    channel = course.event(course.firing[0]).channel
    return next((name for name, service in services.items() if service.channel == channel), channel)
