"""A small shop to post to: incidents by the line, a workspace in memory, runs that may be killed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from slackincidents.clock import FakeClock
from slackincidents.errors import Declined
from slackincidents.schema.delivery import Delivery, Outgoing, Posted, PostingOptions, Progress
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.memory import Fault, Kept, MemoryWorkspace, Store
from slackincidents.sinks.poster import deliver
from slackincidents.sinks.steps import order, steps

LIVE = PostingOptions(dry_run=False, workspace_id="T1")


def message(at: float, channel: str = "#cache", text: str = "looking", **more: JsonValue) -> dict[str, JsonValue]:
    """A line of a timeline."""
    return {"type": "message", "offset_seconds": at, "channel": channel, "user": "alice", "content": text, **more}


def alert(at: float, channel: str = "#cache", **more: JsonValue) -> dict[str, JsonValue]:
    """An alert's line."""
    line: dict[str, JsonValue] = {
        "type": "alert", "offset_seconds": at, "channel": channel, "severity": "critical", "title": "High latency",
        "details": "p95 is 900ms", "metrics": {"p95_latency": "900ms"}, "runbook": "https://wiki.example.com/r",
    }  # fmt: skip
    return {**line, **more}


def incident(timeline: Sequence[dict[str, JsonValue]], **more: JsonValue) -> IncidentRecord:
    """An incident of a cache and a shop around a timeline."""
    return IncidentRecord.model_validate(
        {
            "scenario_id": "cache-1",
            "scenario_type": "cache-failure",
            "title": "Cache down",
            "start_time": "2024-12-11T14:30:00Z",
            "services": {
                "cache": {"channel": "#cache", "oncall_group": "@cache-oncall"},
                "shop": {"channel": "#shop", "oncall_group": "@shop-oncall"},
            },
            "people": {"alice": "Alice Chen"},
            "timeline": list(timeline),
            **more,
        }
    )


class Notebook:
    """An observer that keeps everything."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self.heard: list[Progress] = []

    def progress(self, progress: Progress) -> None:
        """Keep it."""
        self.heard.append(progress)


class Killed(BaseException):
    """The process died."""


class Mortal(MemoryWorkspace):
    """A workspace whose caller dies at the nth post: before the message is taken, or after."""

    die_before: int = 0
    die_after: int = 0
    refuse: str = ""

    async def post(self, message: Outgoing) -> Posted:
        """Post, or die, or say no."""
        if self.refuse and message.text == self.refuse:
            self.calls["post"] += 1
            raise Declined("the channel was archived", "Unarchive it.")
        if self.calls["post"] + 1 == self.die_before:
            self.calls["post"] += 1
            raise Killed
        posted = await super().post(message)
        if self.calls["post"] == self.die_after:
            raise Killed
        return posted


@dataclass
class Shop:
    """A workspace that goes on from run to run, and the folder of the run."""

    folder: Path
    record: IncidentRecord
    store: Store = field(default_factory=lambda: Store.of(["cache", "shop", "quiet"]))
    now: float = 1_700_000_000.0
    workspace: Mortal | None = None

    def post(
        self,
        options: PostingOptions = LIVE,
        faults: dict[tuple[str, int], Fault] | None = None,
        die_before: int = 0,
        die_after: int = 0,
        refuse: str = "",
        observer: Notebook | None = None,
    ) -> Delivery:
        """Post the incident, or go on."""

        async def work() -> Delivery:
            clock = FakeClock(self.now)
            workspace = self.workspace = Mortal(clock, self.store, faults=faults)
            workspace.die_before, workspace.die_after, workspace.refuse = die_before, die_after, refuse
            try:
                return await deliver(
                    self.record, workspace, clock=clock, run_folder=self.folder, options=options, observer=observer
                )
            finally:
                self.now = clock.now() + 1.0

        return asyncio.run(work())

    @property
    def texts(self) -> list[str]:
        """What stands, in the order it came."""
        return [kept.message.text for kept in self.store.messages]


def shop(folder: Path, timeline: Sequence[dict[str, JsonValue]], **more: JsonValue) -> Shop:
    """A shop with an incident, and every channel it needs."""
    record = incident(timeline, **more)
    names = dict.fromkeys(("cache", "shop", *(step.channel for step in steps(record))))
    return Shop(folder / "run", record, Store.of(names))


def faults_in(record: IncidentRecord, messages: Iterable[Kept]) -> list[str]:
    """Everything wrong with what stands: lost, double, under a wrong parent, out of order. Empty is right."""
    kept = list(messages)
    found = [f"event {index} stands {count} times" for index, count in _counts(record, kept) if count != 1]
    roots = {one.ts: one.message.marker.index for one in kept}
    wanted = {step.index: step.parent for step in steps(record)}
    for one in kept:
        parent = roots.get(one.message.thread_ts) if one.message.thread_ts else None
        if parent != wanted[one.message.marker.index]:
            found.append(f"event {one.message.marker.index} hangs under {parent}")
    ranks = {index: rank for rank, index in enumerate(order(record))}
    for channel in {one.channel_id for one in kept}:
        came = [ranks[one.message.marker.index] for one in kept if one.channel_id == channel]
        if came != sorted(came):
            found.append(f"{channel} is out of order: {came}")
    return found


def _counts(record: IncidentRecord, kept: list[Kept]) -> list[tuple[int, int]]:
    counts = Counter(one.message.marker.index for one in kept if one.message.marker.part == 0)
    return [(index, counts[index]) for index in range(len(record.timeline))]
