"""The shards told on a Ray cluster. Ray is an extra: pip install 'slackincidents[ray]'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ray

from slackincidents.workspace.engines import AHEAD, Shelf, tell_offline
from slackincidents.workspace.shards import Batch, Told


@dataclass(frozen=True)
class RayCluster:
    """An existing cluster, or a local one without an `address`. Every node needs this package and the same library."""

    shelf: Shelf
    workers: int
    address: str | None = None

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """One shard a batch, as they are done."""
        begun = not ray.is_initialized()
        if begun:
            ray.init(address=self.address, num_cpus=None if self.address else self.workers, include_dashboard=False)
        try:
            yield from self._bounded(batches)
        finally:
            if begun:
                ray.shutdown()

    def _bounded(self, batches: Iterator[Batch]) -> Iterator[Told]:
        work = ray.remote(tell_offline)
        running: list[ray.ObjectRef[Told]] = []
        for batch in batches:
            running.append(work.remote(self.shelf, batch))
            while len(running) >= AHEAD * self.workers:
                done, running = ray.wait(running)
                yield from ray.get(done)
        while running:
            done, running = ray.wait(running)
            yield from ray.get(done)
