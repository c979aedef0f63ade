"""Exchanges: the talk that carries no fact of the plot, a few turns each, as data.

Dead ends, missing access, tools that hang, misreadings taken back, another topic, a joke that is
picked up. The planner decides whether, when and between whom; these hold what is said.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from slackincidents.schema.acts import Act, Phase
from slackincidents.schema.base import Frozen, Slug, Tellings


class ExchangeKind(StrEnum):
    """What an exchange is about; none of them is about the fault."""

    DEAD_END = "dead_end"
    NO_ACCESS = "no_access"
    TOOL_TROUBLE = "tool_trouble"
    MISREAD = "misread"
    SIDE_FAULT = "side_fault"
    OTHER_TOPIC = "other_topic"
    ASIDE = "aside"
    PERMISSION = "permission"
    UNANSWERED = "unanswered"
    BYSTANDER = "bystander"
    DOUBLE_WORK = "double_work"
    CONFUSION = "confusion"
    WAITING = "waiting"


class Turn(Frozen):
    """One message of an exchange."""

    role: Literal["a", "b", "c"]
    act: Act
    gist: str = Field(description="what it says, in plain words; a model writer gets this")
    tellings: Tellings = Field(min_length=3)
    pause: Literal["burst", "quick", "normal", "slow", "late"] = "normal"
    chance: float = Field(default=1.0, gt=0.0, le=1.0)


class Talk(Frozen):
    """What one message sets off: ``a`` said it, ``b`` takes it up, ``c`` may join in.

    The turns build on each other and on that message, so they may speak of what it told.
    """

    turns: tuple[Turn, ...] = Field(min_length=1)


class Exchange(Frozen):
    """A few turns between people who are there. ``a`` opens; ``b`` and ``c`` are others present."""

    id: Slug
    kind: ExchangeKind
    phases: tuple[Phase, ...] = (Phase.TRIAGE, Phase.INVESTIGATE, Phase.MITIGATE, Phase.VERIFY)
    hours: Literal["any", "day", "night"] = "any"
    opener: Literal["lead", "responder", "outsider", "any"] = "any"
    place: Literal["thread", "channel", "any"] = "any"
    particulars: dict[str, Tellings] = Field(default_factory=dict)
    turns: tuple[Turn, ...] = Field(min_length=1)


class ExchangeBank(Frozen):
    """A file of exchanges."""

    schema_: str | None = Field(default=None, alias="$schema")
    exchanges: tuple[Exchange, ...]
