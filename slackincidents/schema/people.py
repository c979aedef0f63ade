"""Who responds and what they run: personas, services and the graph between them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from slackincidents.schema.base import Frozen, Share

Register = Literal["terse", "casual", "formal"]
"""How somebody puts things; skeletons tell each clue in all three."""

Role = Literal["engineer", "manager", "support", "executive", "product"]


CAREFUL = 0.6
"""Share of messages with a capital from which somebody writes with care."""


class Voice(Frozen):
    """How a person types. Shares are per message unless said otherwise."""

    manner: Register = "casual"
    casing: Share = Field(default=0.3, description="share of messages that start with a capital")
    full_stop: Share = Field(default=0.15, description="share of statements that end with a full stop")
    drops_apostrophes: Share = Field(default=0.2, description="chance that don't becomes dont")
    abbreviates: Share = Field(default=0.2, description="chance a shortenable word is shortened")
    typos: Share = Field(default=0.02, description="share of messages with a typing slip")
    corrects: Share = Field(default=0.5, description="share of slips followed by a *correction")
    hedges: Share = Field(default=0.1, description="chance a claim gets a maybe or an i think")
    splits: Share = Field(default=0.25, description="chance a thought is sent in two messages")
    ellipsis: Share = Field(default=0.03, description="share of messages that trail off...")
    exclaims: Share = Field(default=0.02, description="share of statements with an exclamation mark")
    emoji: Share = Field(default=0.05, description="share of messages with one of `emoji_used`")
    emoji_used: tuple[str, ...] = Field(default=(":)",), description="emoticons or :shortcodes:")
    reacts: Share = Field(default=0.15, description="chance to react to a message that invites it")
    pet_phrases: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()

    @property
    def careful(self) -> bool:
        """True for those who write I, CPU, and mostly whole sentences."""
        return self.casing > CAREFUL


class Persona(Frozen):
    """One person. The first four fields are the seed's; the rest widens them."""

    name: str
    style: str
    response_time: Literal["fast", "medium", "slow"] = "medium"
    characteristics: tuple[str, ...] = ()
    title: str = "Software Engineer"
    role: Role = "engineer"
    seniority: Literal["junior", "mid", "senior", "staff"] = "mid"
    timezone: str = "UTC"
    works: tuple[int, int] = Field(default=(9, 18), description="local working hours, from and to")
    verbosity: Literal["terse", "normal", "wordy"] = "normal"
    looks_first: tuple[str, ...] = Field(default=(), description="sources checked first, of clue.where")
    voice: Voice = Field(default_factory=lambda: Voice())
    sample_lines: tuple[str, ...] = ()


class People(Frozen):
    """Everybody who can appear, by handle (``alice``)."""

    people: dict[str, Persona]


class ServiceKind(StrEnum):
    """What sort of thing a service is."""

    SERVICE = "service"
    DATASTORE = "datastore"
    INFRASTRUCTURE = "infrastructure"
    EDGE = "edge"


class Call(Frozen):
    """One dependency edge: the service that holds it calls `service`."""

    service: str
    mode: Literal["sync", "async"] = "sync"


class Service(Frozen):
    """One entry of the catalogue. Channel, group, engineers and time zone are the seed's."""

    channel: str = Field(pattern=r"^#[a-z0-9_-]{2,64}$")
    oncall_group: str = Field(pattern=r"^@[a-z0-9_.-]{2,64}$")
    engineers: tuple[str, ...] = ()
    timezone: str = "UTC"
    kind: ServiceKind = ServiceKind.SERVICE
    technology: str = ""
    calls: tuple[Call, ...] = ()
    aliases: tuple[str, ...] = Field(default=(), description="what people call it: reco, pg")


class Catalogue(Frozen):
    """All services by name."""

    services: dict[str, Service]
