"""How much one incident repeats itself: the first 150 words of each, and lines said twice.

Distinct bigrams of the first 150 words, the zlib ratio of its first 1,000 bytes, BLEU-4 of each third of the first 150
words against the other two, medians over incidents; and lines of four tokens or more that stood there before. Ours;
compare with the reference texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.overlap import bleu, ngrams
from slackincidents.realism.tallies import Each, Name, Rate
from slackincidents.realism.wording import words

WORDS, PART = 150, 50
BYTES = 1_000
REPEATED_TOKENS = 4

MIDDLES = {
    "within_distinct_2": "distinct-2 in an incident's first 150 words",
    "within_self_bleu": "BLEU-4 between thirds of an incident's first 150 words",
    "within_zlib": "zlib ratio of an incident's first 1,000 bytes",
}


@dataclass
class Within:
    """Counts repetition inside incidents."""

    middles: dict[str, Each] = field(default_factory=lambda: {name: Each() for name in MIDDLES})
    repeats: Rate = field(default_factory=Rate)

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        texts = [line.text.strip() for line in reading.talk.lines]
        tokens = [word for text in texts for word in words(text)][:WORDS]
        raw = "\n".join(texts).encode(errors="replace")[:BYTES]
        full = len(tokens) == WORDS
        found = (
            distinct_pairs(tokens) if full else None,
            thirds(tokens) if full else None,
            BYTES / len(zlib.compress(raw, 9)) if len(raw) == BYTES else None,
        )
        for each, value in zip(self.middles.values(), found, strict=True):
            each.add(value, reading)
        self._repeat(reading, texts)

    def _repeat(self, reading: Reading, texts: list[str]) -> None:
        said: set[str] = set()
        again = counted = 0
        for place, text in enumerate(texts):
            tokens = text.lower().split()
            if len(tokens) < REPEATED_TOKENS:
                continue
            plain = " ".join(tokens)
            counted += 1
            if plain in said:
                again += 1
                self.repeats.show(reading, place)
            said.add(plain)
        self.repeats.add(again, counted)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """All numbers of one incident's words."""
        return (
            *(each.middle(Name(name, MIDDLES[name], "within"), boot) for name, each in self.middles.items()),
            self.repeats.score(Name("within_repeats", "lines that stood there before", "within"), boot),
        )


def distinct_pairs(tokens: list[str]) -> float:
    """Different pairs of words over all pairs."""
    pairs = ngrams(tokens, 2)
    return len(set(pairs)) / len(pairs)


def thirds(tokens: list[str]) -> float:
    """Mean BLEU-4 of each run of fifty words against the other two."""
    parts = [tokens[start : start + PART] for start in range(0, WORDS, PART)]
    return sum(bleu(part, [other for other in parts if other is not part]) for part in parts) / len(parts)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Repetition inside incidents."""
    return collect(Within(), readings, boot or Bootstrap())
