"""Pieces put aside on disk in one order and taken back in another, so that memory stays flat."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast


class Spool:
    """Pieces of bytes by shelf, folder and place. They come back sorted by all three."""

    def __init__(self, path: Path) -> None:
        """A new spool in a file of its own."""
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE piece (shelf TEXT, folder TEXT, place INTEGER, data BLOB, PRIMARY KEY (shelf, folder, place))"
            " WITHOUT ROWID; BEGIN"
        )

    def put(self, shelf: str, folder: str, place: int, data: bytes) -> None:
        """Put a piece aside; one that lies there already is replaced."""
        self._base.execute("INSERT OR REPLACE INTO piece VALUES (?, ?, ?, ?)", (shelf, folder, place, data))

    def shelves(self, beginning: str) -> Iterator[str]:
        """The shelves whose names begin so, sorted."""
        rows = self._base.execute(
            "SELECT DISTINCT shelf FROM piece WHERE substr(shelf, 1, ?) = ? ORDER BY shelf", (len(beginning), beginning)
        ).fetchall()
        return (str(row[0]) for row in rows)

    def folders(self, shelf: str) -> Iterator[tuple[str, int]]:
        """The folders of a shelf, with how many pieces each holds."""
        rows = self._base.execute(
            "SELECT folder, count(*) FROM piece WHERE shelf = ? GROUP BY folder ORDER BY folder", (shelf,)
        )
        return ((str(folder), int(count)) for folder, count in rows)

    def pieces(self, shelf: str, folder: str) -> Iterator[bytes]:
        """The pieces of a folder, in order of place."""
        rows = self._base.execute(
            "SELECT data FROM piece WHERE shelf = ? AND folder = ? ORDER BY place", (shelf, folder)
        )
        return (cast(bytes, row[0]) for row in rows)

    def places(self, shelf: str, folder: str) -> Iterator[int]:
        """The places of a folder that hold something, in order."""
        rows = self._base.execute(
            "SELECT place FROM piece WHERE shelf = ? AND folder = ? ORDER BY place", (shelf, folder)
        )
        return (int(row[0]) for row in rows)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()


@contextmanager
def spool() -> Iterator[Spool]:
    """A spool in a temporary folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="slackincidents-") as folder:
        made = Spool(Path(folder) / "spool")
        try:
            yield made
        finally:
            made.close()
