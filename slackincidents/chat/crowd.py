"""Those who may ask: how many are at work, and which of them wait for a reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Crowd:
    """Tells when nobody is left who could still ask. Whoever waits is known by its task."""

    def __init__(self, changed: Callable[[], object]) -> None:
        """`changed` is called when more wait than before, or less are at work.

        Until somebody says how many are at work, everybody is taken to wait.
        """
        self._changed = changed
        self._at_work: int | None = None
        self._waiting: set[asyncio.Task[object]] = set()

    @property
    def all_wait(self) -> bool:
        """Whether everybody at work waits for a reply."""
        return self._at_work is None or len(self._waiting) >= self._at_work

    def at_work(self, number: int) -> None:
        """So many tasks may ask from now on."""
        self._at_work = number
        self._changed()

    @contextmanager
    def waiting(self) -> Iterator[asyncio.Task[object] | None]:
        """This task waits, until the block ends or it is `served`; its name is given, to be served by."""
        task = asyncio.current_task()
        if task is None or task in self._waiting:
            yield task
            return
        self._waiting.add(task)
        self._changed()
        try:
            yield task
        finally:
            self._waiting.discard(task)

    def served(self, task: asyncio.Task[object] | None) -> None:
        """A reply is on its way to this task: it may ask again."""
        if task is not None:
            self._waiting.discard(task)
