"""The clock of a simulation: processes that wait, in the order of their waking."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from dataclasses import dataclass

Process = Generator[float, None, None]
"""A process yields how many seconds it waits, again and again, until it is done."""

UNTIL_WOKEN = float("inf")
"""A wait that only `wake` ends."""


class Silence(Exception):
    """What a process waited for did not come; it ends there, unless it goes on without it."""


@dataclass(eq=False)
class Strand:
    """A process on its way, and in whose name it draws. `ordered`: begun by an order from the seat."""

    process: Process
    owner: str
    ordered: bool = False


class Kernel:
    """Runs processes in simulated time. Processes due at the same time run in spawning order."""

    def __init__(self) -> None:
        """Start at zero with nothing to do."""
        self.now = 0.0
        self.strand: Strand | None = None
        self._sequence = 0
        self._queue: list[tuple[float, int, Strand]] = []

    @property
    def owner(self) -> str:
        """In whose name the running process draws."""
        return self.strand.owner if self.strand else ""

    def spawn(self, process: Process, after: float = 0.0, *, owner: str | None = None, ordered: bool = False) -> None:
        """Let a process begin `after` seconds from now; it draws in the name of whoever begins it, or of `owner`."""
        self._push(Strand(process, self.owner if owner is None else owner, ordered), after)

    def wake(self, strand: Strand) -> None:
        """Go on now with a process that waits for it."""
        self._push(strand, 0.0)

    def run(self, until: float) -> None:
        """Wake processes until none is left or the clock would pass `until` seconds."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, strand = heapq.heappop(self._queue)
            self.strand = strand
            try:
                wait = next(strand.process)
            except (StopIteration, Silence):
                wait = UNTIL_WOKEN
            self.strand = None
            if wait != UNTIL_WOKEN:
                self._push(strand, wait)

    def advance(self, to: float) -> None:
        """Let time pass until `to`."""
        self.run(to)
        self.now = max(self.now, to)

    @property
    def next_at(self) -> float | None:
        """When the next process wakes; None when none is left."""
        return self._queue[0][0] if self._queue else None

    def _push(self, strand: Strand, after: float) -> None:
        self._sequence += 1
        heapq.heappush(self._queue, (self.now + max(0.0, after), self._sequence, strand))
