"""The batches under way, one small file each, so that a killed run goes on with them and pays nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from slackincidents.errors import BadFile
from slackincidents.files import read_text, write_text
from slackincidents.schema.base import Frozen

FOLDER = "batches"


class Sent(Frozen):
    """A file of questions that was uploaded, and the batch that was made of it once that is known.

    `addresses` are those of its questions; of an ended batch, those that were answered. `files` are its own there.
    """

    format: Literal[1] = 1
    endpoint: str
    file: str
    batch: str | None = None
    ended: bool = False
    addresses: tuple[str, ...]
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its file is called here."""
        return hashlib.sha256(f"{self.endpoint} {self.file}".encode()).hexdigest()[:24]


class Journal:
    """A folder with a file for every batch whose replies are not all kept yet."""

    def __init__(self, replies: Path, kept: Callable[[str], bool]) -> None:
        """Beside the replies. `kept` says whether the reply of an address is on disk."""
        self._folder = replies / FOLDER
        self._kept = kept

    def path(self, sent: Sent) -> Path:
        """Where a batch is noted."""
        return self._folder / f"{sent.name}.json"

    def write(self, sent: Sent) -> None:
        """Note a batch; when this returns it is on disk. Raises WriteFailed."""
        write_text(self.path(sent), sent.model_dump_json(indent=1) + "\n")

    def drop(self, sent: Sent) -> None:
        """Forget a batch: nothing more will come of it."""
        self.path(sent).unlink(missing_ok=True)

    def read(self, endpoint: str) -> tuple[Sent, ...]:
        """What an earlier run left at an endpoint. Raises BadFile for a note that makes no sense: it may be money."""
        found = (self._read(path) for path in sorted(self._folder.glob("*.json")))
        return tuple(sent for sent in found if sent.endpoint == endpoint)

    def settle(self, noted: Iterable[Sent]) -> tuple[Sent, ...]:
        """Drop the ended batches whose replies are all on disk; those dropped."""
        settled = tuple(sent for sent in noted if sent.ended and all(map(self._kept, sent.addresses)))
        for sent in settled:
            self.drop(sent)
        return settled

    def _read(self, path: Path) -> Sent:
        try:
            return Sent.model_validate_json(read_text(path))
        except ValidationError as error:
            raise BadFile(
                f"{path} cannot be read: {error.errors()[0]['msg']}",
                "It notes a batch that may have been paid for. Remove it to ask its questions again.",
            ) from None
