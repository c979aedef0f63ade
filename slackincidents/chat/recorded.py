"""Replies on disk, one file each, found by what was asked. What was paid for once is never paid for again.

An entry is ``<root>/<address[:2]>/<address>.json``. It holds the whole request and the whole reply, so that anybody can
see what was asked and said, and nothing of how the endpoint was reached: another endpoint with a model of the same name
gets the same entries.
"""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.shelf import Shelf
from slackincidents.clock import Clock
from slackincidents.errors import BadFile, NotConfigured, WriteFailed
from slackincidents.schema.base import Frozen
from slackincidents.schema.draft import Usage


class Entry(Frozen):
    """A question and its reply, as they lie on disk."""

    format: Literal[1]
    address: str
    recorded_by: str = ""
    request: ChatRequest
    reply: ChatReply


class Counts(Frozen):
    """How many replies were paid for here and how many were there already, with what each kind cost."""

    paid: int = 0
    reused: int = 0
    usage: Usage = Usage()
    reused_usage: Usage = Usage()

    def and_paid(self, reply: ChatReply) -> Counts:
        """With one more paid for."""
        return self.model_copy(update={"paid": self.paid + 1, "usage": self.usage + reply.usage})

    def and_reused(self, reply: ChatReply) -> Counts:
        """With one more that was there."""
        return self.model_copy(update={"reused": self.reused + 1, "reused_usage": self.reused_usage + reply.usage})


class Recorded:
    """Asks `inner` what was never asked before; a reply is on disk before anybody sees it."""

    def __init__(self, root: Path, inner: ChatModel | None, *, clock: Clock, recorded_by: str = "") -> None:
        """Keep replies below `root`. Without `inner` there are only those. `recorded_by` is noted in new entries."""
        self._root = root
        self._inner = inner
        self._recorded_by = recorded_by
        self._flying: dict[str, asyncio.Future[ChatReply | None]] = {}
        self._warnings: list[str] = []
        self.counts = Counts()
        self._shelf = Shelf(root)
        self._shelf.sweep(clock.now())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Entries that made no sense, and where they are now."""
        return tuple(self._warnings)

    def holds(self, request: ChatRequest) -> bool:
        """Whether there is an entry for a request. It is not read."""
        return self._path(request.address).exists()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply on disk, or a new one. Equal requests at the same time share one question.

        Raises what `inner` raises, WriteFailed when a reply cannot be kept, and NotConfigured without `inner`.
        """
        address = request.address
        while (flying := self._flying.get(address)) is not None:
            shared = await asyncio.shield(flying)
            if shared is not None:
                self.counts = self.counts.and_reused(shared)
                return shared
        kept = self._read(address, request)
        if kept is not None:
            self.counts = self.counts.and_reused(kept)
            return kept
        return await self._pay(address, request)

    async def _pay(self, address: str, request: ChatRequest) -> ChatReply:
        """Ask, keep, hand on. Whoever waits gets the reply or the error; when this one is cancelled, the next asks."""
        if self._inner is None:
            raise NotConfigured(f"no recorded reply {address[:12]} in {self._root}", "Record it first, with a key.")
        flying: asyncio.Future[ChatReply | None] = asyncio.get_running_loop().create_future()
        flying.add_done_callback(_seen)
        self._flying[address] = flying
        try:
            reply = await self._inner.complete(request)
            entry = Entry(format=1, address=address, recorded_by=self._recorded_by, request=request, reply=reply)
            await self._keep(entry)
        except Exception as error:
            flying.set_exception(error)
            raise
        else:
            flying.set_result(reply)
        finally:
            del self._flying[address]
            if not flying.done():
                flying.set_result(None)
        self.counts = self.counts.and_paid(reply)
        return reply

    async def _keep(self, entry: Entry) -> None:
        data = entry.model_dump_json(exclude_defaults=True).encode()
        path = self._path(entry.address)
        try:
            await self._shelf.put(path, data)
        except OSError as error:
            raise WriteFailed(
                f"{path} cannot be written: {error.strerror}",
                "Free space, or name another folder (SLACKINCIDENTS_CACHE).",
            ) from None

    def _read(self, address: str, request: ChatRequest) -> ChatReply | None:
        path = self._path(address)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadFile(f"{path} cannot be read: {error.strerror}", "Check its permissions.") from None
        try:
            entry = Entry.model_validate_json(data)
        except ValidationError:
            entry = None
        if entry is not None and entry.request == request and entry.address == address:
            return entry.reply
        self._set_aside(path)
        return None

    def _set_aside(self, path: Path) -> None:
        """Out of the way, not away: it may have cost money."""
        names = (path.with_suffix(f".{number}.corrupt" if number else ".corrupt") for number in itertools.count())
        aside = next(name for name in names if not name.exists())
        try:
            path.replace(aside)
        except OSError as error:
            self._warnings.append(f"{path} makes no sense and cannot be set aside: {error.strerror}")
        else:
            self._warnings.append(f"{path} made no sense; it is now {aside.name}, and was asked for again")

    def _path(self, address: str) -> Path:
        return entry_path(self._root, address)


def entry_path(root: Path, address: str) -> Path:
    """Where the entry of an address is kept below `root`."""
    return root / address[:2] / f"{address}.json"


def _seen(flying: asyncio.Future[ChatReply | None]) -> None:
    """Look at a failure that nobody else waited for, so that the loop does not warn of it."""
    if not flying.cancelled():
        flying.exception()
