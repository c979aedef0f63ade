"""What the pages of a history's site show, ready for their templates."""

from __future__ import annotations

from calendar import month_name
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from slackincidents.render import room
from slackincidents.render.key import Chip
from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Order
from slackincidents.workspace.calendar import days, is_off
from slackincidents.workspace.out_history import Is

TONES = {"SEV-1": "s1", "SEV-2": "s2", "SEV-3": "s3", "SEV-4": "s4"}
WIDTH = 100
NOISE = "no"


@dataclass
class DayCount:
    """What began on one day."""

    kinds: Counter[str] = field(default_factory=Counter)
    tones: Counter[str] = field(default_factory=Counter)

    def opening(self) -> str:
        """In words."""
        return ", ".join(
            (
                _many(self.kinds[Is.INCIDENT], "incident"),
                f"{self.kinds[Is.NOISE]:,} noise",
                _many(self.kinds[Is.CHANGE], "change"),
                _many(self.kinds[Is.TALK], "chat"),
            )
        )


@dataclass(frozen=True)
class Bar:
    """A part of a day's picture, of 100 wide."""

    tone: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Cell:
    """A day of the calendar."""

    date: str
    number: int
    off: bool
    incidents: int
    noise: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Month:
    """A month of the calendar; `blank` days come before its first."""

    name: str
    blank: int
    days: tuple[Cell, ...]


class Line(Frozen):
    """An incident in the list of a day."""

    time: str
    ref: str
    severity: str
    tone: str
    title: str
    lasted: str


@dataclass(frozen=True)
class RoomLine:
    """A channel in a list."""

    slug: str
    count: int


def tone(severity: str) -> str:
    """The colour of a severity."""
    return TONES.get(severity, "")


def line(record: IncidentRecord, name: str) -> Line:
    """An incident as its day lists it."""
    severity = room.severity(record)
    return Line(
        time=f"{record.started_at:%H:%M}",
        ref=name,
        severity=severity,
        tone=tone(severity),
        title=room.clean(record.title),
        lasted=room.span(room.duration(record)),
    )


def key_chips(record: IncidentRecord) -> tuple[Chip, ...]:
    """What the answer key says of an alert that nobody needed."""
    if record.noise is None:
        return ()
    answered = "answered" if record.noise.answered else "nobody answered"
    return Chip(f"noise: {record.noise.kind.replace('_', ' ')}", "false"), Chip(answered, "phase")


def months(order: Order, counts: dict[str, DayCount]) -> tuple[Month, ...]:
    """The calendar of a history, with the days on which nothing began."""
    most_incidents = max((one.kinds[Is.INCIDENT] for one in counts.values()), default=0)
    most_noise = max((one.kinds[Is.NOISE] for one in counts.values()), default=0)
    found: dict[tuple[int, int], list[date]] = {}
    for day in _shown(order, counts):
        found.setdefault((day.year, day.month), []).append(day)
    return tuple(
        Month(
            name=f"{month_name[month]} {year}",
            blank=here[0].weekday(),
            days=tuple(
                _cell(day, is_off(day, order.mix), counts.get(day.isoformat(), DayCount()), most_incidents, most_noise)
                for day in here
            ),
        )
        for (year, month), here in found.items()
    )


def _shown(order: Order, counts: Iterable[str]) -> list[date]:
    return sorted({*days(order), *(date.fromisoformat(day) for day in counts)})


def _cell(day: date, off: bool, counted: DayCount, most_incidents: int, most_noise: int) -> Cell:
    bars, x = [], 0.0
    for one in TONES.values():
        width = round(WIDTH * counted.tones[one] / max(1, most_incidents), 2)
        if width:
            bars.append(Bar(one, round(x, 2), 0, width))
        x += width
    noise = counted.kinds[Is.NOISE]
    if noise:
        bars.append(Bar(NOISE, 0, 9, round(WIDTH * noise / max(1, most_noise), 2)))
    return Cell(day.isoformat(), day.day, off, counted.kinds[Is.INCIDENT], noise, tuple(bars))


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
