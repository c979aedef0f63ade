"""The incident file: the seed's dialect, plus the answer key and where the file comes from."""

from __future__ import annotations

import math
import sys
from collections.abc import Sized
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from slackincidents.schema.acts import Act, Feature, Phase
from slackincidents.schema.base import Frozen
from slackincidents.schema.change import Change, unset
from slackincidents.schema.plan import Elsewhere, Ending, Pace
from slackincidents.schema.seat import Seat
from slackincidents.schema.workspace import Noise


def empty(value: Sized) -> bool:
    """True for what need not stand in a file."""
    return len(value) == 0


def unset_flag(value: bool) -> bool:
    """True for a flag that need not stand in a file."""
    return not value


def _within_floats(value: float) -> float:
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf
    return value


Seconds = Annotated[int | float, AfterValidator(_within_floats)]
"""Seconds from the incident's start; a whole number too large for a clock counts as infinite."""


class Open(BaseModel):
    """Frozen, but keeps unknown fields: files of the seed's dialect come with extras."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Names of fields the dialect does not have, in file order."""
        return tuple(self.model_extra or ())


class ReactionRecord(Open):
    """One emoji under a message and who put it there."""

    emoji: str
    users: tuple[str, ...] = ()


class EditRecord(Open):
    """When a message was edited, in seconds from the incident's start."""

    offset_seconds: Seconds


class EventBase(Open):
    """What every event has. `thread_parent` is the index of the thread's root event."""

    offset_seconds: Seconds
    channel: str
    thread_parent: int | None = None
    reactions: tuple[ReactionRecord, ...] = Field(default=(), exclude_if=empty)
    metrics_after: dict[str, str | float] | None = None

    @property
    def speaker(self) -> str:
        """Who posted it; alerts come from the monitoring bot."""
        return getattr(self, "user", None) or "Monitoring Bot"

    @property
    def text(self) -> str:
        """What it says, in mrkdwn."""
        return getattr(self, "content", None) or ""


class AlertEvent(EventBase):
    """A card from the monitoring system."""

    type: Literal["alert"] = "alert"
    severity: Literal["critical", "warning", "info"]
    title: str
    details: str = ""
    state: Literal["firing", "resolved"] | None = None
    metrics: dict[str, str | float] = Field(default_factory=dict, exclude_if=empty)
    runbook: str | None = None
    dashboard: str | None = None
    user: str | None = None

    @property
    def text(self) -> str:
        """Title and details."""
        return f"{self.title}\n{self.details}".strip()


class Spoken(EventBase):
    """An event somebody typed."""

    user: str
    content: str
    mentions: tuple[str, ...] = Field(default=(), exclude_if=empty)
    edited: EditRecord | None = None


class MessageEvent(Spoken):
    """Somebody said something."""

    type: Literal["message"] = "message"


class MentionEvent(Spoken):
    """Somebody said something to a group or a person."""

    type: Literal["mention"] = "mention"


class ActionEvent(Spoken):
    """Something was done; command and output stand in `content`."""

    type: Literal["action"] = "action"
    content: str = ""
    action_type: str
    action_details: str = ""


class ResolutionEvent(Spoken):
    """Somebody says that it is over; `metrics_after` shows it."""

    type: Literal["resolution"] = "resolution"


class StatusUpdateEvent(Spoken):
    """The lead tells everybody where it stands."""

    type: Literal["status_update"] = "status_update"


class SystemEvent(Spoken):
    """A line of Slack's or the incident bot's own: joined, set the topic, pinned."""

    type: Literal["system"] = "system"


Event = Annotated[
    AlertEvent | MessageEvent | MentionEvent | ActionEvent | ResolutionEvent | StatusUpdateEvent | SystemEvent,
    Field(discriminator="type"),
]


class ServiceRecord(Open):
    """A service that takes part, with its channel, group and people."""

    channel: str
    oncall_group: str = ""
    role: str = ""
    engineers: tuple[str, ...] = ()


class CauseLabel(Frozen):
    """What really caused it."""

    service: str
    component: str
    category: str
    mechanism: str
    plain: str


class CascadeLabel(Frozen):
    """One edge of the cascade; `offset_seconds` is when its effect began."""

    source: str
    target: str
    via: str
    effect: str
    offset_seconds: int


class MessageLabel(Frozen):
    """The answer key for one event. `index` is its place in the timeline."""

    index: int
    act: Act
    phase: Phase
    reveals: tuple[str, ...] = Field(default=(), exclude_if=empty)
    cites: tuple[str, ...] = Field(default=(), exclude_if=empty)
    hypothesis: str | None = None
    hypothesis_true: bool | None = None
    exchange: str | None = None
    answers: int | None = None
    features: tuple[Feature, ...] = Field(default=(), exclude_if=empty)
    typed: bool = Field(default=False, exclude_if=unset_flag, description="a person typed it in a drill")


class Labels(Frozen):
    """The answer key of an incident."""

    root_cause: CauseLabel
    cascade: tuple[CascadeLabel, ...] = ()
    impact_start: int
    impact_end: int | None = None
    ending: Ending
    cause_first_stated: int | None = Field(
        default=None, description="index of the first message that states the true cause"
    )
    hypotheses_withdrawn: tuple[str, ...] = ()
    actions_failed: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()
    messages: tuple[MessageLabel, ...] = ()


class NoiseLabel(Frozen):
    """The answer key of an alert that nobody needed: what it was, which monitor made it, whether anybody answered."""

    kind: Noise
    monitor: str
    answered: bool


class Provenance(Frozen):
    """Where a file comes from, enough to make it again."""

    generator: str
    skeleton: str
    skeleton_sha256: str
    catalogue_sha256: str
    people_sha256: str
    seed: str
    pace: Pace
    engineers: dict[str, tuple[str, ...]] = Field(default_factory=dict, exclude_if=empty)
    change: Change | None = Field(
        default=None, exclude_if=unset, description="what was changed in the course that the seed gives"
    )
    seat: Seat | None = Field(
        default=None, exclude_if=unset, description="what a person did in the empty seat of a drill"
    )
    elsewhere: Elsewhere | None = Field(
        default=None, exclude_if=unset, description="what else went on in the workspace it is from"
    )
    writer: str
    model: str | None = None
    variant: str = Field(default="", description="which wording of the plan; empty for the first", exclude_if=empty)
    prompts_sha256: str | None = Field(default=None, description="hash of the prompt templates, where a model wrote")
    fell_back: tuple[int, ...] = Field(default=(), exclude_if=empty)
    repaired: tuple[int, ...] = Field(default=(), exclude_if=empty)
    usage: dict[str, int] = Field(default_factory=dict, exclude_if=empty)


class IncidentRecord(Open):
    """An incident as it stands in a file."""

    schema_: str | None = Field(default=None, alias="$schema")
    scenario_id: str
    scenario_type: str
    title: str
    description: str | None = None
    start_time: str
    services: dict[str, ServiceRecord]
    timeline: tuple[Event, ...]
    people: dict[str, str] = Field(default_factory=dict, description="handle -> display name", exclude_if=empty)
    metadata: dict[str, JsonValue] = Field(default_factory=dict)
    labels: Labels | None = None
    noise: NoiseLabel | None = Field(default=None, exclude_if=unset, description="the key of an alert nobody needed")
    provenance: Provenance | None = None

    @property
    def started_at(self) -> datetime:
        """`start_time` as an aware datetime; without a zone it is taken for UTC."""
        start = datetime.fromisoformat(self.start_time)
        return start if start.tzinfo else start.replace(tzinfo=UTC)

    def time_of(self, event: EventBase) -> datetime:
        """When an event happened."""
        return self.started_at + timedelta(seconds=event.offset_seconds)
