"""A workspace's history as a plan: what happens when, in which order, and who is free for it. No text."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from slackincidents.schema.base import Frozen, Share
from slackincidents.schema.plan import Elsewhere


class Noise(StrEnum):
    """What an alert was that nobody needed."""

    FALSE_POSITIVE = "false_positive"
    AUTO_RESOLVED = "auto_resolved"
    KNOWN_ISSUE = "known_issue"
    MAINTENANCE = "maintenance"
    THRESHOLD = "threshold"
    FLAPPING = "flapping"


class Mix(Frozen):
    """How much of what happens on a weekday, by the day. A weekend has `weekend` of it.

    The defaults are the seed's users' workspace: 57 incidents a day, 50 of them noise, about 30 % never answered.
    """

    incidents: float = Field(default=7.0, ge=0, le=40)
    noise: float = Field(default=50.0, ge=0, le=5000)
    unanswered: Share = Field(default=0.3, description="share of noise that no person answers")
    deploys: float = Field(default=9.0, ge=0, le=500)
    talk: float = Field(default=12.0, ge=0, le=500, description="everyday talk between the alerts")
    recurring: Share = Field(default=0.15, description="share of incidents that come back within hours or days")
    weekend: Share = 0.45
    holidays: tuple[date, ...] = Field(default=(), description="days on which everybody has off")


class Order(Frozen):
    """What a workspace is made from; the same order gives the same history."""

    seed: str
    start: date
    days: int = Field(ge=1, le=3660)
    mix: Mix = Mix()
    scenarios: tuple[str, ...] = Field(default=(), description="skeletons that may happen; none: all")
    services: tuple[str, ...] = Field(default=(), description="services that have noise; none: all with an on-call")


class Happening(Frozen):
    """The base of every entry. `number` counts over the whole history, `at` is UTC, ISO with zone."""

    number: int = Field(ge=1)
    at: str


class IncidentEntry(Happening):
    """A real incident. `recurs` is the number of the one whose cause has come back."""

    kind: Literal["incident"] = "incident"
    scenario: str
    seed: str
    elsewhere: Elsewhere
    recurs: int | None = None
    alongside: tuple[int, ...] = Field(default=(), description="numbers of incidents that were going on at its start")


class NoiseEntry(Happening):
    """An alert that nobody needed; `by` are those who say something to it, in order."""

    kind: Literal["noise"] = "noise"
    noise: Noise
    service: str
    seed: str
    by: tuple[str, ...] = ()


class ChangeEntry(Happening):
    """A deploy, or a flag that was switched; `guilty_of` is the number of the incident that it set off."""

    kind: Literal["change"] = "change"
    what: Literal["deploy", "flag"]
    service: str
    seed: str
    by: str | None = None
    subject: str | None = Field(default=None, description="the flag")
    guilty_of: int | None = None


class TalkEntry(Happening):
    """A little everyday talk in a channel, between people who are at work and not busy."""

    kind: Literal["talk"] = "talk"
    service: str
    seed: str
    by: tuple[str, ...]


Entry = Annotated[IncidentEntry | NoiseEntry | ChangeEntry | TalkEntry, Field(discriminator="kind")]
"""Anything that happens; as JSON, told apart by `kind`."""
