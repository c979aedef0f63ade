"""Reading a schedule file, and checking it against the people and the services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from slackincidents.drills.rota import Rota, Schedule
from slackincidents.errors import BadFile, nearest
from slackincidents.files import read_text
from slackincidents.library import Library, without_schema

MOST_BYTES = 5 * 2**20
_SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Annotated[Schedule, BeforeValidator(without_schema)])


def read_schedule(path: Path, library: Library) -> Schedule:
    """Read a schedule and check its names and zones. Raises BadFile with place, value and remedy."""
    try:
        schedule = _SCHEDULE.validate_json(read_text(path, most_bytes=MOST_BYTES))
    except ValidationError as error:
        raise _unreadable(path, error) from None
    people, services = library.people(), library.catalogue().services
    for number, rota in enumerate(schedule.rotas):
        place = f"{path}: rotas.{number}"
        _check(f"{place}.services", "service", rota.services, services)
        _check(f"{place}", "person", rota.people, people)
        for zone in _zones(rota):
            _check_zone(place, zone)
    return schedule


def _zones(rota: Rota) -> Iterator[str]:
    yield rota.timezone
    yield from (shift.timezone for shift in (*rota.primary, *rota.backup) if shift.timezone is not None)


def _check(place: str, kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            option = {"service": "--services", "person": "--personas"}[kind]
            raise BadFile(
                f"{place}: no {kind} {name!r}",
                f"Did you mean {near}?" if near else f"Add it to a file of your own: {option} FILE.",
            )


def _check_zone(place: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        names = {name.lower(): name for name in available_timezones()}
        near = nearest(zone, names, most=1).strip('"')
        hint = f'Did you mean "{names[near]}"?' if near else "Use an IANA name like Europe/Berlin."
        raise BadFile(f"{place}: {zone!r} is not a time zone", hint) from None


def _unreadable(path: Path, error: ValidationError) -> BadFile:
    """The first problem of the file; an unknown field before all others."""
    found = error.errors(include_url=False)
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    if first["type"] == "json_invalid":
        return BadFile(f"{path} is not JSON: {first['msg']}", "A missing comma or quote is the usual cause.")
    place = ".".join(map(str, first["loc"])) or "the whole file"
    if first["type"] == "extra_forbidden":
        return BadFile(f"{path}: unknown field {place}", "Remove it, or see: slackincidents schema schedule")
    value = repr(first["input"])
    shown = value if len(value) <= 60 else f"{value[:57]}..."
    return BadFile(f"{path}: {place}: {first['msg']}, got {shown}", "See: slackincidents schema schedule")
