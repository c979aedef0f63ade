"""The seam to a workspace where people answer: buttons, whispers, and what they type and press."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from slackincidents.clock import Clock
from slackincidents.errors import Declined
from slackincidents.schema.base import Frozen
from slackincidents.schema.delivery import Identity, Outgoing, Posted
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.memory import MemoryWorkspace, Store


class Button(Frozen):
    """A button under a message. `value` comes back when it is pressed."""

    action: str
    label: str
    value: str = ""
    style: Literal["", "primary", "danger"] = ""


class Whisper(Frozen):
    """A message that one person sees, in a thread. `text` is ready to leave; it is not kept by the workspace."""

    channel_id: str
    thread_ts: str
    user: str
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody wrote a message. `thread_ts` is empty outside a thread; `text` is as the workspace has it."""

    channel_id: str
    thread_ts: str
    ts: str
    user: str
    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button under a message."""

    channel_id: str
    message_ts: str
    user: str
    action: str
    value: str


Heard = Typed | Pressed


class LiveWorkspace(Workspace, Protocol):
    """A workspace that can also show buttons and whisper."""

    def dress(self, index: int, buttons: tuple[Button, ...]) -> None:
        """Whatever is posted for the event `index` from now on carries these buttons."""
        ...

    async def whisper(self, message: Whisper) -> None:
        """Show a message to one person. Sent twice it stands twice; it is gone when they reload."""
        ...

    async def revise(self, ts: str, message: Outgoing) -> None:
        """Put another text in the place of a message of the bot's own, without buttons."""
        ...


class Ears(Protocol):
    """What people do in the workspace."""

    async def listen(self, heard: Callable[[Heard], None], ready: Callable[[], None]) -> None:
        """Tell of everything once, as it comes, until cancelled; lost connections are made again.

        `ready` is called when the first connection stands.

        Raises NotConfigured, Denied or ServiceFailed when nothing can be heard any more.
        """
        ...


@dataclass(frozen=True)
class Live:
    """A workspace to talk to, and the ears in it."""

    workspace: LiveWorkspace
    ears: Ears


Person = Callable[[Outgoing | Whisper, str], Iterable[Heard]]
"""Somebody at the other end: what they do on seeing a message, whose ts comes with it (a whisper has none)."""


def nobody(_message: Outgoing | Whisper, _ts: str) -> Iterable[Heard]:
    """A person who only reads."""
    return ()


class MemoryLive(MemoryWorkspace):
    """The fake that ships: a workspace in memory with a person in it. It is its own ears."""

    def __init__(self, clock: Clock, store: Store, person: Person = nobody, identity: Identity | None = None) -> None:
        """Each message is shown to `person`, whose answers are heard in order."""
        super().__init__(clock, store, identity=identity)
        self.whispers: list[Whisper] = []
        self.revised: list[tuple[str, Outgoing]] = []
        self.worn: dict[str, tuple[Button, ...]] = {}
        self.refuses_whispers = False
        self._person = person
        self._dress: dict[int, tuple[Button, ...]] = {}
        self._inbox: asyncio.Queue[Heard | BaseException] = asyncio.Queue()

    def dress(self, index: int, buttons: tuple[Button, ...]) -> None:
        """Kept until the message is posted."""
        self._dress[index] = buttons

    async def post(self, message: Outgoing) -> Posted:
        """Kept, and shown to the person."""
        posted = await super().post(message)
        if message.marker.part == 0 and (buttons := self._dress.get(message.marker.index)):
            self.worn[posted.ts] = buttons
        self.hear(*self._person(message, posted.ts))
        return posted

    async def whisper(self, message: Whisper) -> None:
        """Kept, and shown to the person."""
        await self._before("whisper")
        if self.refuses_whispers:
            raise Declined("chat.postEphemeral: user_not_in_channel", "Join the channel.")
        self.whispers.append(message)
        self.hear(*self._person(message, ""))

    async def revise(self, ts: str, message: Outgoing) -> None:
        """Kept; the buttons are gone."""
        await self._before("revise")
        self.revised.append((ts, message))
        self.worn.pop(ts, None)

    def hear(self, *heard: Heard | BaseException) -> None:
        """Let the ears hear something, or fail."""
        for one in heard:
            self._inbox.put_nowait(one)

    async def listen(self, heard: Callable[[Heard], None], ready: Callable[[], None]) -> None:
        """Until cancelled, or told to fail."""
        ready()
        while True:
            one = await self._inbox.get()
            if isinstance(one, BaseException):
                raise one
            heard(one)
