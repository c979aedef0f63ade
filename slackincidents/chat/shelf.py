"""Writes small files whole and for good, off the loop, several at a time: waking a thread costs more than a file."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

PARTS = ".parts"
"""Folder of files that are being written; what a killed process left there is swept out later."""

STALE = 3_600.0
"""Seconds after which a file that is being written has been left behind."""

BATCH = 16
"""Files written in one go: enough to save the thread's cost, few enough that the first need not wait for the last."""


@dataclass(frozen=True)
class _Item:
    path: Path
    data: bytes
    done: asyncio.Future[OSError | None]


@dataclass(frozen=True)
class _Part:
    handle: int
    path: Path

    def drop(self) -> None:
        """Take back what was begun."""
        with suppress(OSError):
            os.close(self.handle)
        with suppress(OSError):
            self.path.unlink()


class Shelf:
    """A folder that files are put into. Use one in one loop."""

    def __init__(self, root: Path) -> None:
        """Files go below `root`; it is made when the first one comes."""
        self._parts = root / PARTS
        self._numbers = itertools.count()
        self._waiting: deque[_Item] = deque()
        self._writing = False

    async def put(self, path: Path, data: bytes) -> None:
        """Write a file; when this returns it is on disk. Raises OSError.

        A cancelled caller still waits for the few milliseconds that this takes, so that nothing is left half-done.
        """
        loop = asyncio.get_running_loop()
        item = _Item(path, data, loop.create_future())
        self._waiting.append(item)
        if not self._writing:
            self._write_next(loop)
        try:
            failure = await asyncio.shield(item.done)
        except asyncio.CancelledError:
            await asyncio.wait([item.done])
            raise
        if failure is not None:
            raise failure

    def sweep(self, now: float) -> None:
        """Remove what killed processes left half-written. `now` in seconds since 1970."""
        for part in self._parts.glob("*"):
            with suppress(OSError):
                if now - part.stat().st_mtime > STALE:
                    part.unlink()

    def _write_next(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        self._writing = bool(batch)
        if batch:
            work = loop.run_in_executor(None, self._write, [(item.path, item.data) for item in batch])
            work.add_done_callback(partial(self._wrote, loop, batch))

    def _wrote(
        self, loop: asyncio.AbstractEventLoop, batch: list[_Item], work: asyncio.Future[list[OSError | None]]
    ) -> None:
        for item, failure in zip(batch, work.result(), strict=True):
            item.done.set_result(failure)
        self._write_next(loop)

    def _write(self, files: list[tuple[Path, bytes]]) -> list[OSError | None]:
        """In a thread: each file under another name, all to the platter, each to its own name."""
        parts = [self._begun(path.stem, data) for path, data in files]
        return [
            part if isinstance(part, OSError) else _ended(part, path)
            for part, (path, _) in zip(parts, files, strict=True)
        ]

    def _begun(self, stem: str, data: bytes) -> _Part | OSError:
        try:
            handle, name = self._part(stem)
        except OSError as error:
            return error
        part = _Part(handle, Path(name))
        try:
            _write_all(handle, data)
        except OSError as error:
            part.drop()
            return error
        return part

    def _part(self, stem: str) -> tuple[int, str]:
        """A new file to write into. A name that a dead process left is passed over."""
        while True:
            name = str(self._parts / f"{stem}.{os.getpid()}.{next(self._numbers)}")
            try:
                return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), name
            except FileExistsError:
                if not self._parts.is_dir():
                    raise
            except FileNotFoundError:
                self._parts.mkdir(parents=True, exist_ok=True)


def _write_all(handle: int, data: bytes) -> None:
    """One call writes all there is, but for a disk that fills up."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _ended(part: _Part, path: Path) -> OSError | None:
    try:
        try:
            os.fsync(part.handle)
        finally:
            os.close(part.handle)
        _rename(part.path, path)
    except OSError as error:
        with suppress(OSError):
            part.path.unlink()
        return error
    return None


def _rename(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
