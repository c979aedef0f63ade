"""Blind pairs: an excerpt of a made-up conversation beside a real one of the same length; and real beside real."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from slackincidents.realism.base import Reading
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.judge_flatten import Flattener, Said, room_of
from slackincidents.schema.base import Frozen
from slackincidents.seeds import Seed

Kind = Literal["test", "control"]
"""Made up beside real; or real beside real, which nobody can tell."""

NEAREST_OF = 12
"""Real excerpts that are looked at for the one with as many lines and about as many words."""

FEWEST = 8
"""Lines that an excerpt has at least."""


class Excerpt(Frozen):
    """Some lines of a conversation, flattened, and where they come from."""

    source: str
    start: int
    lines: tuple[Said, ...]

    @property
    def words(self) -> int:
        """Words of all its lines."""
        return sum(len(said.text.split()) for said in self.lines)


class Pair(Frozen):
    """Two excerpts of the same number of lines. `made` is the made-up one; in a control pair it is real too."""

    id: str
    kind: Kind
    made: Excerpt
    real: Excerpt


PAIRS = TypeAdapter(tuple[Pair, ...])
"""To keep pairs in a file."""


@dataclass(frozen=True)
class Pairing:
    """How many pairs, how many controls beside them, and how many lines an excerpt has at most."""

    pairs: int = 40
    controls: int = 10
    window: int = 20


@dataclass(frozen=True)
class _Cut:
    """A stretch of one room that has not been flattened yet."""

    talk: Conversation
    start: int
    length: int

    @property
    def words(self) -> int:
        return sum(len(line.text.split()) for line in self.talk.lines[self.start : self.start + self.length])

    def unlike(self, other: _Cut) -> tuple[int, int]:
        """How many lines the other lacks, and by how many words it is longer or shorter."""
        return max(0, self.length - other.length), abs(self.words - other.words)

    def excerpt(self, flattener: Flattener) -> Excerpt:
        lines = self.talk.lines[self.start : self.start + self.length]
        return Excerpt(source=self.talk.name, start=self.start, lines=flattener.flatten(lines, self.talk.names))


def pairs(
    real: Sequence[Reading], made: Sequence[Reading], how: Pairing, seed: Seed, flattener: Flattener
) -> tuple[Pair, ...]:
    """The pairs of two sets; fewer than asked for where there are too few excerpts.

    No made-up excerpt is shown twice, and no two real ones meet twice. Every conversation is used once before any is
    used again, and then another stretch of it.
    """
    shelf = _Shelf(tuple(_cuts(real, how.window, seed.child("real"))), seed.child("shelf").rng())
    found: list[Pair] = []
    for cut in _cuts(made, how.window, seed.child("made")):
        if len(found) == how.pairs:
            break
        _put(found, "test", cut, shelf.like(cut), flattener)
    tests = len(found)
    for cut in _cuts(real, how.window, seed.child("control")):
        if len(found) == tests + how.controls:
            break
        _put(found, "control", cut, shelf.like(cut), flattener)
    return tuple(found)


class _Shelf:
    """Real excerpts: each taken once before any is taken again, and of each conversation as many as of any other."""

    def __init__(self, cuts: tuple[_Cut, ...], rng: random.Random) -> None:
        self._all = cuts
        self._rng = rng
        self._left: list[_Cut] = []
        self._used: Counter[str] = Counter()

    def like(self, wanted: _Cut) -> _Cut | None:
        """The nearest in length of the next few that come from another conversation, one of those least used."""
        found = self._taken(wanted)
        if found is None:
            self._left = list(self._all)
            self._rng.shuffle(self._left)
            found = self._taken(wanted)
        return found

    def _taken(self, wanted: _Cut) -> _Cut | None:
        others = [place for place, cut in enumerate(self._left) if cut.talk.name != wanted.talk.name]
        if not others:
            return None
        least = min(self._used[self._left[place].talk.name] for place in others)
        fresh = [place for place in others if self._used[self._left[place].talk.name] == least][:NEAREST_OF]
        cut = self._left.pop(min(fresh, key=lambda place: wanted.unlike(self._left[place])))
        self._used[cut.talk.name] += 1
        return cut


def _put(found: list[Pair], kind: Kind, cut: _Cut, other: _Cut | None, flattener: Flattener) -> None:
    """Add a pair unless one side has too little to say, or the two have met."""
    if other is None:
        return
    made, real = cut.excerpt(flattener), other.excerpt(flattener)
    lines = min(len(made.lines), len(real.lines))
    if lines < FEWEST or any(_met(one, made, real) for one in found):
        return
    shortened = (one.model_copy(update={"lines": one.lines[:lines]}) for one in (made, real))
    found.append(Pair(id=f"p{len(found) + 1:03}", kind=kind, made=next(shortened), real=next(shortened)))


def _met(pair: Pair, one: Excerpt, other: Excerpt) -> bool:
    return {_key(pair.made), _key(pair.real)} == {_key(one), _key(other)}


def _key(excerpt: Excerpt) -> tuple[str, int]:
    return excerpt.source, excerpt.start


def _cuts(readings: Sequence[Reading], window: int, seed: Seed) -> Iterator[_Cut]:
    """Stretches that do not overlap: one of each conversation, in drawn order, then another of each."""
    rooms = [room_of(reading.talk) for reading in sorted(readings, key=lambda reading: reading.name)]
    rows = [_stretches(room, window, seed.child(room.name).rng()) for room in rooms]
    seed.child("order").rng().shuffle(rows)
    for turn in range(max(map(len, rows), default=0)):
        yield from (row[turn] for row in rows if turn < len(row))


def _stretches(room: Conversation, window: int, rng: random.Random) -> list[_Cut]:
    """Where a room can be cut, from a drawn line on, in drawn order."""
    lines = len(room.lines)
    length = min(window, lines)
    if length < FEWEST:
        return []
    offset = rng.randrange(lines % length + 1)
    cuts = [_Cut(room, start, length) for start in range(offset, lines - length + 1, length)]
    rng.shuffle(cuts)
    return cuts
