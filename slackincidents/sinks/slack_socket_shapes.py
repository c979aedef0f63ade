"""What comes over a Socket Mode connection, as far as we read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, JsonValue

from slackincidents.sinks.live import Heard, Pressed, Typed

SPOKEN = frozenset({"", "thread_broadcast"})
"""Kinds of message that a person typed; edits, joins, files and bots' messages are others."""

Word = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text that may be missing, or null."""


class OpenShape(BaseModel):
    """apps.connections.open. The address holds a ticket: a secret for half a minute."""

    url: str = Field(repr=False)


class Envelope(BaseModel):
    """One frame. Everything but hello and disconnect has an `envelope_id` and waits for its acknowledgement."""

    type: Word = ""
    envelope_id: Word = ""
    reason: Word = ""
    num_connections: int = 1
    payload: JsonValue = None


class PersonShape(BaseModel):
    """Who did it."""

    id: str


class MessageShape(BaseModel):
    """A message event."""

    type: str
    subtype: Word = ""
    channel: Word = ""
    user: Word = ""
    bot_id: Word = ""
    text: Word = ""
    ts: Word = ""
    thread_ts: Word = ""


class EventShape(BaseModel):
    """The payload of an events_api envelope."""

    event_id: Word = ""
    event: MessageShape

    @property
    def key(self) -> str:
        """The same for each delivery of the same event."""
        return self.event_id or f"{self.event.channel} {self.event.ts}"

    def heard(self) -> Iterator[Heard]:
        """The message, when a person typed it."""
        one = self.event
        if one.type == "message" and one.subtype in SPOKEN and one.user and not one.bot_id and one.text.strip():
            yield Typed(one.channel, one.thread_ts, one.ts, one.user, one.text)


class ContainerShape(BaseModel):
    """Where the button stands."""

    channel_id: Word = ""
    message_ts: Word = ""


class ActionShape(BaseModel):
    """What was pressed. `action_ts` is the moment of it."""

    action_id: str
    value: Word = ""
    action_ts: Word = ""


class InteractiveShape(BaseModel):
    """The payload of an interactive envelope."""

    type: str
    user: PersonShape
    container: ContainerShape = ContainerShape()
    actions: tuple[ActionShape, ...] = ()

    @property
    def key(self) -> str:
        """The same for each delivery of the same press; empty when there is nothing to tell it by."""
        moments = [one.action_ts for one in self.actions if one.action_ts]
        return f"{self.user.id} {self.container.message_ts} {' '.join(moments)}" if moments else ""

    def heard(self) -> Iterator[Heard]:
        """The buttons that were pressed under a message."""
        place = self.container
        if self.type == "block_actions" and place.channel_id:
            for one in self.actions:
                yield Pressed(place.channel_id, place.message_ts, self.user.id, one.action_id, one.value)
