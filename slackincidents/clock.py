"""Time as an input: the system's clock, and one for tests that stands until somebody sleeps."""

from __future__ import annotations

import asyncio
import heapq
import time
from typing import Protocol


class Clock(Protocol):
    """What can tell the time and wait."""

    def now(self) -> float:
        """Seconds since 1970, UTC; may jump when the machine's clock is set or it wakes from sleep."""
        ...

    def monotonic(self) -> float:
        """Seconds from some point on; never jumps back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long; other tasks go on."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()  # noqa: TID251 - the one place that asks the machine

    def monotonic(self) -> float:
        """Seconds from some point on."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        await asyncio.sleep(max(0.0, seconds))


class FakeClock:
    """A clock that jumps to the next waking time as soon as every task waits. For tests: hours pass at once."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        """Begin at `start`, in seconds since 1970."""
        self._now = start
        self._began = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0
        self._driver: asyncio.Task[None] | None = None

    def now(self) -> float:
        """The time it has been moved to."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since this clock began."""
        return self._now - self._began

    def advance(self, seconds: float) -> None:
        """Let time pass without waking anybody: a laptop asleep."""
        self._now += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved that far."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), self._count, waiting))
        if self._driver is None or self._driver.done():
            self._driver = loop.create_task(self._drive())
        await waiting

    async def _drive(self) -> None:
        while self._sleepers:
            for _ in range(IDLE_TURNS):
                await asyncio.sleep(0)
            when, _, waiting = heapq.heappop(self._sleepers)
            self._now = max(self._now, when)
            if not waiting.done():
                waiting.set_result(None)


IDLE_TURNS = 20
"""Turns of the loop granted to running tasks before the clock is moved."""
