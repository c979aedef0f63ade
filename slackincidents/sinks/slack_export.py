"""Incidents as the ZIP that Slack exports: one workspace, the same bytes for the same incidents on every machine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import TypeAdapter

from slackincidents.archive.answers import VERSION, AnswerFile, AnswerKey, blind, identity
from slackincidents.archive.directory import Directory
from slackincidents.archive.moments import iso, read_stamp
from slackincidents.archive.reader import ANSWERS, MANIFEST
from slackincidents.archive.shapes import Channel, Entry, Manifest, User
from slackincidents.errors import UsageError
from slackincidents.files import write_whole
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.export_messages import Press, Workplace
from slackincidents.sinks.export_people import ids, joins, rooms, roster
from slackincidents.sinks.export_shapes import ChannelOut, MessageOut, UserOut
from slackincidents.sinks.export_slots import slots

Written = TypeVar("Written")

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the oldest that a ZIP can tell."""

_USERS: TypeAdapter[tuple[UserOut, ...]] = TypeAdapter(tuple[UserOut, ...])
_CHANNELS: TypeAdapter[tuple[ChannelOut, ...]] = TypeAdapter(tuple[ChannelOut, ...])
_MESSAGES: TypeAdapter[tuple[MessageOut, ...]] = TypeAdapter(tuple[MessageOut, ...])
_READ_USERS: TypeAdapter[tuple[User, ...]] = TypeAdapter(tuple[User, ...])
_READ_CHANNELS: TypeAdapter[tuple[Channel, ...]] = TypeAdapter(tuple[Channel, ...])


def write(
    incidents: Iterable[IncidentRecord], path: str | Path, *, answers: bool = True, overwrite: bool = True
) -> Path:
    """Write incidents into one export; the path is given back. Their order does not matter.

    Without `answers` the answer key stays out. Messages are made a channel and day at a time; nothing is left behind
    when the disk refuses.

    Raises:
        UsageError: no incident, the same one twice, or one at a time that Slack cannot write.
        OutputExists: a file is there and `overwrite` is off.
        WriteFailed: the disk says no.
    """
    whole, target = _sorted(incidents), Path(path)
    if target.exists() and not target.is_file():
        raise UsageError(f"{path} is a folder or a device", "An export is a file; name one that ends in .zip.")
    write_whole(target, lambda sink: _fill(sink, whole, answers), overwrite=overwrite)
    return target


def members(incidents: Iterable[IncidentRecord], *, answers: bool = True) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every entry of the export; a folder's name ends in a slash and has none."""
    return _members(_sorted(incidents), answers)


def _sorted(incidents: Iterable[IncidentRecord]) -> list[tuple[str, IncidentRecord]]:
    """The incidents with their identities, by start. Raises UsageError for none, and for one twice."""
    whole = [(identity(incident), incident) for incident in incidents]
    whole.sort(key=lambda one: (one[1].started_at, one[0]))
    if not whole:
        raise UsageError("no incident to export", "Name one or more.")
    seen: set[str] = set()
    for key, incident in whole:
        if key in seen:
            raise UsageError(f"{incident.scenario_id} is to be exported twice", "Name each incident once.")
        seen.add(key)
    return whole


def _fill(sink: BinaryIO, whole: Sequence[tuple[str, IncidentRecord]], answers: bool) -> None:
    """Stored, not deflated: what a compressor makes differs from one machine to the next."""
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, data in _members(whole, answers):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system = 3
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            archive.writestr(entry, data)


def _members(whole: Sequence[tuple[str, IncidentRecord]], answers: bool) -> Iterator[tuple[str, bytes]]:
    identities, incidents = [key for key, _ in whole], [incident for _, incident in whole]
    cast = roster(incidents)
    placed = slots(incidents, identities, joins(incidents, cast))
    channels = rooms(incidents, cast, placed)
    users, listed = cast.users(), tuple(sorted(channels.values(), key=lambda room: room.name))
    users_json, channels_json = _json(_USERS, users), _json(_CHANNELS, listed)
    directory = Directory.of(_READ_USERS.validate_json(users_json), _READ_CHANNELS.validate_json(channels_json))
    yield "channels.json", channels_json
    yield "users.json", users_json
    yield "integration_logs.json", b"[]"
    yield MANIFEST, _json(TypeAdapter(Manifest), manifest(whole))
    if answers:
        keys = AnswerFile(incidents=tuple(AnswerKey.of(incident) for incident in incidents))
        yield ANSWERS, keys.to_json().encode()
    work = Workplace(incidents, identities, cast, ids(cast, channels), directory)
    for channel in sorted(channels, key=lambda channel: channels[channel].name):
        name = channels[channel].name
        yield f"{name}/", b""
        for day, posted in groupby(Press(work, name, placed.get(channel, ())).messages(), key=_day):
            yield f"{name}/{day}.json", _json(_MESSAGES, tuple(posted))


def manifest(whole: Sequence[tuple[str, IncidentRecord]]) -> Manifest:
    """What a reader needs besides the messages to have the incidents back, without an answer in it."""
    return Manifest(
        version=VERSION,
        incidents=tuple(
            Entry(
                incident=key,
                events=len(incident.timeline),
                record=blind(incident).model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"timeline"}),
            )
            for key, incident in whole
        ),
    )


def _day(message: MessageOut) -> str:
    """The day of a message in UTC."""
    return iso(read_stamp(message.ts))[:10]


def _json(adapter: TypeAdapter[Written], value: Written) -> bytes:
    return adapter.dump_json(value, indent=1, exclude_none=True)
