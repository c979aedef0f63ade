"""Something a person is about to say, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Kind, Words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a channel, and the beat that roots its thread if any."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True)
class Line:
    """Something a person is about to say: the beat's fields that the speaker decides."""

    act: Act
    words: Words
    kind: Kind = Kind.MESSAGE
    place: Place | None = None
    reveals: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    answers: str | None = None
    hypothesis: str | None = None
    action: str | None = None
    exchange: str | None = None
    you: str | None = None
    particulars: Mapping[str, str] = field(default_factory=dict)
    features: tuple[Feature, ...] = ()
    plain: bool = False
    """never split, tailed or slipped"""
