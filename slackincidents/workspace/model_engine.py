"""A history whose incidents a model writes: many side by side, so that calls overlap, or go out in large batches.

This process does it all: the model does the work. What no model writes (noise, changes, talk) is told offline as ever.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.recorded import Counts
from slackincidents.errors import CheckFailed
from slackincidents.pipeline import Workshop
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Entry, IncidentEntry
from slackincidents.workspace.shards import Batch, Failure, Told, told
from slackincidents.workspace.telling import tell
from slackincidents.writer.base import Writer


class Line(Protocol):
    """A chat model that is open, and may want to know how many ask."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """One reply to one request."""
        ...

    def at_work(self, number: int) -> None:
        """So many tasks may ask from now on."""
        ...

    @property
    def counts(self) -> Counts:
        """Replies paid for and replies that were there."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know afterwards."""
        ...


@dataclass
class _Shard:
    """A batch on its way: what is told of it so far, by the entry's number."""

    batch: Batch
    left: int
    told: dict[int, IncidentRecord | Failure] = field(default_factory=dict)


@dataclass(frozen=True)
class Modelled:
    """Tells real incidents `side_by_side` with the writer that `over` makes of an open line.

    A batch becomes a shard as soon as all its incidents are told. `account` gets the line at the end, however it came.
    """

    workshop: Workshop
    opened: Callable[[], AbstractAsyncContextManager[Line]]
    over: Callable[[ChatModel], Writer]
    side_by_side: int
    account: Callable[[Line], object] = lambda _: None

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """One shard a batch, as they are done."""
        with asyncio.Runner() as runner:
            shards = self._shards(batches)
            try:
                while (shard := runner.run(_next(shards))) is not None:
                    yield shard
            finally:
                runner.run(shards.aclose())

    async def _shards(self, batches: Iterator[Batch]) -> AsyncGenerator[Told, None]:
        async with self.opened() as line:
            desk = _Desk(self.workshop, self.over(line), self.side_by_side, batches)
            try:
                line.at_work(self.side_by_side)
                while desk.fill():
                    if desk.whole:
                        yield await _close(self.workshop, desk.whole.popleft())
                    else:
                        line.at_work(len(desk.running))
                        await desk.wait()
            finally:
                await desk.clear()
                self.account(line)


class _Desk:
    """What is under way. Incidents begin in order; as one ends the next begins, before anybody hears that it ended."""

    def __init__(self, workshop: Workshop, writer: Writer, most: int, batches: Iterator[Batch]) -> None:
        self.running: dict[asyncio.Task[IncidentRecord | Failure], tuple[_Shard, int]] = {}
        self.whole: deque[_Shard] = deque()
        self._workshop = workshop
        self._writer = writer
        self._most = most
        self._next = self._entries(batches)

    def fill(self) -> bool:
        """Begin as many as may be, or until a shard is whole; False when there is nothing left."""
        while len(self.running) < self._most and not self.whole:
            following = next(self._next, None)
            if following is None:
                break
            shard, entry = following
            if entry is None:
                self.whole.append(shard)
            else:
                work = _told(self._workshop, entry, self._writer)
                self.running[asyncio.get_running_loop().create_task(work)] = (shard, entry.number)
        return bool(self.running or self.whole)

    async def wait(self) -> None:
        """Until something is told. Raises what stops the run."""
        done, _ = await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
        for task in sorted(done, key=lambda one: self.running[one][1]):
            shard, number = self.running[task]
            shard.told[number] = task.result()
            del self.running[task]
            shard.left -= 1
            if not shard.left:
                self.whole.append(shard)

    async def clear(self) -> None:
        """Give up what is under way."""
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)

    @staticmethod
    def _entries(batches: Iterator[Batch]) -> Iterator[tuple[_Shard, IncidentEntry | None]]:
        """The real incidents with their shards; a shard that has none comes with nothing."""
        for batch in batches:
            real = [entry for entry in batch.entries if isinstance(entry, IncidentEntry)]
            shard = _Shard(batch, len(real))
            yield from ((shard, entry) for entry in real or (None,))


async def _told(workshop: Workshop, entry: Entry, writer: Writer | None = None) -> IncidentRecord | Failure:
    """A record, or by name what the validator refuses; anything else stops the run."""
    try:
        return await tell(workshop, entry, writer)
    except CheckFailed as error:
        return Failure(entry=entry.number, why=str(error))


async def _close(workshop: Workshop, shard: _Shard) -> Told:
    """The shard, with everything that no model writes."""
    found = [shard.told.get(entry.number) or await _told(workshop, entry) for entry in shard.batch.entries]
    failed = [one for one in found if isinstance(one, Failure)]
    return told(shard.batch, [one for one in found if isinstance(one, IncidentRecord)], failed)


async def _next(shards: AsyncGenerator[Told, None]) -> Told | None:
    return await anext(shards, None)
