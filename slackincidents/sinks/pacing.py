"""When the next call may go out: the pace a workspace asks for, the incident's own time, and patience."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from slackincidents.clock import Clock
from slackincidents.errors import Busy, Faulty, ServiceFailed, Unreachable

CHANNEL_GAP = 1.0
"""Seconds from the end of one post to the start of the next in the same channel."""

WORKSPACE_GAP = 0.2
"""Seconds between two posts anywhere."""

REACTION_GAP = 1.2
"""Seconds between two calls of the slower kinds: reactions, deletions."""

SLICE = 10.0
"""The longest sleep in one go, so that a machine that was asleep notices soon after it woke."""

JUMP = 2.0
"""Seconds by which the two clocks must part before the machine is taken to have slept."""

TICK = 0.001
"""The shortest sleep: less than that may be lost in the rounding of a large time."""

Answer = TypeVar("Answer")


class Pacer:
    """The pace of one workspace, for everything that is posted there at the same time."""

    def __init__(self, clock: Clock, channel_gap: float = CHANNEL_GAP, workspace_gap: float = WORKSPACE_GAP) -> None:
        """Nothing was posted yet."""
        self._clock = clock
        self._channel_gap = channel_gap
        self._workspace_gap = workspace_gap
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, float] = {}
        self._next_anywhere = clock.monotonic()
        self._paused_until = clock.monotonic()

    @asynccontextmanager
    async def slot(self, channel_id: str) -> AsyncIterator[None]:
        """The right to post once in a channel; waits for it, and nobody else has it meanwhile."""
        async with self._locks[channel_id]:
            await self._wait(channel_id)
            self._next_anywhere = self._clock.monotonic() + self._workspace_gap
            try:
                yield
            finally:
                self._next[channel_id] = self._clock.monotonic() + self._channel_gap

    def pause(self, seconds: float) -> None:
        """The workspace asked everybody to wait."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    async def _wait(self, channel_id: str) -> None:
        while True:
            due = max(self._next.get(channel_id, 0.0), self._next_anywhere, self._paused_until)
            left = due - self._clock.monotonic()
            if left <= 0:
                return
            await self._clock.sleep(_slice(left))


class Course:
    """An incident's own time. Events are due at fixed moments, so that no delay adds up.

    After the machine was asleep the late events are due at once and follow at the channel's pace; then it is back on
    time. A wall clock that is set back changes nothing.
    """

    def __init__(self, clock: Clock, speed: float, start: float) -> None:
        """`start` is the offset in seconds that is now."""
        self._clock = clock
        self._speed = speed
        self._start = start
        self._monotonic = clock.monotonic()
        self._wall = clock.now()
        self._slept = 0.0

    async def until(self, at: float) -> None:
        """Wait for an offset, in seconds from the incident's start."""
        while (left := self.left(at)) > 0:
            await self._clock.sleep(_slice(left))

    def left(self, at: float) -> float:
        """Seconds on the clock until an offset; negative when it has passed."""
        return (at - self._start) / self._speed - self._elapsed()

    def _elapsed(self) -> float:
        """Seconds since this began, the time asleep included."""
        counted = self._clock.monotonic() - self._monotonic
        apart = self._clock.now() - self._wall - counted - self._slept
        if apart > JUMP:
            self._slept += apart
        elif apart < -JUMP:
            self._wall += apart
        return counted + self._slept


class Patience:
    """How often one call is tried again, and how long to wait before."""

    def __init__(self, clock: Clock, tries: int = 5, busy_seconds: float = 900.0) -> None:
        """Give up after so many failures of the ambiguous kind, or so long a wait for a busy workspace."""
        self._clock = clock
        self._tries = tries
        self._busy_left = busy_seconds
        self._failed = 0
        self._busy = 0

    def delay(self, error: ServiceFailed) -> float:
        """Seconds to wait before the next try. Raises the error when patience is at its end, or when trying is vain."""
        if isinstance(error, Busy):
            return self._for_busy(error)
        if not isinstance(error, Unreachable | Faulty):
            raise error
        self._failed += 1
        if self._failed >= self._tries:
            raise error
        return min(30.0, 2.0**self._failed)

    def _for_busy(self, error: Busy) -> float:
        wait = error.retry_after if error.retry_after is not None else min(60.0, 2.0**self._busy)
        wait = max(wait, 0.5)
        self._busy += 1
        self._busy_left -= wait
        if self._busy_left < 0:
            raise error
        return wait


async def persist(ask: Callable[[], Awaitable[Answer]], clock: Clock) -> Answer:
    """Ask until there is an answer. Only for calls that may be repeated."""
    patience = Patience(clock)
    while True:
        try:
            return await ask()
        except ServiceFailed as error:
            wait = patience.delay(error)
        await nap(clock, wait)


async def nap(clock: Clock, seconds: float) -> None:
    """Sleep in slices."""
    end = clock.monotonic() + seconds
    while (left := end - clock.monotonic()) > 0:
        await clock.sleep(_slice(left))


def _slice(left: float) -> float:
    return min(max(left, TICK), SLICE)
