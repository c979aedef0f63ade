"""The schedule file: rotas of services, with shifts, hours, turns, overrides and quiet hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from slackincidents.drills.escalation import MOST_REPEATS, TIMEOUT_S
from slackincidents.schema.base import Frozen
from slackincidents.schema.people import Catalogue

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Wall = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time on the wall clock: ``09:00``."""

Seat = Literal["primary", "backup"]
FIRST_TURN = date(2024, 1, 1)
"""A Monday."""

OLDEST, LATEST = 1970, 2200
"""Years in which a schedule can be asked."""


class Hours(Frozen):
    """A stretch of the wall clock on some days: all days round the clock when nothing is said.

    It begins on `days` at `starts` and runs to the next time the clock shows `ends`: ``17:00`` to
    ``09:00`` runs over midnight, ``09:00`` to ``09:00`` a whole day.
    """

    days: tuple[Day, ...] = Field(default=DAYS, min_length=1, description="the days on which it begins")
    starts: Wall = "00:00"
    ends: Wall = "00:00"

    @property
    def always(self) -> bool:
        """True when it leaves no moment out."""
        return self.starts == self.ends and set(self.days) == set(DAYS)


class Turns(Frozen):
    """When one person of a shift hands over to the next: every `every_days`, counted from `since`."""

    every_days: int = Field(default=7, ge=1, le=366)
    time: Wall = "09:00"
    since: date = Field(
        default=FIRST_TURN, ge=date(OLDEST, 1, 1), le=date(LATEST, 12, 31), description="the first person's first day"
    )


class Shift(Frozen):
    """People who take turns at some hours."""

    people: tuple[str, ...] = Field(min_length=1, description="handles, in the order of their turns")
    hours: tuple[Hours, ...] = Field(default=(Hours(),), min_length=1)
    turns: Turns = Turns()
    timezone: str | None = Field(default=None, description="whose wall clock; the rota's when nothing is said")


class Override(Frozen):
    """Somebody sits in for whoever the shifts name, from `starts` to `ends`. Of several the last listed counts."""

    person: str
    starts: AwareDatetime
    ends: AwareDatetime
    seat: Seat = "primary"
    reason: str = ""

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not (self.starts < self.ends and self.starts.year > OLDEST and self.ends.year < LATEST):
            raise ValueError("an override ends after it starts, in a year a schedule can be asked for")
        return self


class Rota(Frozen):
    """Who is on call for some services."""

    services: tuple[str, ...] = Field(min_length=1)
    timezone: str = Field(default="UTC", description="an IANA name: Europe/Berlin")
    primary: tuple[Shift, ...] = Field(min_length=1, description="where two shifts overlap, the first one counts")
    backup: tuple[Shift, ...] = Field(default=(), description="without any: the next in turn")
    quiet: tuple[Hours, ...] = Field(default=(), description="hours when nobody is on call, on purpose")
    overrides: tuple[Override, ...] = ()
    then: tuple[str, ...] = Field(default=(), description="who is paged after primary and backup, in order")
    timeout_s: int = Field(default=TIMEOUT_S, ge=1, le=86_400, description="seconds each of them has to answer")
    repeats: int = Field(default=0, ge=0, le=MOST_REPEATS, description="how often all are paged once more")

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it names, once each."""
        shifts = (person for shift in (*self.primary, *self.backup) for person in shift.people)
        return tuple(dict.fromkeys((*shifts, *(override.person for override in self.overrides), *self.then)))


class Schedule(Frozen):
    """All rotas; a service is in one of them at most."""

    rotas: tuple[Rota, ...]

    @model_validator(mode="after")
    def _one_rota_each(self) -> Self:
        names = [service for rota in self.rotas for service in rota.services]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} would have two rotas")
        return self

    @property
    def services(self) -> tuple[str, ...]:
        """Every service that has a rota."""
        return tuple(service for rota in self.rotas for service in rota.services)

    def rota(self, service: str) -> Rota | None:
        """The rota of a service, if it has one."""
        return next((rota for rota in self.rotas if service in rota.services), None)


def default_schedule(catalogue: Catalogue) -> Schedule:
    """Each service's engineers by the week, from Monday nine o'clock on the service's own clock."""
    return Schedule(
        rotas=tuple(
            Rota(
                services=(name,),
                timezone=service.timezone,
                primary=(Shift(people=service.engineers),),
                then=service.engineers,
            )
            for name, service in catalogue.services.items()
            if service.engineers
        )
    )
