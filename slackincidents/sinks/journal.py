"""What a run did, on disk before and after each call, so that a run that was killed can go on.

One folder a run: `journal.jsonl`, one line an act, and `lock`, held while somebody posts.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile, OtherRun, WriteFailed
from slackincidents.files import read_text
from slackincidents.schema.delivery import Delivery
from slackincidents.sinks.lines import LINES, Header, Line, Past

NAME = "journal.jsonl"
LOCK = "lock"
MOST_BYTES = 500 * 1024 * 1024


class Journal:
    """The journal of one run, open for writing. Every line is on the disk before `write` returns."""

    def __init__(self, folder: Path) -> None:
        """Read what is there; the folder must be locked. Raises BadFile when a line makes no sense."""
        self.folder = folder
        self._path = folder / NAME
        self.past = read(folder)
        self._broken = False
        try:
            _mend(self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def begin(self, header: Header) -> Header:
        """Start the run, or go on with it. Raises OtherRun with the first field that differs."""
        if self.past.header is None:
            self.write(header)
            return header
        if self.past.deleted:
            raise OtherRun(f"{self.folder} holds a run that was taken back", "Name another folder with --run.")
        for name, label in COMPARED.items():
            before, now = getattr(self.past.header, name), getattr(header, name)
            if before != now:
                raise OtherRun(
                    f"{self.folder} holds another run: its {label} was {_short(before)}, now it is {_short(now)}",
                    "Go on with the same file and options, or name another folder with --run.",
                )
        return self.past.header

    def write(self, line: Line) -> None:
        """Add a line. Raises WriteFailed."""
        if self._broken:
            raise WriteFailed(f"{self._path} could not be written before", "Free space, then run the same again.")
        try:
            _append(self._path, line.model_dump_json() + "\n")
        except OSError as error:
            self._broken = True
            raise _unwritable(self._path, error) from None
        self.past.add(line)


COMPARED = {
    "incident": "incident",
    "incident_sha256": "incident's text",
    "team": "workspace",
    "test_channel": "test channel",
    "mark": "mark",
    "ping": "ping",
    "channels": "channels",
}
"""Fields of a header that must be the same to go on, and how people call them."""


def read(folder: Path) -> Past:
    """What the journal of a folder says; nothing when there is none. A torn last line does not count."""
    past = Past()
    path = folder / NAME
    if not path.exists():
        return past
    text = read_text(path, most_bytes=MOST_BYTES)
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        try:
            past.add(LINES.validate_json(line))
        except ValidationError:
            raise BadFile(f"{path}:{number} is not a line of a journal", "Name another folder with --run.") from None
    return past


def folders(folder: Path) -> tuple[Path, ...]:
    """The folder and those below it that hold a journal, in order of their names."""
    return tuple(sorted(path.parent for path in folder.rglob(NAME)))


def standing(folder: Path) -> tuple[Delivery, ...]:
    """How far the runs of a folder are, by their journals alone. Raises BadFile when there is none."""
    if not (found := folders(folder)):
        raise BadFile(f"{folder} holds no run", "A run's folder has a journal.jsonl in it.")
    return tuple(read(one).delivery() for one in found)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a folder alone. Raises OtherRun when another process posts from it."""
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OtherRun(
                f"another process is posting from {folder}", "Wait for it, or stop it, then run the same again."
            ) from None
        yield
    finally:
        os.close(handle)


def _append(path: Path, text: str) -> None:
    new = not path.exists()
    with path.open("ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    if new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend(path: Path) -> None:
    """Cut off a last line that was not finished: its call was never made, or its answer is looked for."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)


def _unwritable(path: Path, error: OSError) -> WriteFailed:
    return WriteFailed(
        f"{path} cannot be written: {error.strerror}", "Free space or mend the permissions, then run the same again."
    )


def _short(value: object) -> str:
    text = str(value) or "none"
    return text if len(text) <= 80 else f"{text[:77]}..."
