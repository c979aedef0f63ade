"""An export as incident records: ours as they were, everything else as one record a channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from slackincidents.archive.answers import VERSION, AnswerFile
from slackincidents.archive.directory import Directory
from slackincidents.archive.history import Post, histories
from slackincidents.archive.marked import Marks, rebuild
from slackincidents.archive.shapes import Channel, Manifest, Message, User
from slackincidents.archive.sources import ROOTS, Limits, Source, open_source
from slackincidents.errors import BadFile
from slackincidents.schema.faults import first_fault
from slackincidents.schema.incident import IncidentRecord

Parsed = TypeVar("Parsed")

MANIFEST, ANSWERS = "slackincidents.json", "answer_key.json"
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MESSAGES: TypeAdapter[list[Message]] = TypeAdapter(list[Message])
_USERS: TypeAdapter[list[User]] = TypeAdapter(list[User])
_CHANNELS: TypeAdapter[list[Channel]] = TypeAdapter(list[Channel])


def holds_archive(path: Path) -> bool:
    """True for a folder, and for a file that is a ZIP or calls itself one."""
    try:
        if path.is_dir():
            return True
        if not path.is_file():
            return False
        with path.open("rb") as source:
            return source.read(4) in _MAGIC or path.suffix.lower() == ".zip"
    except OSError:  # whoever reads it as a file says what is wrong
        return False


def read(path: Path, *, quiet_hours: float | None = None, limits: Limits | None = None) -> tuple[IncidentRecord, ...]:
    """All records of an export, ours first, then the channels by name. Raises BadFile.

    Messages that we wrote become the incidents they were. Of all others each channel becomes one record; with
    `quiet_hours` it is split where nobody posts at the top level for that long, and threads stay whole. Direct
    messages are left out.
    """
    source = open_source(path, limits or Limits())
    days = source.days()
    if not days and source.read("channels.json") is None and source.read("groups.json") is None:
        raise _no_export(path)
    found = _records(source, days, quiet_hours)
    if not found:
        raise BadFile(f"{path} holds no messages", "Export it again, with the channels in it.")
    return found


def _records(
    source: Source, days: tuple[tuple[str, str], ...], quiet_hours: float | None
) -> tuple[IncidentRecord, ...]:
    users = _parse(source, "users.json", _USERS)
    rooms = [room for name in ("channels.json", "groups.json") for room in _rooms(source, name)]
    directory = Directory.of(users or [], rooms)
    manifest = _parse(source, MANIFEST, TypeAdapter(Manifest))
    private = {name for file in ("dms.json", "mpims.json") for name in _names(_rooms(source, file))}
    marks = Marks(source.path, manifest)
    others: list[Post] = []
    for folder, name in days:
        if folder in private:
            continue
        for message in _parse(source, name, _MESSAGES) or []:
            post = Post(f"#{folder}", message)
            if not marks.take(post):
                others.append(post)
    answers = _parse(source, ANSWERS, TypeAdapter(AnswerFile))
    return (*rebuild(marks, directory, answers), *histories(others, directory, quiet_hours))


def _rooms(source: Source, name: str) -> list[Channel]:
    rooms = _parse(source, name, _CHANNELS)
    return rooms or []


def _names(rooms: Iterable[Channel]) -> Iterator[str]:
    for room in rooms:
        yield room.id
        yield room.name or room.id


def _parse(source: Source, name: str, adapter: TypeAdapter[Parsed]) -> Parsed | None:
    text = source.read(name)
    if text is None:
        return None
    try:
        parsed = adapter.validate_json(text)
    except ValidationError as error:
        hint = "It is not what Slack exports; export it again."
        raise BadFile(f"{source.path}: {name}: {first_fault(error)}", hint) from None
    if isinstance(parsed, Manifest | AnswerFile) and parsed.version != VERSION:
        hint = "Update slackincidents: a newer one wrote it."
        raise BadFile(f"{source.path}: {name} is of version {parsed.version}", hint)
    return parsed


def _no_export(path: Path) -> BadFile:
    if path.is_dir():
        return BadFile(f"{path} is a folder", "Name a file in it, or the unpacked folder of a Slack export.")
    wanted = f"It should have {ROOTS[0]} and a folder a channel."
    return BadFile(f"{path} is a ZIP, but no Slack export", wanted)
