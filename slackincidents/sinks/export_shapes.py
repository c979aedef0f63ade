"""What an export has in it, field by field, as every reader of exports takes it."""

from __future__ import annotations

from pydantic import Field, JsonValue

from slackincidents.schema.base import Frozen


class Saying(Frozen):
    """A channel's topic or purpose."""

    value: str
    creator: str
    last_set: int


class ChannelOut(Frozen):
    """An entry of channels.json."""

    id: str
    name: str
    created: int
    creator: str
    is_archived: bool = False
    is_general: bool = False
    members: tuple[str, ...]
    topic: Saying
    purpose: Saying
    pins: tuple[str, ...] = ()


class ProfileOut(Frozen):
    """Who somebody is. Without an ``avatar_hash``: readers would fetch a picture by it."""

    title: str = ""
    real_name: str
    real_name_normalized: str
    display_name: str
    display_name_normalized: str
    first_name: str
    email: str | None = None
    bot_id: str | None = None
    api_app_id: str | None = None
    image_24: str
    image_32: str
    image_48: str
    image_72: str
    image_192: str
    image_512: str
    team: str


class UserOut(Frozen):
    """An entry of users.json."""

    id: str
    team_id: str
    name: str
    deleted: bool = False
    real_name: str
    tz: str = "Etc/UTC"
    tz_label: str = "Coordinated Universal Time"
    tz_offset: int = 0
    profile: ProfileOut
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool
    is_app_user: bool = False
    updated: int


class SpeakerOut(Frozen):
    """The author as a message of a person carries him."""

    avatar_hash: str = ""
    image_72: str
    first_name: str
    real_name: str
    display_name: str
    team: str
    name: str
    is_restricted: bool = False
    is_ultra_restricted: bool = False


class FieldOut(Frozen):
    """A name and a value on a card."""

    title: str
    value: str
    short: bool = True


class AttachmentOut(Frozen):
    """An alert's card."""

    id: int = 1
    color: str
    fallback: str
    title: str
    title_link: str | None = None
    text: str | None = None
    fields: tuple[FieldOut, ...] | None = None
    footer: str
    ts: int
    mrkdwn_in: tuple[str, ...] = ()


class ReactionOut(Frozen):
    """One emoji and who gave it."""

    name: str
    users: tuple[str, ...]
    count: int


class EditedOut(Frozen):
    """Who edited a message last, and when."""

    user: str
    ts: str


class ReplyOut(Frozen):
    """A reply as its root lists it."""

    user: str
    ts: str


class PayloadOut(Frozen):
    """Which event of which incident a message is; `event` has what Slack's fields cannot say."""

    incident: str
    index: int
    part: int | None = None
    synthetic: bool = True
    event: dict[str, JsonValue] | None = Field(default=None)


class MetadataOut(Frozen):
    """Our mark."""

    event_type: str
    event_payload: PayloadOut


class MessageOut(Frozen):
    """An entry of a day file."""

    client_msg_id: str | None = None
    type: str = "message"
    subtype: str | None = None
    text: str
    user: str
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    topic: str | None = None
    ts: str
    team: str
    user_team: str | None = None
    source_team: str | None = None
    user_profile: SpeakerOut | None = None
    attachments: tuple[AttachmentOut, ...] | None = None
    edited: EditedOut | None = None
    thread_ts: str | None = None
    parent_user_id: str | None = None
    reply_count: int | None = None
    reply_users_count: int | None = None
    latest_reply: str | None = None
    reply_users: tuple[str, ...] | None = None
    replies: tuple[ReplyOut, ...] | None = None
    is_locked: bool | None = None
    subscribed: bool | None = None
    reactions: tuple[ReactionOut, ...] | None = None
    metadata: MetadataOut | None = None
