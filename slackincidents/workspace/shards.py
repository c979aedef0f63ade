"""A history on disk: shards that are committed whole, a note beside each, and a manifest over all of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile
from slackincidents.files import read_text, write_whole
from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Entry, NoiseEntry

SHARD = 200
"""Entries a shard."""

FOLDER, MANIFEST = "shards", "manifest.json"
LONGEST_LINE = 64 * 1024 * 1024


class Batch(Frozen):
    """Entries that are told together; `number` counts from 1."""

    number: int
    entries: tuple[Entry, ...]


class Failure(Frozen):
    """An entry that could not be told, and why."""

    entry: int
    why: str


class Note(Frozen):
    """What a shard holds: the numbers of its first and last entry, its hash, what failed. It is written last.

    `unanswered` is how much of its noise nobody said a word to.
    """

    number: int
    first: int
    last: int
    told: int
    counts: dict[str, int]
    unanswered: int = 0
    failed: tuple[Failure, ...] = ()
    sha256: str
    bytes: int


class Told(Frozen):
    """A shard's bytes, one incident a line, and its note."""

    data: bytes
    note: Note


class Manifest(Frozen):
    """All shards of a history. `sha256` is over their hashes, in order: equal for equal histories."""

    version: str
    shards: tuple[Note, ...]
    sha256: str

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything that could not be told, in order."""
        return tuple(failure for note in self.shards for failure in note.failed)

    @property
    def counts(self) -> dict[str, int]:
        """How many entries of each kind there are, by kind."""
        found: Counter[str] = Counter()
        for note in self.shards:
            found.update(note.counts)
        return dict(sorted(found.items()))

    @property
    def unanswered(self) -> float:
        """The share of noise that nobody answered; 0 without any."""
        return sum(note.unanswered for note in self.shards) / max(1, self.counts.get("noise", 0))


def batches(entries: Iterable[Entry], size: int = SHARD) -> Iterator[Batch]:
    """The entries in shards, in order."""
    source, number = iter(entries), 0
    while chunk := tuple(islice(source, size)):
        number += 1
        yield Batch(number=number, entries=chunk)


def told(batch: Batch, records: Iterable[IncidentRecord], failed: Iterable[Failure]) -> Told:
    """A batch as a shard."""
    found = list(records)
    data = b"".join(record.model_dump_json(by_alias=True, exclude_none=True).encode() + b"\n" for record in found)
    note = Note(
        number=batch.number,
        first=batch.entries[0].number,
        last=batch.entries[-1].number,
        told=len(found),
        counts=dict(sorted(Counter(entry.kind for entry in batch.entries).items())),
        unanswered=sum(isinstance(entry, NoiseEntry) and not entry.by for entry in batch.entries),
        failed=tuple(failed),
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
    )
    return Told(data=data, note=note)


def commit(folder: Path, shard: Told) -> None:
    """Write a shard, then its note; either stands there whole or not at all."""
    write_whole(_lines(folder, shard.note.number), lambda sink: sink.write(shard.data))
    note = shard.note.model_dump_json(indent=1).encode() + b"\n"
    write_whole(_lines(folder, shard.note.number).with_suffix(".json"), lambda sink: sink.write(note))


def committed(folder: Path, number: int) -> Note | None:
    """The note of a shard that stands there whole, its bytes checked; None when there is none."""
    lines = _lines(folder, number)
    try:
        note = Note.model_validate_json(read_text(lines.with_suffix(".json")))
    except (BadFile, ValidationError):
        return None
    return note if lines.is_file() and _sha256(lines) == note.sha256 else None


def close(folder: Path, notes: Iterable[Note], version: str) -> Manifest:
    """Write the manifest: from then on the history is whole."""
    ranked = tuple(sorted(notes, key=lambda note: note.number))
    whole = hashlib.sha256("".join(note.sha256 for note in ranked).encode()).hexdigest()
    manifest = Manifest(version=version, shards=ranked, sha256=whole)
    write_whole(folder / MANIFEST, lambda sink: sink.write(manifest.model_dump_json(indent=1).encode() + b"\n"))
    return manifest


def manifest_of(folder: Path) -> Manifest:
    """The manifest of a finished history. Raises BadFile."""
    try:
        return Manifest.model_validate_json(read_text(folder / MANIFEST))
    except ValidationError as error:
        raise BadFile(f"{folder / MANIFEST} is not a manifest", str(error.errors()[0]["msg"])) from None


def records(folder: Path) -> Iterator[IncidentRecord]:
    """Every incident file of a finished history, in order, one in memory at a time. Raises BadFile."""
    for note in manifest_of(folder).shards:
        path = _lines(folder, note.number)
        with path.open("rb") as source:
            for place, line in enumerate(source, 1):
                try:
                    yield IncidentRecord.model_validate_json(line)
                except ValidationError as error:
                    raise BadFile(f"{path}:{place}: {error.errors()[0]['msg']}", "Make the history again.") from None


def _lines(folder: Path, number: int) -> Path:
    return folder / FOLDER / f"{number:05d}.jsonl"


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
