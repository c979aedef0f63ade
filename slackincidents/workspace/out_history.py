"""A finished history as its exports read it: what it was made from, and its records, one in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile
from slackincidents.files import read_text
from slackincidents.schema.incident import IncidentRecord
from slackincidents.workspace.making import NAME, Making
from slackincidents.workspace.shards import FOLDER, MANIFEST, Manifest, manifest_of, records


class Is(StrEnum):
    """What a record of a history is."""

    INCIDENT = "incident"
    NOISE = "noise"
    CHANGE = "change"
    TALK = "talk"


def kind_of(record: IncidentRecord) -> Is:
    """What a record is: noise has a key of its own, changes and talk say so in their type, all else is an incident."""
    if record.noise is not None:
        return Is.NOISE
    return Is(record.scenario_type) if record.scenario_type in tuple(Is) else Is.INCIDENT


def ref(record: IncidentRecord) -> str | None:
    """How people name an incident (``INC-20``); None for what has no name."""
    told = record.metadata.get("ref")
    return told if isinstance(told, str) else None


@dataclass(frozen=True)
class Line:
    """A record and where it stands: the file, and the byte at which its line begins."""

    record: IncidentRecord
    path: Path
    offset: int


@dataclass(frozen=True)
class History:
    """A history's folder, whole."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> History:
        """Raises BadFile for a folder without a history, and for one whose making was not brought to its end."""
        if not (folder / NAME).is_file():
            raise BadFile(f"{folder} holds no history", "Make one: slackincidents workspace -o DIR")
        if not (folder / MANIFEST).is_file():
            raise BadFile(
                f"{folder} is not finished: it has no {MANIFEST}",
                "Run the same slackincidents workspace command again; it goes on where it stopped.",
            )
        IncidentRecord.model_rebuild()
        return cls(folder, manifest_of(folder))

    @cached_property
    def making(self) -> Making:
        """What it was made from. Raises BadFile."""
        path = self.folder / NAME
        try:
            return Making.model_validate_json(read_text(path))
        except ValidationError as error:
            raise BadFile(f"{path} cannot be read: {error.errors()[0]['msg']}", "Make the history again.") from None

    def records(self) -> Iterator[IncidentRecord]:
        """Every record in order, one in memory at a time. Raises BadFile."""
        return records(self.folder)

    def lines(self) -> Iterator[Line]:
        """Every record in order with its place, one in memory at a time. Raises BadFile."""
        source = self.records()
        for note in self.manifest.shards:
            path, offset = self.folder / FOLDER / f"{note.number:05d}.jsonl", 0
            with path.open("rb") as shard:
                for line in shard:
                    yield Line(next(source), path, offset)
                    offset += len(line)
