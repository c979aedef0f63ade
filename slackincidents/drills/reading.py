"""Reading a schedule file, and checking it against the people and the services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from slackincidents.drills.rota import Rota, Schedule
from slackincidents.errors import BadFile, nearest
from slackincidents.library import Library
from slackincidents.schema.parsing import check_zone, parsed, without_schema

MOST_BYTES = 5 * 2**20
_SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Annotated[Schedule, BeforeValidator(without_schema)])


def read_schedule(path: Path, library: Library) -> Schedule:
    """Read a schedule and check its names and zones. Raises BadFile with place, value and remedy."""
    schedule = parsed(path, _SCHEDULE, MOST_BYTES)
    people, services = library.people(), library.catalogue().services
    for number, rota in enumerate(schedule.rotas):
        place = f"{path}: rotas.{number}"
        _check(f"{place}.services", "service", rota.services, services)
        _check(f"{place}", "person", rota.people, people)
        for zone in _zones(rota):
            check_zone(place, zone)
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
