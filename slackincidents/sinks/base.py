"""The seam to a chat workspace: eleven calls, and the errors they may raise.

Every call raises only errors of ours. What each means for whoever called:

- `Unreachable`, `Faulty`: nobody knows whether it was taken. Look before a post is tried again.
- `Busy`: it was not taken; wait `retry_after` seconds (none: the workspace did not say) and try again.
- `Declined`: no, and it would be no again.
- `Denied`: the token or a scope is not accepted; the hint says where to click.
"""

from __future__ import annotations

from typing import Protocol

from slackincidents.schema.delivery import (
    Channel,
    Groups,
    Identity,
    Member,
    Outgoing,
    Posted,
    Progress,
    Seen,
)


class Workspace(Protocol):
    """A workspace as one bot sees it. Each method is one question; none retries, waits or keeps a pace."""

    async def identity(self) -> Identity:
        """Who the token is, in which team, with which scopes."""
        ...

    async def channels(self) -> tuple[Channel, ...]:
        """Every channel the bot can see, archived ones too."""
        ...

    async def groups(self) -> Groups:
        """The user groups; none, with the reason, where the plan or the scopes have none."""
        ...

    async def people(self) -> tuple[Member, ...]:
        """The people, without bots and without those who left."""
        ...

    async def create(self, name: str) -> Channel:
        """Make a public channel. `name` has no ``#``. Declined when the name is taken or not allowed."""
        ...

    async def join(self, channel_id: str) -> None:
        """Become a member; nothing happens to one who is."""
        ...

    async def post(self, message: Outgoing) -> Posted:
        """Post a message. The one call that must not be repeated blindly."""
        ...

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """Put an emoji (name without colons) under a message; nothing happens when the bot's is there already."""
        ...

    async def delete(self, channel_id: str, ts: str) -> None:
        """Delete a message of the bot's own; nothing happens when it is gone already."""
        ...

    async def history(self, channel_id: str, oldest: str = "") -> tuple[Seen, ...]:
        """The messages of a channel that are not replies, from `oldest` (a ts, included) on, oldest first."""
        ...

    async def replies(self, channel_id: str, thread_ts: str) -> tuple[Seen, ...]:
        """The replies of a thread without its root, oldest first. None when the root is gone."""
        ...


class Observer(Protocol):
    """Who wants to know how far a delivery is. Called often, from the loop that posts: be quick, never raise."""

    def progress(self, progress: Progress) -> None:
        """An incident moved on, began to wait, or ended."""
        ...


class Silent:
    """An observer that does not care."""

    def progress(self, progress: Progress) -> None:
        """Nothing."""
