"""What is read of an export. Real ones vary: a field of another shape than expected counts as missing."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from slackincidents.schema.base import Frozen

Value = TypeVar("Value")


def _or_none(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError:
        return None


Maybe = Annotated[Value | None, WrapValidator(_or_none)]
"""A value, or None where it is missing or of another shape."""

Stamp = Annotated[str, Field(pattern=r"^\d{1,10}(\.\d{1,6})?$")]
"""Slack's time of a message: seconds since 1970, a point, six digits."""


class Loose(BaseModel):
    """Frozen; what we have no use for is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Profile(Loose):
    """Who somebody is, as users.json or a message says."""

    name: Maybe[str] = None
    real_name: Maybe[str] = None
    display_name: Maybe[str] = None
    bot_id: Maybe[str] = None


class User(Loose):
    """An entry of users.json."""

    id: str
    name: Maybe[str] = None
    real_name: Maybe[str] = None
    is_bot: Maybe[bool] = None
    profile: Maybe[Profile] = None


class Channel(Loose):
    """An entry of channels.json, groups.json, mpims.json or dms.json."""

    id: str
    name: Maybe[str] = None


class Reaction(Loose):
    """One emoji under a message."""

    name: str
    users: Maybe[tuple[str, ...]] = None


class Edited(Loose):
    """When a message was edited last."""

    ts: Stamp


class FieldOf(Loose):
    """A name and a value on a card."""

    title: Maybe[str] = None
    value: Maybe[str] = None


class Card(Loose):
    """An attachment."""

    color: Maybe[str] = None
    fallback: Maybe[str] = None
    pretext: Maybe[str] = None
    title: Maybe[str] = None
    title_link: Maybe[str] = None
    text: Maybe[str] = None
    fields: Maybe[tuple[Maybe[FieldOf], ...]] = None
    blocks: Maybe[list[JsonValue]] = None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and value of its fields."""
        return tuple((field.title or "", field.value or "") for field in self.fields or () if field)


class Upload(Loose):
    """A file; its addresses carry a token, so they are not even read."""

    title: Maybe[str] = None
    name: Maybe[str] = None


class Payload(Loose):
    """Which event of which incident of ours a message is. `event` has what Slack's fields cannot say."""

    incident: str
    index: Annotated[int, Field(ge=0)]
    part: int = 0
    synthetic: bool = True
    event: dict[str, JsonValue] = Field(default_factory=dict)


class Metadata(Loose):
    """The mark that an app left on a message."""

    event_type: str
    event_payload: Maybe[Payload] = None


class Message(Loose):
    """An entry of a day file."""

    ts: Stamp
    subtype: Maybe[str] = None
    user: Maybe[str] = None
    user_profile: Maybe[Profile] = None
    bot_id: Maybe[str] = None
    bot_profile: Maybe[Profile] = None
    username: Maybe[str] = None
    text: Maybe[str] = None
    thread_ts: Maybe[Stamp] = None
    edited: Maybe[Edited] = None
    reactions: Maybe[tuple[Maybe[Reaction], ...]] = None
    attachments: Maybe[tuple[Maybe[Card], ...]] = None
    files: Maybe[tuple[Maybe[Upload], ...]] = None
    blocks: Maybe[list[JsonValue]] = None
    metadata: Maybe[Metadata] = None

    @property
    def cards(self) -> tuple[Card, ...]:
        """Its attachments, as far as they can be read."""
        return tuple(filter(None, self.attachments or ()))


class Entry(Frozen):
    """One incident of ours in an export: its identity, how many events it has, and all of the file but these."""

    incident: str
    events: int
    record: dict[str, JsonValue]


class Manifest(Frozen):
    """``slackincidents.json``: what in this export is ours."""

    version: int
    incidents: tuple[Entry, ...]
