"""Folders that are written whole or not at all, and only ever take the place of one of their own kind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from slackincidents.errors import OutputExists, UsageError, WriteFailed


@contextmanager
def whole_folder(path: Path, mark: str, *, overwrite: bool) -> Iterator[Path]:
    """A folder to write to, put in place at the end; when anything goes wrong nothing is left behind.

    `mark` is a file that every folder of this kind has: another folder is never replaced.

    Raises:
        OutputExists: something is there and `overwrite` is off.
        UsageError: what is there is no folder of this kind.
        WriteFailed: the disk refuses.
    """
    check_target(path, mark, overwrite=overwrite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=".part") as made:
            fresh = Path(made) / "new"
            fresh.mkdir()
            yield fresh
            _put(fresh, path, Path(made) / "old")
    except OSError as error:
        raise WriteFailed(
            f"{path} cannot be written: {error.strerror}", "Nothing was left behind; free space or name another place."
        ) from None


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file of a folder that is not in place yet: the folder is what is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as sink:
        sink.writelines(parts)


def check_target(path: Path, mark: str, *, overwrite: bool) -> None:
    """Refuse before any work what would be refused at the end. Raises OutputExists, UsageError."""
    if not path.exists() or _is_empty(path):
        return
    if not path.is_dir() or not (path / mark).is_file():
        raise UsageError(f"{path} holds something else", "Name a new folder; this one is left as it is.")
    if not overwrite:
        raise OutputExists(f"{path} exists", "Choose another name, or say --force.")


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _put(fresh: Path, path: Path, old: Path) -> None:
    """Move the new folder into place; the old one goes back when that fails."""
    if path.exists():
        path.replace(old)
    try:
        fresh.replace(path)
    except OSError:
        if old.exists():
            old.replace(path)
        raise
