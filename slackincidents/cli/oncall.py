"""`slackincidents oncall`: who carries the pager, until when, and what time it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel

from slackincidents.cli.options import ListingFormat, PersonasFile, ServicesFile
from slackincidents.cli.terminal import details, emit, listing
from slackincidents.clock import Clock, SystemClock
from slackincidents.drills.handoff import handoffs
from slackincidents.drills.reading import read_schedule
from slackincidents.drills.rota import DAYS, LATEST, OLDEST, Rota, Schedule, default_schedule
from slackincidents.drills.schedule import Fault, Why, faults, on_call, policy, until
from slackincidents.errors import UnknownName, UsageError
from slackincidents.library import Library
from slackincidents.schema.people import Persona

CLOCK: Clock = SystemClock()
CHECKED = timedelta(days=366)
SHOWN = timedelta(days=36)
MOST_SHOWN = 4


class Line(BaseModel):
    """Who is on call for one service, as JSON has it. Times carry the offset of the rota's zone."""

    service: str
    primary: str | None
    backup: str | None
    why: Why
    until: str | None
    timezone: str
    local_time: str | None
    local_timezone: str | None


class Flaw(BaseModel):
    """A gap or an overlap, as JSON has it."""

    service: str
    kind: str
    people: tuple[str, ...]
    starts: str
    ends: str
    times: int
    last: str


class Lines(BaseModel):
    """All services."""

    at: str
    services: list[Line]


class Flaws(BaseModel):
    """What `--check` found."""

    faults: list[Flaw]


@dataclass(frozen=True)
class Desk:
    """What every answer is made from."""

    schedule: Schedule
    people: dict[str, Persona]
    at: datetime


def oncall(
    service: Annotated[str | None, typer.Argument(metavar="[SERVICE]", help="Show one service.")] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="T", help="Another moment: 2026-03-29T02:30+01:00. Without a zone: UTC."),
    ] = None,
    schedule: Annotated[
        Path | None, typer.Option("--schedule", metavar="FILE", help="Your schedule instead of weekly turns.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Name gaps and overlaps of a year. Exit 1 with any.")] = False,
    dump: Annotated[bool, typer.Option("--dump", help="Print the schedule itself, to make a file of.")] = False,
    form: ListingFormat = "text",
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Say who is on call now, or at another moment, for every service or for one."""
    library = Library.from_environment(personas, services)
    known = library.catalogue()
    read = read_schedule(schedule, library) if schedule else default_schedule(known)
    if service is not None and service not in known.services:
        raise UnknownName("service", service, known.services, "slackincidents services")
    if service is not None:
        read = _only(read, service)
    desk = Desk(read, library.people(), _moment(at))
    if dump:
        emit(read.model_dump_json(indent=1, exclude_defaults=True) + "\n")
    elif check:
        _check(desk, form)
    elif form == "json":
        lines = [_line(desk, name, rota) for name, rota in _rows(desk)]
        shown = lines[0] if service else Lines(at=_iso(desk.at, "UTC"), services=lines)
        emit(shown.model_dump_json(indent=2) + "\n")
    elif service is not None:
        details(_details(desk, service))
    else:
        cells = (_cells(_line(desk, name, rota)) for name, rota in _rows(desk))
        listing(("service", "primary", "backup", "until", "local time there"), cells)


def _only(schedule: Schedule, service: str) -> Schedule:
    rota = schedule.rota(service)
    if rota is None:
        hint = f"It has: {', '.join(schedule.services)}." if schedule.services else "It is empty."
        raise UsageError(f"the schedule has no rota for {service}", hint)
    return Schedule(rotas=(rota.model_copy(update={"services": (service,)}),))


def _moment(value: str | None) -> datetime:
    """The moment asked for, aware; the clock's without one. Raises UsageError."""
    if value is None:
        return datetime.fromtimestamp(int(CLOCK.now()), UTC)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise UsageError(f"--at {value!r} is not a moment", "Write it like 2026-03-29T02:30+01:00.") from None
    if not OLDEST < found.year < LATEST:
        raise UsageError(f"--at {value} is out of range", f"Choose a year from {OLDEST + 1} to {LATEST - 1}.")
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _rows(desk: Desk) -> Iterator[tuple[str, Rota]]:
    return ((name, rota) for rota in desk.schedule.rotas for name in rota.services)


def _line(desk: Desk, name: str, rota: Rota) -> Line:
    watch, change = on_call(rota, desk.at), until(rota, desk.at)
    zone = desk.people[watch.primary].timezone if watch.primary else None
    return Line(
        service=name,
        primary=watch.primary,
        backup=watch.backup,
        why=watch.why,
        until=_iso(change, rota.timezone) if change else None,
        timezone=rota.timezone,
        local_time=_iso(desk.at, zone) if zone else None,
        local_timezone=zone,
    )


def _cells(line: Line) -> tuple[str, ...]:
    there = f"{_shown(line.local_time)} ({line.local_timezone})" if line.local_time else "-"
    return line.service, line.primary or f"nobody ({line.why})", line.backup or "-", _shown(line.until), there


def _details(desk: Desk, name: str) -> Iterator[tuple[str, str]]:
    rota = desk.schedule.rotas[0]
    line, steps = _line(desk, name, rota), policy(rota, desk.at)
    yield "service", name
    yield "at", _shown(_iso(desk.at, rota.timezone))
    yield "primary", _who(desk, line.primary) or f"nobody ({line.why})"
    yield "backup", _who(desk, line.backup) or "-"
    yield "why", line.why
    yield "until", _shown(line.until)
    if steps:
        order = ", ".join(person for level in steps.levels for person in level.people)
        yield "paged in order", f"{order}; {rota.timeout_s} s each, {_laps(rota)}"
    coming = (entry for _, entry in zip(range(MOST_SHOWN), handoffs(rota, desk.at, desk.at + SHOWN), strict=False))
    for place, entry in enumerate(coming):
        change = f"{entry.outgoing or 'nobody'} to {entry.incoming or f'nobody ({entry.why})'}"
        yield "" if place else "handoffs", f"{_shown(_iso(entry.at, rota.timezone))} {change}"


def _laps(rota: Rota) -> str:
    return "once" if not rota.repeats else f"{1 + rota.repeats} times over"


def _who(desk: Desk, handle: str | None) -> str | None:
    if handle is None:
        return None
    person = desk.people[handle]
    return f"{handle} ({person.name}), there it is {_shown(_iso(desk.at, person.timezone))}"


def _check(desk: Desk, form: str) -> None:
    found = [
        _flaw(name, rota, fault) for name, rota in _rows(desk) for fault in faults(rota, desk.at, desk.at + CHECKED)
    ]
    if form == "json":
        emit(Flaws(faults=found).model_dump_json(indent=2) + "\n")
    else:
        listing(("service", "what", "who", "first from", "to", "how often"), map(_named, found))
    if found:
        raise typer.Exit(1)


def _flaw(name: str, rota: Rota, fault: Fault) -> Flaw:
    return Flaw(
        service=name,
        kind=fault.kind,
        people=fault.people,
        starts=_iso(fault.starts, rota.timezone),
        ends=_iso(fault.ends, rota.timezone),
        times=fault.times,
        last=_iso(fault.last or fault.starts, rota.timezone),
    )


def _named(flaw: Flaw) -> tuple[str, ...]:
    often = f"{flaw.times} times, last {_shown(flaw.last)}" if flaw.times > 1 else "once"
    return (
        flaw.service,
        flaw.kind,
        ", ".join(flaw.people) or "nobody",
        _shown(flaw.starts),
        _shown(flaw.ends),
        often,
    )


def _iso(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def _shown(moment: str | None) -> str:
    """``Mon 2026-08-03 09:00+01:00``; no change in sight is a dash."""
    if not moment:
        return "-"
    return f"{DAYS[datetime.fromisoformat(moment).weekday()].title()} {moment.replace('T', ' ')}"
