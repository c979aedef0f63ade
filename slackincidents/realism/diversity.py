"""How varied the words are: distinct n-grams, self-BLEU, compression, duplicates, openers."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from slackincidents.realism.averages import mean
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.overlap import ngrams, self_bleu
from slackincidents.realism.wording import without_address, words

SHUFFLE_SEED = 7
WORD_BLOCK = 1_000
BYTE_BLOCK = 10_000
MOST_WORD_BLOCKS = 200
MOST_BYTE_BLOCKS = 100
DUPLICATE_TOKENS = 4
OPENERS = 10


@dataclass(frozen=True, slots=True)
class Diversity:
    """None where the corpus is too short for the measure. `zlib_ratio`: higher is more redundant."""

    distinct_1: float | None
    distinct_2: float | None
    distinct_3: float | None
    self_bleu_4: float | None
    zlib_ratio: float | None
    duplicates: float | None
    openers: float | None


def distinct(tokens: Sequence[str], size: int) -> float | None:
    """Unique over all n-grams of a thousand words, mean over the blocks of the corpus."""
    starts = range(0, len(tokens) - WORD_BLOCK + 1, WORD_BLOCK)[:MOST_WORD_BLOCKS]
    grams = [ngrams(tokens[start : start + WORD_BLOCK], size) for start in starts]
    return mean([len(set(block)) / len(block) for block in grams])


def zlib_ratio(texts: Sequence[str]) -> float | None:
    """Raw over compressed size of ten thousand bytes of lines, mean over the blocks of the corpus."""
    raw = "\n".join(texts).encode()
    starts = range(0, len(raw) - BYTE_BLOCK + 1, BYTE_BLOCK)[:MOST_BYTE_BLOCKS]
    return mean([BYTE_BLOCK / len(zlib.compress(raw[start : start + BYTE_BLOCK], 9)) for start in starts])


def duplicates(texts: Sequence[str]) -> float | None:
    """Share of the lines of four tokens or more that stand there more than once, case and spacing aside."""
    plain = [" ".join(text.lower().split()) for text in texts]
    counts = Counter(text for text in plain if len(text.split()) >= DUPLICATE_TOKENS)
    return sum(n for n in counts.values() if n > 1) / counts.total() if counts else None


def openers(conversations: Sequence[Conversation]) -> float | None:
    """Share of lines that begin with one of the ten commonest word pairs, addresses aside."""
    begun = [words(without_address(line.text.strip(), talk.names)) for talk in conversations for line in talk.lines]
    pairs = Counter(tuple(begin[:2]) for begin in begun if len(begin) >= 2)
    return sum(count for _, count in pairs.most_common(OPENERS)) / pairs.total() if pairs else None


def measure(conversations: Sequence[Conversation]) -> Diversity:
    """Shuffle the conversations (always the same way), then measure their words as one text."""
    rng = random.Random(SHUFFLE_SEED)
    shuffled = list(conversations)
    rng.shuffle(shuffled)
    texts = [line.text.strip() for talk in shuffled for line in talk.lines]
    tokens = [word for text in texts for word in words(text)]
    return Diversity(
        distinct_1=distinct(tokens, 1),
        distinct_2=distinct(tokens, 2),
        distinct_3=distinct(tokens, 3),
        self_bleu_4=self_bleu(tokens, rng),
        zlib_ratio=zlib_ratio(texts),
        duplicates=duplicates(texts),
        openers=openers(conversations),
    )
