"""Self-BLEU-4: how much of a block of words can be pieced together from other blocks of the same corpus."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

Gram = tuple[str, ...]
Counts = tuple[Counter[Gram], ...]

BLOCK_WORDS = 150
DRAWS = 20
LONGEST = 4


def ngrams(tokens: Sequence[str], size: int) -> list[Gram]:
    """All runs of `size` words."""
    return [tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1)]


def self_bleu(tokens: Sequence[str], rng: random.Random, blocks: int = 12) -> float | None:
    """The mean of what `block_bleus` finds."""
    found = block_bleus(tokens, rng, blocks)
    drawn = [bleu for block in found or () for bleu in block]
    return sum(drawn) / len(drawn) if drawn else None


def block_bleus(tokens: Sequence[str], rng: random.Random, blocks: int = 12) -> list[list[float]] | None:
    """BLEU-4 of each block of 150 words against the other drawn ones, over twenty draws of `blocks`.

    Precision above single words is smoothed by one; there is no brevity penalty. None when the
    corpus is too short.
    """
    starts = range(0, len(tokens) - BLOCK_WORDS + 1, BLOCK_WORDS)
    counted = [_count(tokens[start : start + BLOCK_WORDS]) for start in starts]
    if len(counted) < blocks:
        return None
    found: list[list[float]] = [[] for _ in counted]
    for _ in range(DRAWS):
        drawn = rng.sample(range(len(counted)), blocks)
        for place in drawn:
            found[place].append(_bleu(counted[place], [counted[other] for other in drawn if other != place]))
    return found


def bleu(tokens: Sequence[str], others: Sequence[Sequence[str]]) -> float:
    """BLEU-4 of one text against others, smoothed like the above and without a brevity penalty."""
    return _bleu(_count(tokens), [_count(other) for other in others])


def shared(tokens: Sequence[Sequence[str]], others: Sequence[Sequence[str]], size: int) -> float | None:
    """The share of the runs of `size` words in some lines that other lines have too. None without a run."""
    own, theirs = ({gram for line in lines for gram in ngrams(line, size)} for lines in (tokens, others))
    return len(own & theirs) / len(own) if own else None


def _count(block: Sequence[str]) -> Counts:
    return tuple(Counter(ngrams(block, size)) for size in range(1, LONGEST + 1))


def _bleu(block: Counts, others: Sequence[Counts]) -> float:
    logs = 0.0
    for size, grams in enumerate(block):
        beside = [other[size] for other in others]
        found = sum(min(count, max([other.get(gram, 0) for other in beside])) for gram, count in grams.items())
        smooth = 1 if size else 0
        if not found + smooth:
            return 0.0
        logs += math.log((found + smooth) / (grams.total() + smooth)) / LONGEST
    return math.exp(logs)
