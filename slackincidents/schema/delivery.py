"""What goes to a workspace and what comes back: steps, outgoing messages, receipts, deliveries."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slackincidents.schema.base import Frozen

EVENT_TYPE = "slackincidents"
"""The ``event_type`` of the metadata that marks every message of ours."""

Voice = Literal["people", "alerts"]
"""Which bot says it: the one that plays the people, or the second one for alerts."""


class Attachment(Frozen):
    """An alert's card. `colour` is six hex digits without ``#``; `links` are (label, address)."""

    colour: str
    title: str = ""
    title_link: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    footer: str = ""


class Step(Frozen):
    """One event to post. `text` is the file's mrkdwn: mentions still ``@name``, nothing escaped.

    `parent` is the root of its thread, in the same channel; `after` lists the events in any channel that must stand
    first. `at` is seconds from the incident's start. `channel` is a name without ``#``.
    """

    index: int
    at: float
    channel: str
    parent: int | None = None
    after: tuple[int, ...] = ()
    handle: str
    name: str
    icon: str = ""
    voice: Voice = "people"
    text: str = ""
    mentions: tuple[str, ...] = ()
    card: Attachment | None = None
    reactions: tuple[str, ...] = ()


class Marker(Frozen):
    """What a message carries as metadata: which event of which incident it is, in which run."""

    incident: str
    index: int
    part: int = 0
    run: str


class Outgoing(Frozen):
    """One message as it leaves: ids resolved, text escaped. No `username` means the bot's own name.

    `context` is the small line under it; empty for none.
    """

    channel_id: str
    text: str
    marker: Marker
    thread_ts: str | None = None
    username: str = ""
    icon: str = ""
    card: Attachment | None = None
    context: str = ""


class Posted(Frozen):
    """The answer to a message. `named` is false when the workspace ignored the user name."""

    ts: str
    named: bool = True


class Receipt(Frozen):
    """One message that stands in the workspace."""

    index: int
    part: int = 0
    channel_id: str
    ts: str
    voice: Voice = "people"


class Delivery(Frozen):
    """What became of an incident: what was posted, what is left, what there is to know.

    `left` lists the indices that do not stand in the workspace, or not whole. `notes` are for people.
    """

    run: str
    incident: str
    team: str = ""
    dry_run: bool = False
    receipts: tuple[Receipt, ...] = ()
    left: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every event stands in the workspace."""
        return not self.left and not self.dry_run


class Identity(Frozen):
    """Who the token is. `scopes` is none when the workspace does not say."""

    team: str
    team_name: str = ""
    user: str = ""
    name: str = ""
    scopes: tuple[str, ...] | None = None

    def lacks(self, scope: str) -> bool:
        """Whether the token is known not to have a scope."""
        return self.scopes is not None and scope not in self.scopes


class Channel(Frozen):
    """A channel of the workspace. `foreign` means that another organisation reads along."""

    id: str
    name: str
    member: bool = True
    archived: bool = False
    private: bool = False
    foreign: bool = False


class Group(Frozen):
    """A user group; `handle` has no ``@``."""

    id: str
    handle: str


class Groups(Frozen):
    """The user groups of the workspace; `missing` says why there are none to be had."""

    found: tuple[Group, ...] = ()
    missing: str = ""


class Member(Frozen):
    """A person of the workspace; bots and people who left are not listed."""

    id: str
    name: str
    display_name: str = ""
    real_name: str = ""


class Seen(Frozen):
    """One message found in a channel or a thread. `marker` is none for one that is not ours."""

    ts: str
    thread_ts: str | None = None
    marker: Marker | None = None


State = Literal["waiting", "posting", "checking", "limited", "stopped", "done"]
"""Waiting for the next event's time; a call is out; looking whether a message arrived; told to slow down; ended."""


class Progress(Frozen):
    """Where an incident stands. `due` is when `following` is to be posted, in seconds on the clock."""

    incident: str
    state: State
    posted: int
    total: int
    last: Step | None = None
    following: Step | None = None
    due: float | None = None
    note: str = ""


class PostingOptions(Frozen):
    """How an incident is posted. Dry unless told otherwise.

    `channels` and `groups` map names to ids (``CHANNEL_...`` and ``USERGROUP_...``); `allow_list` holds names or ids,
    empty for no such limit. `speed` counts only with `realtime`. `interval` is seconds from one incident's start to
    the next one's.
    """

    dry_run: bool = True
    realtime: bool = False
    speed: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    interval: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    own_starts: bool = Field(default=False, description="each starts as long after the earliest as it did, by `speed`")
    test_channel: str = ""
    ping: bool = False
    mark: bool = True
    create_channels: bool = False
    join_channels: bool = False
    workspace_id: str = ""
    allow_list: tuple[str, ...] = ()
    channels: dict[str, str] = Field(default_factory=dict)
    groups: dict[str, str] = Field(default_factory=dict)
    alert_bot_name: str = "Monitoring Bot"
