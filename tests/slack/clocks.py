"""Time for tests that talk to a server: one that jumps, one that runs too fast."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from slackincidents.clock import FakeClock


class Times:
    """Jumping time that goes on from run to run; the server reads it too."""

    def __init__(self) -> None:
        """Begin at the fake clock's beginning."""
        self.clock = FakeClock()

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock.now()

    def renew(self) -> FakeClock:
        """A fresh clock for the next event loop, which starts where the last one stopped."""
        self.clock = FakeClock(self.clock.now() + 1.0)
        return self.clock


@dataclass(frozen=True)
class Hurried:
    """Real time, but `speed` times as fast since `epoch`; the same in every process."""

    epoch: float
    speed: float

    def now(self) -> float:
        """Seconds since 1970, hurried."""
        return self.epoch + (time.time() - self.epoch) * self.speed  # noqa: TID251 - a clock of its own

    def monotonic(self) -> float:
        """Hurried seconds from some point on."""
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait a fraction of it."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)

    @classmethod
    def starting(cls, speed: float) -> Hurried:
        """One that starts now."""
        return cls(time.time(), speed)  # noqa: TID251 - a clock of its own
