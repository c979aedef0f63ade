"""Reading and writing files whole: clear errors on the way in, nothing half-written on the way out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from slackincidents.errors import BadFile, OutputExists, WriteFailed, nearest

MOST_BYTES = 50 * 1024 * 1024


def read_text(path: Path, *, most_bytes: int = MOST_BYTES) -> str:
    """The text of a UTF-8 file of at most `most_bytes`. Raises BadFile with the reason."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise BadFile(f"{path} is a folder", "Name a file in it.")
        if size > most_bytes:
            raise BadFile(f"{path} has {size / 1e6:.0f} MB", f"An incident file has at most {most_bytes // 2**20} MiB.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadFile(f"{path} does not exist", _nearby(path)) from None
    except UnicodeDecodeError as error:
        hint = f"Byte {error.start} is not UTF-8; convert it first (iconv -t utf-8)."
        raise BadFile(f"{path} is not UTF-8 text", hint) from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}", "Check the path and its permissions.") from None


def write_text(path: Path, text: str, *, overwrite: bool = True) -> None:
    """Write a file whole or not at all: to a temporary neighbour first, then renamed.

    Raises OutputExists when it is there and `overwrite` is off, WriteFailed when the disk refuses.
    """
    if path.exists() and not overwrite:
        raise OutputExists(f"{path} exists", "Choose another name, or say --force.")
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as sink:
            sink.write(text)
            sink.flush()
            os.fsync(sink.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise WriteFailed(
            f"{path} cannot be written: {error.strerror}", "Nothing was left behind; free space or name another place."
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _nearby(path: Path) -> str:
    siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    near = nearest(path.name, siblings)
    return f"Did you mean {near}?" if near else "Check the path."
