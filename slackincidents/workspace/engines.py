"""Who tells the shards: this process, several, or a cluster. The same bytes come of all of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Protocol

from slackincidents.errors import CheckFailed
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.workspace.shards import Batch, Failure, Told, told
from slackincidents.workspace.telling import tell
from slackincidents.writer.base import AnyWriter

AHEAD = 2
"""Batches waiting for each worker; so many are in memory at once."""


@dataclass(frozen=True)
class Shelf:
    """Where workers find people, services and skeletons: the parts of a Library, as values."""

    home: Path | None = None
    personas: Path | None = None
    services: Path | None = None

    @classmethod
    def of(cls, library: Library) -> Shelf:
        """The shelf of a library."""
        return cls(library.home, library.personas_file, library.services_file)


class Engine(Protocol):
    """Tells batches, a bounded number at a time, and gives each back as soon as it is done."""

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """One shard a batch, in any order."""
        ...


async def tell_batch(workshop: Workshop, batch: Batch, writer: AnyWriter | None = None) -> Told:
    """One shard. What the validator refuses is a failure by name; anything else stops the run."""
    records, failed = [], []
    for entry in batch.entries:
        try:
            records.append(await tell(workshop, entry, writer))
        except CheckFailed as error:
            failed.append(Failure(entry=entry.number, why=str(error)))
    return told(batch, records, failed)


@dataclass(frozen=True)
class Here:
    """This process, one batch after another; a writer it may be given, but not many calls at once (`Modelled`)."""

    workshop: Workshop
    writer: AnyWriter | None = None

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """One shard a batch, in order."""
        for batch in batches:
            yield asyncio.run(tell_batch(self.workshop, batch, self.writer))


@dataclass(frozen=True)
class Processes:
    """Several processes on this machine."""

    shelf: Shelf
    workers: int

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """One shard a batch, as they are done."""
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, mp_context=context, initializer=end_with_parent) as pool:
            yield from _bounded(batches, lambda batch: pool.submit(tell_offline, self.shelf, batch), self.workers)


def _bounded(batches: Iterator[Batch], begin: Callable[[Batch], Future[Told]], workers: int) -> Iterator[Told]:
    running: set[Future[Told]] = set()
    for batch in batches:
        running.add(begin(batch))
        while len(running) >= AHEAD * workers:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def tell_offline(shelf: Shelf, batch: Batch) -> Told:
    """One shard, in whatever process this is."""
    return asyncio.run(tell_batch(_workshop(shelf), batch))


@cache
def _workshop(shelf: Shelf) -> Workshop:
    return Workshop.open(Library(shelf.home, shelf.personas, shelf.services))


def end_with_parent() -> None:
    """Let this process end when the one that began it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
