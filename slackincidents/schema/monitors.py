"""Monitors that make noise: what they watch, where they fire, and how it reads when they do."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Figure, Frozen, Slug
from slackincidents.schema.people import ServiceKind
from slackincidents.schema.skeleton import AlertSeverity
from slackincidents.schema.workspace import Noise


class Monitor(Frozen):
    """One monitor of the noisy kind. It fires beyond `threshold`, with a value within `breach`."""

    kinds: tuple[ServiceKind, ...] = Field(min_length=1, description="kinds of service that have it")
    title: str
    metric: str
    label: str
    unit: str = Field(description="as a signal's unit")
    threshold: Figure
    below: bool = Field(default=False, description="fires below the threshold, not above")
    breach: tuple[Figure, Figure]
    back: Figure = Field(description="where it is normally")
    severity: AlertSeverity
    details: str = Field(description="may hold {service}, {value}, {threshold}")
    noise: tuple[Noise, ...] = Field(default=tuple(Noise), description="the kinds of noise it makes")


class Monitors(Frozen):
    """A file of monitors."""

    schema_: str | None = Field(default=None, alias="$schema")
    monitors: dict[Slug, Monitor] = Field(min_length=1)
