"""How varied the words of a whole set are: distinct n-grams, self-BLEU, compression, duplicates, openers.

The text is a seeded sample of 400 readings, shuffled; duplicates are counted over everything. Self-BLEU: Zhu et al.
(2018). Intervals are over blocks of the text: incidents drawn twice would repeat themselves. Real chat: distinct-2 of
.84 or more, self-BLEU-4 of .09 or less.
"""

from __future__ import annotations

import random
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from slackincidents.realism.averages import mean
from slackincidents.realism.base import Evidence, Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.hashes import stable
from slackincidents.realism.how import ROOT
from slackincidents.realism.overlap import block_bleus, ngrams
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.realism.wording import without_address, words
from slackincidents.seeds import Seed

SHUFFLE_SEED = 7
WORD_BLOCK = 1_000
BYTE_BLOCK = 10_000
MOST_WORD_BLOCKS = 200
MOST_BYTE_BLOCKS = 100
DUPLICATE_TOKENS = 4
OPENERS = 10
DIVERSITY = "diversity"


def distinct(tokens: Sequence[str], size: int) -> list[float]:
    """Unique over all n-grams of a thousand words, for each block of the corpus."""
    starts = range(0, len(tokens) - WORD_BLOCK + 1, WORD_BLOCK)[:MOST_WORD_BLOCKS]
    grams = [ngrams(tokens[start : start + WORD_BLOCK], size) for start in starts]
    return [len(set(block)) / len(block) for block in grams]


def zlib_ratio(texts: Sequence[str]) -> list[float]:
    """Raw over compressed size of ten thousand bytes of lines, for each block of the corpus."""
    raw = "\n".join(texts).encode(errors="replace")
    starts = range(0, len(raw) - BYTE_BLOCK + 1, BYTE_BLOCK)[:MOST_BYTE_BLOCKS]
    return [BYTE_BLOCK / len(zlib.compress(raw[start : start + BYTE_BLOCK], 9)) for start in starts]


@dataclass
class Duplicates:
    """Lines of four tokens or more that stand there more than once, case and spacing aside; kept as hashes."""

    hashes: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("l"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        plain = [line.text.lower().split() for line in reading.talk.lines]
        kept = [stable(" ".join(tokens)) for tokens in plain if len(tokens) >= DUPLICATE_TOKENS]
        self.hashes.extend(kept)
        self.sizes.append(len(kept))

    def score(self, name: Name, boot: Bootstrap) -> Score:
        """Their share. Which lines are duplicates is settled over the whole set, before incidents are drawn."""
        rate = Rate()
        _, inverse, counts = np.unique(np.asarray(self.hashes, np.uint64), return_inverse=True, return_counts=True)
        double = np.concatenate([[0], np.cumsum(counts[inverse] > 1)])
        ends = np.concatenate([[0], np.cumsum(np.asarray(self.sizes, int))]).astype(int)
        for start, end in pairwise(ends):
            rate.add(float(double[end] - double[start]), float(end - start))
        return rate.score(name, boot)


@dataclass
class Diversity:
    """Whole-set variety. None where the set is too short for a measure. `zlib_ratio`: higher is more redundant."""

    seed: Seed = ROOT
    duplicates: Duplicates = field(default_factory=Duplicates)
    sample: Sample[Reading] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("words"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        self.duplicates.add(reading)
        self.sample.add(reading.bare)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """Shuffle the readings (always the same way), then measure their words as one text."""
        rng = random.Random(SHUFFLE_SEED)
        shuffled = list(self.sample.items)
        rng.shuffle(shuffled)
        texts = [line.text.strip() for reading in shuffled for line in reading.talk.lines]
        tokens = [word for text in texts for word in words(text)]
        bleus = block_bleus(tokens, rng) or []
        named = [(f"distinct_{size}", f"distinct-{size} at 1,000 words", distinct(tokens, size)) for size in (1, 2, 3)]
        return (
            *(_blocks(name, title, found, boot) for name, title, found in named),
            _drawn(bleus, boot),
            _blocks("zlib_ratio", "zlib ratio of 10 kB", zlib_ratio(texts), boot),
            self.duplicates.score(_name("duplicates", "exact duplicates (4+ tokens)"), boot),
            openers(self.sample.items, boot),
        )


def openers(readings: Sequence[Reading], boot: Bootstrap) -> Score:
    """Share of lines that begin with one of the ten commonest word pairs, addresses aside."""
    begun = [[_begin(line.text, reading) for line in reading.talk.lines] for reading in readings]
    counts = Counter(pair for pairs in begun for pair in pairs if pair)
    common = dict(counts.most_common(OPENERS))
    rate = Rate()
    for pairs in begun:
        rate.add(sum(pair in common for pair in pairs), sum(pair is not None for pair in pairs))
    shown = [Evidence(incident="", text=" ".join(pair), note=f"{count} lines") for pair, count in common.items()]
    name = _name("openers", "top-10 two-word openers")
    return rate.score(name, boot).model_copy(update={"evidence": tuple(shown)})


def _begin(text: str, reading: Reading) -> tuple[str, str] | None:
    begin = words(without_address(text.strip(), reading.talk.names))
    return (begin[0], begin[1]) if len(begin) >= 2 else None


def _blocks(name: str, title: str, found: Sequence[float], boot: Bootstrap) -> Score:
    between = boot.ratio(found, [1.0] * len(found))
    return _name(name, title).score(mean(found), between, len(found))


def _drawn(bleus: Sequence[Sequence[float]], boot: Bootstrap) -> Score:
    rate = Rate()
    for block in bleus:
        rate.add(sum(block), len(block))
    blocks = sum(bool(block) for block in bleus)
    return rate.score(_name("self_bleu_4", "self-BLEU-4, 12 x 150 words"), boot).model_copy(update={"count": blocks})


def _name(name: str, title: str) -> Name:
    return Name(name, title, DIVERSITY)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """The words of the readings as one text."""
    return collect(Diversity(), readings, boot or Bootstrap())
