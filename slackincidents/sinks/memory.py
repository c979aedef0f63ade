"""A workspace in memory: the fake that ships. As strict as the real one, and it can be told to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from slackincidents.clock import Clock
from slackincidents.errors import Busy, Declined, Faulty, SlackIncidentsError, Unreachable
from slackincidents.schema.delivery import Channel, Groups, Identity, Member, Outgoing, Posted, Seen

MOST_TEXT = 4000
STALL_SECONDS = 30.0
Answer = TypeVar("Answer")


class Fault(Enum):
    """What can go wrong with a call."""

    RATE_LIMIT = "rate-limit"
    SERVER_ERROR = "server-error"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    STALL = "stall"
    MALFORMED = "malformed"


_BEFORE = frozenset({Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.DROP_BEFORE})


@dataclass
class Kept:
    """A message as the workspace keeps it. `at` is when it came, in seconds on the clock."""

    channel_id: str
    ts: str
    at: float
    message: Outgoing
    bot: str
    reactions: list[str] = field(default_factory=list)


@dataclass
class Store:
    """What several bots of one workspace share."""

    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Kept] = field(default_factory=list)
    last: dict[str, float] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def of(cls, names: Iterable[str]) -> Store:
        """A workspace with these channels, the bot a member of each."""
        return cls({f"C{place:04}": Channel(id=f"C{place:04}", name=name) for place, name in enumerate(names)})


class MemoryWorkspace:
    """One bot's view of a `Store`. `faults` maps (method, nth call of it, from 1) to what goes wrong there."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        *,
        identity: Identity | None = None,
        groups: Groups | None = None,
        people: tuple[Member, ...] = (),
        faults: dict[tuple[str, int], Fault] | None = None,
        channel_gap: float = 1.0,
    ) -> None:
        """A bot called ``bot`` of the team ``T1`` with every scope, unless told otherwise."""
        self.store = store
        self.calls: Counter[str] = Counter()
        self.faults = dict(faults or {})
        self._clock = clock
        self._identity = identity or Identity(team="T1", team_name="Test", user="U0", name="bot")
        self._groups = groups or Groups()
        self._people = people
        self._channel_gap = channel_gap

    async def identity(self) -> Identity:
        """As given."""
        await self._before("identity")
        return await self._after("identity", self._identity)

    async def channels(self) -> tuple[Channel, ...]:
        """Those of the store."""
        await self._before("channels")
        return await self._after("channels", tuple(self.store.channels.values()))

    async def groups(self) -> Groups:
        """As given."""
        await self._before("groups")
        return await self._after("groups", self._groups)

    async def people(self) -> tuple[Member, ...]:
        """As given."""
        await self._before("people")
        return await self._after("people", self._people)

    async def create(self, name: str) -> Channel:
        """A new channel with the bot in it."""
        await self._before("create")
        if any(channel.name == name for channel in self.store.channels.values()):
            raise Declined(f"channel #{name}: the name is taken", "Take the channel that is there.")
        made = Channel(id=f"C{len(self.store.channels):04}", name=name)
        self.store.channels[made.id] = made
        return await self._after("create", made)

    async def join(self, channel_id: str) -> None:
        """The bot becomes a member."""
        await self._before("join")
        self.store.channels[channel_id] = self._channel(channel_id).model_copy(update={"member": True})
        await self._after("join", None)

    async def post(self, message: Outgoing) -> Posted:
        """Kept, if everything about it is right."""
        await self._before("post")
        self._check(message)
        now = self._clock.now()
        if now < self.store.last.get(message.channel_id, 0.0) + self._channel_gap - 1e-6:
            raise Busy("the channel takes one message a second", "Wait.", retry_after=1.0)
        self.store.last[message.channel_id] = now
        self.store.count += 1
        ts = f"{int(now):010}.{self.store.count:06}"
        self.store.messages.append(Kept(message.channel_id, ts, now, message, self._identity.user))
        named = not message.username or not self._identity.lacks("chat:write.customize")
        return await self._after("post", Posted(ts=ts, named=named))

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """One of a kind under each message."""
        await self._before("react")
        kept = self._kept(channel_id, ts)
        if kept is None:
            raise Declined(f"message {ts} is not in {channel_id}", "It may have been deleted.")
        if emoji not in kept.reactions:
            kept.reactions.append(emoji)
        await self._after("react", None)

    async def delete(self, channel_id: str, ts: str) -> None:
        """Gone, if it was the bot's."""
        await self._before("delete")
        kept = self._kept(channel_id, ts)
        if kept is not None and kept.bot != self._identity.user:
            raise Declined(f"message {ts} in {channel_id} is not the bot's", "Use the token that posted it.")
        if kept is not None:
            self.store.messages.remove(kept)
        await self._after("delete", None)

    async def history(self, channel_id: str, oldest: str = "") -> tuple[Seen, ...]:
        """Messages that are not replies."""
        await self._before("history")
        self._member(channel_id)
        found = tuple(
            _seen(kept)
            for kept in self.store.messages
            if kept.channel_id == channel_id and kept.message.thread_ts is None and kept.ts >= oldest
        )
        return await self._after("history", found)

    async def replies(self, channel_id: str, thread_ts: str) -> tuple[Seen, ...]:
        """The replies of a thread."""
        await self._before("replies")
        self._member(channel_id)
        found = tuple(
            _seen(kept)
            for kept in self.store.messages
            if kept.channel_id == channel_id and kept.message.thread_ts == thread_ts
        )
        return await self._after("replies", found)

    def _check(self, message: Outgoing) -> None:
        self._channel(message.channel_id)
        if not message.text.strip() and message.card is None:
            raise Declined("a message without text", "Say something.")
        if len(message.text) > MOST_TEXT:
            raise Declined(f"a message of {len(message.text)} characters", f"At most {MOST_TEXT}.")
        if message.thread_ts is None:
            return
        root = self._kept(message.channel_id, message.thread_ts)
        if root is None or root.message.thread_ts is not None:
            raise Declined(f"no thread {message.thread_ts} in {message.channel_id}", "Post its root first.")

    def _channel(self, channel_id: str) -> Channel:
        channel = self.store.channels.get(channel_id)
        if channel is None or channel.archived:
            raise Declined(f"no open channel {channel_id}", "Take one that is there.")
        return channel

    def _member(self, channel_id: str) -> None:
        if not self._channel(channel_id).member:
            raise Declined(f"not a member of {channel_id}", "Invite the bot.")

    def _kept(self, channel_id: str, ts: str) -> Kept | None:
        return next((kept for kept in self.store.messages if (kept.channel_id, kept.ts) == (channel_id, ts)), None)

    async def _before(self, method: str) -> None:
        self.calls[method] += 1
        fault = self.faults.get((method, self.calls[method]))
        if fault in _BEFORE:
            raise _error(fault, method)

    async def _after(self, method: str, answer: Answer) -> Answer:
        fault = self.faults.get((method, self.calls[method]))
        if fault is None or fault in _BEFORE:
            return answer
        if fault is Fault.STALL:
            await self._clock.sleep(STALL_SECONDS)
        raise _error(fault, method)


def _error(fault: Fault, method: str) -> SlackIncidentsError:
    if fault is Fault.RATE_LIMIT:
        return Busy(f"{method}: told to slow down", "Wait.", retry_after=2.0)
    if fault in (Fault.SERVER_ERROR, Fault.MALFORMED):
        return Faulty(f"{method}: {fault.value}", "Try again.")
    return Unreachable(f"{method}: {fault.value}", "Try again.")


def _seen(kept: Kept) -> Seen:
    return Seen(ts=kept.ts, thread_ts=kept.message.thread_ts, marker=kept.message.marker)
