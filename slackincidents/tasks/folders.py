"""Writing a folder of files whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from slackincidents.errors import OutputExists, WriteFailed
from slackincidents.files import write_text


def write_folder(path: Path, files: Mapping[str, str], *, overwrite: bool = False) -> None:
    """Write a folder with these files, text by name; with `overwrite` in place of what is there.

    Raises OutputExists when something is there and `overwrite` is off, WriteFailed when the disk refuses.
    """
    if path.exists() and not overwrite:
        raise OutputExists(f"{path} exists", "Choose another name, or say --force.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=".part") as made:
            fresh, old = Path(made) / "new", Path(made) / "old"
            fresh.mkdir()
            for name, text in files.items():
                write_text(fresh / name, text)
            if path.exists():
                path.replace(old)
            _put(fresh, path, old)
    except OSError as error:
        raise WriteFailed(
            f"{path} cannot be written: {error.strerror}", "Nothing was left behind; free space or name another place."
        ) from None


def _put(fresh: Path, path: Path, old: Path) -> None:
    """Move the new folder into place; the old one goes back when that fails."""
    try:
        fresh.replace(path)
    except OSError:
        if old.exists():
            old.replace(path)
        raise
