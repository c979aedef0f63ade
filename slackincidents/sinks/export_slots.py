"""When each message of an export was posted: distinct within a channel, in order within an incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slackincidents.archive.moments import SECOND, micros, stamp
from slackincidents.errors import UsageError
from slackincidents.render.room import Entry, entries
from slackincidents.schema.incident import Event, IncidentRecord
from slackincidents.sinks.export_ids import scatter

FIRST, LAST = 1_000_000_000 * SECOND, 9_999_999_000 * SECOND
"""The times that Slack can write with ten digits."""

MILLISECOND = 1000
JITTER = 800
"""Milliseconds within which an event that is told to the second is posted."""


@dataclass(frozen=True)
class Slot:
    """One message of one incident: its event, its part of it, when it stands there and in which thread."""

    incident: int
    index: int
    part: int
    parts: int
    moment: int
    thread: int | None = None

    @property
    def ts(self) -> str:
        """Its time as Slack writes it."""
        return stamp(self.moment)

    @property
    def thread_ts(self) -> str | None:
        """Its thread's root, for a reply."""
        return None if self.thread is None else stamp(self.thread)


@dataclass(frozen=True)
class Due:
    """An entry of one incident, before it has its place."""

    at: int
    incident: int
    entry: Entry

    @property
    def order(self) -> tuple[int, int, int]:
        """By time, then incident, then the file's order."""
        return self.at, self.incident, self.entry.index


class Schedule:
    """Gives out times, one after the other."""

    def __init__(self, identities: Sequence[str], parts: Sequence[Sequence[int]]) -> None:
        self._identities = identities
        self._parts = parts
        self._channels: dict[str, int] = defaultdict(int)
        self._incidents: dict[int, int] = defaultdict(int)
        self._roots: dict[tuple[int, int], int] = {}

    def place(self, due: Due) -> Iterator[Slot]:
        """The slots of one event, which is not before any that was placed."""
        incident, event = due.incident, due.entry.event
        parts = self._parts[incident][due.entry.index]
        root = self._roots.get((incident, due.entry.root)) if due.entry.root is not None else None
        for part in range(parts):
            moment = self._moment(due, event, part)
            self._channels[event.channel] = self._incidents[incident] = moment
            self._roots.setdefault((incident, due.entry.index), moment)
            yield Slot(incident, due.entry.index, part, parts, moment, root)

    def _moment(self, due: Due, event: Event, part: int) -> int:
        """The time as told; one told to the second gets milliseconds as a real one has them."""
        name = f"{self._identities[due.incident]}/{due.entry.index}/{part}"
        wanted = due.at // MILLISECOND
        if due.at % SECOND == 0:
            wanted += scatter(name, JITTER)
        free = max(self._channels[event.channel], self._incidents[due.incident]) // MILLISECOND + 1
        return max(wanted, free) * MILLISECOND + scatter(f"{name}/below", MILLISECOND)


def slots(
    incidents: Sequence[IncidentRecord], identities: Sequence[str], parts: Sequence[Sequence[int]]
) -> dict[str, list[Slot]]:
    """Every message by channel, in time order. `parts` has how many messages each event becomes. Raises UsageError."""
    dues = [due for number, incident in enumerate(incidents) for due in _dues(number, incident)]
    schedule = Schedule(identities, parts)
    made: dict[str, list[Slot]] = defaultdict(list)
    for due in sorted(dues, key=lambda due: due.order):
        made[due.entry.event.channel] += schedule.place(due)
    return made


def _dues(number: int, incident: IncidentRecord) -> Iterator[Due]:
    start = micros(incident.started_at)
    for entry in entries(incident):
        at = start + round(entry.event.offset_seconds * SECOND)
        if not FIRST <= at <= LAST:
            hint = "Slack's times go from 2001-09-09 to 2286-11-20; choose another start."
            raise UsageError(f"{incident.scenario_id} has an event at {incident.time_of(entry.event)}", hint)
        yield Due(at, number, entry)
