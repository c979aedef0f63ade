"""The clock of a simulation: processes that wait, in the order of their waking."""

from __future__ import annotations

import heapq
from collections.abc import Generator

Process = Generator[float, None, None]
"""A process yields how many seconds it waits, again and again, until it is done."""


class Kernel:
    """Runs processes in simulated time. Processes due at the same time run in spawning order."""

    def __init__(self) -> None:
        """Start at zero with nothing to do."""
        self.now = 0.0
        self._sequence = 0
        self._queue: list[tuple[float, int, Process]] = []

    def spawn(self, process: Process, after: float = 0.0) -> None:
        """Let a process begin `after` seconds from now."""
        self._sequence += 1
        heapq.heappush(self._queue, (self.now + max(0.0, after), self._sequence, process))

    def run(self, until: float) -> None:
        """Wake processes until none is left or the clock would pass `until` seconds."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, process = heapq.heappop(self._queue)
            try:
                wait = next(process)
            except StopIteration:
                continue
            self.spawn(process, wait)
