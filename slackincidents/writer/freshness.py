"""What earlier wordings used up, and how much of a new line they already said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

SIZES = (1, 2, 3, 4, 5)
"""Runs of words that are compared; single words too, since a synonym is a change."""

_WORD = re.compile(r"[a-z0-9_']+")


class UsedUp:
    """The word runs of lines that were said already. Empty, it finds everything fresh."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Count the runs of each line."""
        self._counts: Counter[Sequence[str]] = Counter()
        self._lines: Counter[str] = Counter()
        self.add(lines)

    def add(self, lines: Iterable[str]) -> None:
        """Count more lines."""
        for line in lines:
            self._lines[_plain(line)] += 1
            self._counts.update(gram for size in SIZES for gram in _runs(line, size))

    def __bool__(self) -> bool:
        """Whether anything was used up."""
        return bool(self._counts)

    def times(self, text: str) -> int:
        """How often this very line was said."""
        return self._lines[_plain(text)]

    def share(self, text: str) -> float:
        """How worn a text is: the mean over sizes of how often its runs were used, each use counting less."""
        shares = [self._worn(list(_runs(text, size))) for size in SIZES]
        told = [share for share in shares if share is not None]
        return sum(told) / len(told) if told else 0.0

    def _worn(self, runs: Sequence[Sequence[str]]) -> float | None:
        if not runs:
            return None
        return sum(1 - 1 / (1 + self._counts[run]) for run in runs) / len(runs)


def _plain(line: str) -> str:
    return " ".join(_WORD.findall(line.lower()))


def _runs(line: str, size: int) -> Iterable[Sequence[str]]:
    words = _WORD.findall(line.lower())
    return zip(*(words[start:] for start in range(size)), strict=False)
