"""A history as one Slack export, in bounded memory: the same bytes as if all its incidents were exported at once."""

from __future__ import annotations

import heapq
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from slackincidents.archive.answers import VERSION, AnswerKey, blind, identity
from slackincidents.archive.directory import Directory
from slackincidents.archive.moments import SECOND, iso, micros, read_stamp
from slackincidents.archive.reader import ANSWERS, MANIFEST
from slackincidents.archive.shapes import Channel, Entry, User
from slackincidents.errors import UsageError
from slackincidents.files import write_whole
from slackincidents.render.room import entries
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.export_messages import Press, Workplace
from slackincidents.sinks.export_people import ids, joins, rooms, roster
from slackincidents.sinks.export_shapes import ChannelOut, UserOut
from slackincidents.sinks.export_slots import FIRST, LAST, Due, Schedule, Slot
from slackincidents.sinks.slack_export import LONG_AGO
from slackincidents.workspace.out_history import History
from slackincidents.workspace.out_slack_cast import Digest, Rooms
from slackincidents.workspace.out_spool import Spool, spool

ENTRIES, KEYS = "/entries", "/keys"
"""Shelves of the spool that no channel can be named like."""

_USERS: TypeAdapter[tuple[UserOut, ...]] = TypeAdapter(tuple[UserOut, ...])
_CHANNELS: TypeAdapter[tuple[ChannelOut, ...]] = TypeAdapter(tuple[ChannelOut, ...])
_READ_USERS: TypeAdapter[tuple[User, ...]] = TypeAdapter(tuple[User, ...])
_READ_CHANNELS: TypeAdapter[tuple[Channel, ...]] = TypeAdapter(tuple[Channel, ...])


def write(history: History, path: Path, *, answers: bool = True, overwrite: bool = False) -> Path:
    """Write the export; without `answers` the answer key stays out.

    Raises:
        UsageError: nothing happened in it, or at times that Slack cannot write.
        OutputExists: a file is there and `overwrite` is off.
        WriteFailed: the disk says no.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is a folder or a device", "An export is a file; name one that ends in .zip.")
    with spool() as kept:
        write_whole(path, lambda sink: _fill(sink, _Printing(history, kept), answers), overwrite=overwrite)
    return path


def write_keys(history: History, path: Path, *, overwrite: bool = False) -> Path:
    """Write the answer keys alone, as an export without them needs them."""
    ranked = _ranked(history, Digest())

    def fill(sink: BinaryIO) -> None:
        keys = (_dumped(AnswerKey.of(one.read())) for one in ranked)
        for part in _listed(keys):
            sink.write(part)

    write_whole(path, fill, overwrite=overwrite)
    return path


@dataclass(frozen=True, order=True)
class _Place:
    """Where a record stands on disk; sorted as an export sorts incidents. `first` is its earliest message."""

    start: int
    key: str
    first: int
    offset: int
    path: Path

    def read(self) -> IncidentRecord:
        """The record."""
        with self.path.open("rb") as source:
            source.seek(self.offset)
            return IncidentRecord.model_validate_json(source.readline())


def _ranked(history: History, digest: Digest) -> list[_Place]:
    """All records by start, and who is in them. Raises UsageError where there is none."""
    found = []
    for line in history.lines():
        record = line.record
        digest.add(record)
        start = micros(record.started_at)
        first = start + round(min((event.offset_seconds for event in record.timeline), default=0) * SECOND)
        found.append(_Place(start, identity(record), first, line.offset, line.path))
    if not found:
        raise UsageError(f"nothing happened in {history.folder}", "Make a longer history.")
    found.sort()
    return found


class _Rolling(Schedule):
    """Gives out times, and forgets incidents that are over."""

    def forget(self, incident: int, events: int) -> None:
        """Drop all of an incident."""
        self._incidents.pop(incident, None)
        for index in range(events):
            self._roots.pop((incident, index), None)


@dataclass
class _Active:
    """An incident some of whose messages are still to come."""

    record: IncidentRecord
    left: int
    slots: dict[str, list[Slot]] = field(default_factory=dict)


class _Printing:
    """Makes the messages in order of time and puts them aside by channel and day."""

    def __init__(self, history: History, kept: Spool) -> None:
        digest = Digest()
        self.kept = kept
        self.ranked = _ranked(history, digest)
        self._digest = digest.records()
        self._cast = roster(self._digest)
        named = rooms(self._digest, self._cast, {})
        self.users = _USERS.dump_json(self._cast.users(), indent=1, exclude_none=True)
        listed = _CHANNELS.dump_json(tuple(named.values()), indent=1, exclude_none=True)
        self._ids = ids(self._cast, named)
        self._directory = Directory.of(_READ_USERS.validate_json(self.users), _READ_CHANNELS.validate_json(listed))
        self._called = {channel: room.name for channel, room in named.items()}
        self._rooms = Rooms(self._cast)
        self._parts: list[list[int]] = []
        self._schedule = _Rolling([place.key for place in self.ranked], self._parts)

    def run(self) -> tuple[ChannelOut, ...]:
        """Make them all; the channels are given back, by name."""
        active: dict[int, _Active] = {}
        due: list[tuple[tuple[int, int, int], Due]] = []
        ahead = _ahead(place.first for place in self.ranked)
        for number, place in enumerate(self.ranked):
            record = place.read()
            self._list(number, place, record)
            self._parts.append(joins([record], self._cast)[0])
            coming = list(_dues(number, record))
            active[number] = _Active(record, len(coming))
            for one in coming:
                heapq.heappush(due, (one.order, one))
            while due and due[0][0][0] < ahead[number]:
                self._place(heapq.heappop(due)[1], active)
        last, placed = self._rooms.placed(self._digest[-1], len(self._digest) - 1)
        made = rooms([*self._digest[:-1], last], self._cast, placed)
        return tuple(sorted(made.values(), key=lambda room: room.name))

    def _list(self, number: int, place: _Place, record: IncidentRecord) -> None:
        """Its entry in the manifest, and its answer key."""
        bare = blind(record).model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"timeline"})
        entry = Entry(incident=place.key, events=len(record.timeline), record=bare)
        self.kept.put(ENTRIES, "", number, TypeAdapter(Entry).dump_json(entry, indent=1, exclude_none=True))
        self.kept.put(KEYS, "", number, _dumped(AnswerKey.of(record)))

    def _place(self, due: Due, active: dict[int, _Active]) -> None:
        """Give a message its time; an incident that is complete is printed and forgotten."""
        mine = active[due.incident]
        event = due.entry.event
        for slot in self._schedule.place(due):
            self._rooms.note(slot, event)
            mine.slots.setdefault(event.channel, []).append(replace(slot, incident=0))
        mine.left -= 1
        if not mine.left:
            del active[due.incident]
            self._print(mine, self.ranked[due.incident].key)
            self._schedule.forget(due.incident, len(mine.record.timeline))
            self._parts[due.incident] = []

    def _print(self, mine: _Active, key: str) -> None:
        work = Workplace([mine.record], [key], self._cast, self._ids, self._directory)
        for channel, slots in mine.slots.items():
            name = self._called[channel]
            for message in Press(work, name, slots).messages():
                at = read_stamp(message.ts)
                self.kept.put(name, iso(at)[:10], at, message.model_dump_json(indent=1, exclude_none=True).encode())


def _dues(number: int, record: IncidentRecord) -> Iterator[Due]:
    start = micros(record.started_at)
    for entry in entries(record):
        at = start + round(entry.event.offset_seconds * SECOND)
        if not FIRST <= at <= LAST:
            hint = "Slack's times go from 2001-09-09 to 2286-11-20; make a history that starts in them."
            raise UsageError(f"{record.scenario_id} has an event at {record.time_of(entry.event)}", hint)
        yield Due(at, number, entry)


def _ahead(firsts: Iterable[int]) -> list[int]:
    """For each incident the earliest message of all that come after it."""
    found, least = [], LAST + 1
    for first in reversed(list(firsts)):
        found.append(least)
        least = min(least, first)
    found.reverse()
    return found


def _fill(sink: BinaryIO, printing: _Printing, answers: bool) -> None:
    """Stored, not deflated, as every export of ours."""
    listed = printing.run()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, parts in _members(printing, listed, answers):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system = 3
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            if name.endswith("/"):
                archive.writestr(entry, b"")
                continue
            with archive.open(entry, "w") as member:
                for part in parts():
                    member.write(part)


def _members(
    printing: _Printing, listed: tuple[ChannelOut, ...], answers: bool
) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    """Name and bytes of every entry, in the order of an export."""
    kept = printing.kept
    yield "channels.json", lambda: [_CHANNELS.dump_json(listed, indent=1, exclude_none=True)]
    yield "users.json", lambda: [printing.users]
    yield "integration_logs.json", lambda: [b"[]"]
    yield MANIFEST, lambda: _listed(kept.pieces(ENTRIES, ""), step=1, tail=b"")
    if answers:
        yield ANSWERS, lambda: _listed(kept.pieces(KEYS, ""))
    for room in listed:
        yield f"{room.name}/", list
        for day, _ in kept.folders(room.name):
            yield f"{room.name}/{day}.json", lambda room=room, day=day: _array(kept.pieces(room.name, day), 1)  # type: ignore[misc]


def _dumped(key: AnswerKey) -> bytes:
    return key.model_dump_json(indent=2, exclude_none=True).encode()


def _listed(pieces: Iterable[bytes], step: int = 2, tail: bytes = b"\n") -> Iterator[bytes]:
    """Pieces as the list ``incidents`` of a file with a version."""
    pad = b" " * step
    yield b'{\n%b"version": %d,\n%b"incidents": ' % (pad, VERSION, pad)
    yield from _array(pieces, step, depth=1)
    yield b"\n}" + tail


def _array(pieces: Iterable[bytes], step: int, depth: int = 0) -> Iterator[bytes]:
    """Pieces of indented JSON as an indented array."""
    inner, outer = b"\n" + b" " * step * (depth + 1), b"\n" + b" " * step * depth
    first = True
    for piece in pieces:
        yield (b"[" if first else b",") + inner + piece.replace(b"\n", inner)
        first = False
    yield outer + b"]"
