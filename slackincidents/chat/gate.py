"""How many questions are under way at one endpoint at once: as many as it bears, never more than allowed."""

from __future__ import annotations

import asyncio
from collections import deque

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.clock import Clock
from slackincidents.errors import Busy

LONGEST_PAUSE = 60.0
"""Seconds that everybody waits after one was told to come back later; longer waits are the retry layer's to judge."""


class Gate:
    """Lets `width` questions through at once: halved when the endpoint is busy, one more after a round of successes."""

    def __init__(self, inner: ChatModel, *, most: int, clock: Clock) -> None:
        """Start with the full width `most`."""
        self._inner = inner
        self._most = max(1, most)
        self._clock = clock
        self.width = float(self._most)
        self.in_flight = 0
        self._cuts = 0
        self._shut_until = 0.0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply, when it is one's turn."""
        await self._enter()
        cuts = self._cuts
        try:
            while (pause := self._shut_until - self._clock.monotonic()) > 0:
                await self._clock.sleep(pause)
            reply = await self._inner.complete(request)
            self.width = min(float(self._most), self.width + 1 / self.width)
            return reply
        except Busy as busy:
            self._narrow(cuts, busy.retry_after)
            raise
        finally:
            self._leave()

    async def _enter(self) -> None:
        if not self._queue and self.in_flight < int(self.width):
            self.in_flight += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was one's turn already: pass it on
            raise

    def _leave(self) -> None:
        self.in_flight -= 1
        while self._queue and self.in_flight < int(self.width):
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                self.in_flight += 1

    def _narrow(self, cuts: int, told: float | None) -> None:
        """Halve, once for all that were under way when it got too much."""
        if cuts == self._cuts:
            self._cuts += 1
            self.width = max(1.0, self.width / 2)
        if told:
            self._shut_until = max(self._shut_until, self._clock.monotonic() + min(told, LONGEST_PAUSE))
