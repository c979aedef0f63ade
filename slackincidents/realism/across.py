"""How much incidents share: runs of four words, and how they open.

`shared_4grams`: of an incident's different runs of four words inside a line, the share that another incident has too.
`opening_reuse`: incidents whose first human line (five words or more, figures aside) opens another one;
`opening_words`: the same for its first three words. Over a sample of 400 readings, since all of them grow with the set:
compare sets of one size. Ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.hashes import stable
from slackincidents.realism.how import ROOT
from slackincidents.realism.overlap import ngrams
from slackincidents.realism.reuse import FEWEST_WORDS, normalise
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.realism.wording import words
from slackincidents.seeds import Seed

SIZE = 4
OPENING = 3


@dataclass
class Across:
    """Looks at a sample; what is shared is settled over all of it before incidents are drawn."""

    seed: Seed = ROOT
    sample: Sample[Reading] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("words"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        self.sample.add(reading.bare)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """What incidents share."""
        readings = [reading for reading in self.sample.items if reading.talk.lines]
        first = [normalise(reading.talk.lines[0].text).split() for reading in readings]
        whole = [" ".join(said) if len(said) >= FEWEST_WORDS else None for said in first]
        begun = [" ".join(said[:OPENING]) if len(said) >= OPENING else None for said in first]
        return (
            self._shared(readings).score(_name("shared_4grams", "runs of four words another incident has"), boot),
            _reused(readings, whole).score(_name("opening_reuse", "first lines that open another incident"), boot),
            _reused(readings, begun).score(_name("opening_words", "first three words that open another"), boot),
        )

    def _shared(self, readings: list[Reading]) -> Rate:
        own = [grams(reading) for reading in readings]
        counts = Counter(gram for found in own for gram in found)
        rate = Rate()
        for found in own:
            rate.add(sum(counts[gram] > 1 for gram in found), len(found))
        return rate


def grams(reading: Reading) -> frozenset[int]:
    """The different runs of four words inside the lines of a reading, as hashes."""
    return frozenset(stable(" ".join(gram)) for line in reading.talk.lines for gram in ngrams(words(line.text), SIZE))


def _reused(readings: list[Reading], openings: list[str | None]) -> Rate:
    counts = Counter(openings)
    rate = Rate()
    for reading, opening in zip(readings, openings, strict=True):
        again = opening is not None and counts[opening] > 1
        rate.add(again, opening is not None)
        if again:
            rate.show(reading, 0, f"opens {counts[opening]} incidents")
    return rate


def _name(name: str, title: str) -> Name:
    return Name(name, title, "across")


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """What incidents share."""
    return collect(Across(), readings, boot or Bootstrap())
