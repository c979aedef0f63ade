"""Reading and writing files whole: clear errors on the way in, nothing half-written on the way out."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from slackincidents.errors import BadFile, OutputExists, WriteFailed, nearest

MOST_BYTES = 50 * 1024 * 1024


def read_text(path: Path, *, most_bytes: int = MOST_BYTES) -> str:
    """The text of a UTF-8 file of at most `most_bytes`. Raises BadFile with the reason."""
    try:
        data = _bytes(path, most_bytes)
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise BadFile(f"{path} does not exist", _nearby(path)) from None
    except UnicodeDecodeError as error:
        hint = f"Byte {error.start} is not UTF-8; convert it first (iconv -t utf-8)."
        raise BadFile(f"{path} is not UTF-8 text", hint) from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}", "Check the path and its permissions.") from None


def _bytes(path: Path, most: int) -> bytes:
    """The bytes of a regular file; never more than one over `most` are read, however it grows."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise BadFile(f"{path} is a folder", "Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise BadFile(f"{path} is a device or a pipe", "Save it to a file first, and name that.")
    data = b""
    if found.st_size <= most:
        with path.open("rb") as source:
            data = source.read(most + 1)
    size = max(found.st_size, len(data))
    if size > most:
        raise BadFile(f"{path} has {size / 1e6:.0f} MB", f"An incident file has at most {most // 2**20} MiB.")
    return data


def write_text(path: Path, text: str, *, overwrite: bool = True) -> None:
    """Write a text file whole or not at all; see `write_whole`."""
    write_whole(path, lambda sink: sink.write(text.encode()), overwrite=overwrite)


def write_whole(path: Path, fill: Callable[[BinaryIO], object], *, overwrite: bool = True) -> None:
    """Let `fill` write a file, whole or not at all. Links are followed; devices and pipes are written to.

    Raises OutputExists when a file is there and `overwrite` is off, WriteFailed when the disk refuses.
    """
    try:
        target = _behind(path)
        if _is_device(target):
            with target.open("wb") as sink:
                fill(sink)
            return
        if target.exists() and not overwrite:
            raise OutputExists(f"{path} exists", "Choose another name, or say --force.")
        _replace(target, fill)
    except OSError as error:
        raise WriteFailed(
            f"{path} cannot be written: {error.strerror}", "Nothing was left behind; free space or name another place."
        ) from None


def _behind(path: Path) -> Path:
    """What a symbolic link leads to, be it there or not; any other path as it is."""
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_symlink():
        raise WriteFailed(f"{path} cannot be written: it links to itself", "Name another place.")
    return target


def _is_device(path: Path) -> bool:
    return path.exists() and not (path.is_file() or path.is_dir())


def _replace(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Write to a temporary neighbour first, then rename."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as sink:
            fill(sink)
            sink.flush()
            os.fsync(sink.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _nearby(path: Path) -> str:
    try:
        siblings = [sibling.name for sibling in path.parent.iterdir()]
    except OSError:  # no such folder, or one that may be entered but not listed
        siblings = []
    near = nearest(path.name, siblings)
    return f"Did you mean {near}?" if near else "Check the path."
