"""Who and what the ids of an export mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.archive.shapes import Channel, Message, Profile, User


@dataclass(frozen=True)
class Directory:
    """Handles, display names and channels by id. What has no entry goes by its id."""

    handles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    bots: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, users: Iterable[User], channels: Iterable[Channel]) -> Directory:
        """The directory that users.json and channels.json make. Two of one name keep their ids apart."""
        made = cls(channels={channel.id: channel.name or channel.id for channel in channels})
        taken: set[str] = set()
        for user in users:
            profile = user.profile or Profile()
            full = _first(profile.real_name, user.real_name, profile.display_name, user.name)
            handle = (full if user.is_bot else _first(user.name, profile.display_name, full)) or user.id
            handle = f"{handle}-{user.id}" if handle in taken else handle
            taken.add(handle)
            made.handles[user.id] = handle
            made.names[handle] = full or handle
            if profile.bot_id:
                made.bots[profile.bot_id] = handle
        return made

    def handle(self, user: str) -> str:
        """The handle of somebody."""
        return self.handles.get(user, user)

    def speaker(self, message: Message) -> str:
        """Who posted a message: a person by handle, an app by the name that it goes by."""
        if message.user in self.handles and not (message.bot_id and message.username):
            return self.handles[message.user or ""]
        told = message.user_profile or Profile()
        app = message.bot_profile or Profile()
        by_bot = self.bots.get(message.bot_id or "")
        named = _first(message.username, by_bot, app.name, told.name, told.display_name, told.real_name)
        return named or message.user or message.bot_id or "unknown"


def _first(*names: str | None) -> str | None:
    return next((name.strip() for name in names if name and name.strip()), None)
