"""Lines with a word that looks mistyped.

A token of 4 to 14 lower-case letters outside code and links, in no word list (nor its stem), no technical word, no
name, not said by three people or more of the set, and one edit (a letter more, less, other, or two swapped) away from
an English word. About 60 % of hits are slips: compare sets, do not read the share as true. Over a sample of 400
readings. Real chat: .008 to .04 in incidents, .006 to .095 anywhere. Damerau (1964).
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from string import ascii_lowercase

from slackincidents.errors import BadFile
from slackincidents.library import data_root
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.how import ROOT
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.realism.technical import TECHNICAL
from slackincidents.seeds import Seed

WORDS = "evals/references/words.txt.gz"
JARGON_SPEAKERS = 3
TOKEN = re.compile(r"[a-z]{4,14}")
EDGES = ".,!?;:()[]{}\"'*…<>"
SUFFIXES = ("s", "es", "ed", "ing", "er", "ers", "able", "ly", "d", "y", "ish", "less")
PREFIX = re.compile(r"(?:re|un|pre|non|sub|auto|multi|super|hyper|micro|mis)")
DRAWN_OUT = re.compile(r"(.)\1\1|\A(?:ha|he|lo|hm|hu|ah|oh)+[a-z]?\Z")
SHORTEST_CUT = 5
"""A letter too many is seen only in words of five letters or more: below that too much is a word."""


@cache
def vocabulary() -> frozenset[str]:
    """The English words. Raises BadFile when the list is not there."""
    path = data_root() / WORDS
    try:
        return frozenset(gzip.decompress(path.read_bytes()).decode().split())
    except (OSError, EOFError) as error:
        raise BadFile(f"{path} is not the list of words", "Install slackincidents again.") from error


@cache
def one_edit_away(word: str) -> bool:
    """Whether a word becomes an English one by one edit."""
    known = vocabulary()
    return any(edited in known for edited in _edits(word))


def _edits(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after and len(word) >= SHORTEST_CUT:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def is_known(token: str) -> bool:
    """Whether a token is a word, a form of one, a technical word or a drawn-out sound."""
    words = vocabulary()
    if token in words or token in TECHNICAL or DRAWN_OUT.search(token):
        return True
    stems = (token[: -len(suffix)] for suffix in SUFFIXES if token.endswith(suffix))
    if any(stem in words or stem in TECHNICAL or f"{stem}e" in words for stem in stems):
        return True
    start = PREFIX.match(token)
    return start is not None and token[start.end() :] in words


def candidates(prose: str, names: frozenset[str]) -> list[str]:
    """Tokens of a line that look mistyped, whoever else says them."""
    tokens = (raw.strip(EDGES) for raw in prose.split())
    odd = (token for token in tokens if TOKEN.fullmatch(token) and token not in names and not is_known(token))
    return [token for token in odd if one_edit_away(token)]


@dataclass
class Typos:
    """Looks at a sample: what three people say is jargon of the set, and a larger set has more of it."""

    seed: Seed = ROOT
    sample: Sample[Reading] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("words"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        self.sample.add(reading.bare)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The share of lines with a typo-like word; the words are the evidence."""
        readings = self.sample.items
        found = [[candidates(line.prose, reading.talk.names) for line in reading.wordings] for reading in readings]
        jargon = _jargon(readings, found)
        rate = Rate()
        for reading, lines in zip(readings, found, strict=True):
            slips = [[token for token in tokens if token not in jargon] for tokens in lines]
            rate.add(sum(bool(tokens) for tokens in slips), len(slips))
            for place, tokens in enumerate(slips):
                if tokens:
                    rate.show(reading, place, " ".join(tokens))
        return (rate.score(Name("typo", "typo-like", "typos"), boot),)


def _jargon(readings: Iterable[Reading], found: Iterable[list[list[str]]]) -> frozenset[str]:
    """What at least three people say."""
    speakers: dict[str, set[str]] = defaultdict(set)
    for reading, lines in zip(readings, found, strict=True):
        for line, tokens in zip(reading.talk.lines, lines, strict=True):
            for token in tokens:
                speakers[token].add(line.speaker)
    return frozenset(token for token, who in speakers.items() if len(who) >= JARGON_SPEAKERS)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """The share of lines with a typo-like word."""
    return collect(Typos(), readings, boot or Bootstrap())
