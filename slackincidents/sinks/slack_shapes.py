"""The answers of Slack's methods, as far as we read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, JsonValue, ValidationError

from slackincidents.schema.delivery import EVENT_TYPE, Channel, Marker

Ts = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{1,9}$")]


class CursorShape(BaseModel):
    """Where the next page begins."""

    next_cursor: str = ""


class Page(BaseModel):
    """One page of a list."""

    response_metadata: CursorShape | None = None

    @property
    def cursor(self) -> str:
        """Where the next page begins; empty on the last one."""
        return self.response_metadata.next_cursor if self.response_metadata else ""


class AuthShape(BaseModel):
    """auth.test."""

    team_id: str
    team: str = ""
    user_id: str = ""
    user: str = ""


class ChannelShape(BaseModel):
    """A channel."""

    id: str
    name: str = ""
    is_member: bool = False
    is_archived: bool = False
    is_private: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False

    def ours(self, member: bool = False) -> Channel:
        """The same as a value of ours."""
        return Channel(
            id=self.id,
            name=self.name,
            member=self.is_member or member,
            archived=self.is_archived,
            private=self.is_private,
            foreign=self.is_ext_shared or self.is_pending_ext_shared,
        )


class ChannelsShape(Page):
    """conversations.list."""

    channels: list[ChannelShape]


class CreatedShape(BaseModel):
    """conversations.create and conversations.join."""

    channel: ChannelShape


class GroupShape(BaseModel):
    """A user group."""

    id: str
    handle: str
    date_delete: int = 0


class GroupListShape(BaseModel):
    """usergroups.list."""

    usergroups: list[GroupShape]


class ProfileShape(BaseModel):
    """What people see of somebody."""

    display_name: str = ""
    real_name: str = ""


class PersonShape(BaseModel):
    """Somebody of the workspace."""

    id: str
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    profile: ProfileShape = ProfileShape()


class PeopleShape(Page):
    """users.list."""

    members: list[PersonShape]


class MetadataShape(BaseModel):
    """What a message carries unseen."""

    event_type: str = ""
    event_payload: dict[str, JsonValue] = Field(default_factory=dict)

    def marker(self) -> Marker | None:
        """The marker, when it is one of ours."""
        if self.event_type != EVENT_TYPE:
            return None
        try:
            return Marker.model_validate({name: self.event_payload.get(name) for name in Marker.model_fields})
        except ValidationError:
            return None


class MessageShape(BaseModel):
    """A message in a channel or thread."""

    ts: Ts
    thread_ts: str | None = None
    metadata: MetadataShape | None = None


class MessagesShape(Page):
    """conversations.history and conversations.replies."""

    messages: list[MessageShape]


class StoredShape(BaseModel):
    """A message as it was stored."""

    username: str | None = None


class DeletedShape(BaseModel):
    """chat.delete."""

    ts: Ts


class PostedShape(BaseModel):
    """chat.postMessage."""

    ts: Ts
    message: StoredShape | None = None
