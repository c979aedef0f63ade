"""Search without a server: which words stand in which messages, in small scripts that a page loads when asked."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from slackincidents.workspace.out_folder import put
from slackincidents.workspace.out_spool import Spool

CHUNK = 400
"""Messages a script of hits has."""

SHOWN = 220
"""Letters of a message that a hit shows."""

BEGINNING = 2
"""A word's first letters name the script it stands in."""

WORDS, HITS = "/words/", "/hits"
_WORD = re.compile(f"[a-z0-9]{{{BEGINNING},}}")
_COMBINING = re.compile("[\u0300-\u036f]")


def words(text: str) -> set[str]:
    """The words that a text is found by; `site.js` cuts what is asked for in the same way."""
    return set(_WORD.findall(_COMBINING.sub("", unicodedata.normalize("NFD", text.lower()))))


@dataclass
class Index:
    """Collects messages on disk, in the order they come in."""

    kept: Spool
    count: int = 0

    def add(self, room: str, page: str, at: str, who: str, text: str) -> None:
        """A message: its channel, page and anchor, time, author and words."""
        flat = " ".join(text.split())
        shown = flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
        self.kept.put(HITS, f"{self.count // CHUNK:08d}", self.count, _json([room, page, at, who, shown]).encode())
        for word in sorted(words(f"{text} {who}")):
            self.kept.put(f"{WORDS}{word[:BEGINNING]}", word, self.count, b"")
        self.count += 1

    def write(self, folder: Path) -> None:
        """Write all scripts into a folder."""
        _script(folder / "about.js", "about", [_json({"size": CHUNK, "count": self.count})])
        for place, (chunk, _) in enumerate(list(self.kept.folders(HITS))):
            pieces = (piece.decode() for piece in self.kept.pieces(HITS, chunk))
            _script(folder / f"d-{place}.js", f"d-{place}", _joined("[", pieces, "]"))
        for shelf in self.kept.shelves(WORDS):
            name = f"w-{shelf.removeprefix(WORDS)}"
            _script(folder / f"{name}.js", name, _joined("{", self._postings(shelf), "}"))

    def _postings(self, shelf: str) -> Iterator[str]:
        for word, _ in list(self.kept.folders(shelf)):
            before, steps = 0, []
            for place in self.kept.places(shelf, word):
                steps.append(place - before)
                before = place
            yield f"{_json(word)}:{_json(steps)}"


def _joined(begin: str, pieces: Iterable[str], end: str) -> Iterator[str]:
    yield begin
    for place, piece in enumerate(pieces):
        yield f"{',' if place else ''}\n{piece}"
    yield f"\n{end}"


def _script(path: Path, name: str, value: Iterable[str]) -> None:
    parts = (f"slackincidents({_json(name)},", *value, ");\n")
    put(path, (part.encode() for part in parts))


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
