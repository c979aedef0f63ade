"""Lines that come back: how many incidents of a set hold the same sentence, numbers and mentions aside.

Lines of five words or more, counted once an incident, over everything. No figures of real chat; our own bar is 8 % over
a hundred seeds of one skeleton.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from slackincidents.realism.base import Evidence, Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.hashes import stable
from slackincidents.realism.how import ROOT
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.seeds import Seed

FEWEST_WORDS = 5
WORST_LINES = 10
UNSEEN = "(not in the sample)"


def normalise(text: str) -> str:
    """Lower case, mentions as ``@``, numbers as ``0``, no punctuation, single spaces."""
    plain = re.sub(r"<[@!][^>]*>|@[\w.\-]+", "@", text.lower())
    plain = re.sub(r"\d+(?:[.,:]\d+)*", "0", plain)
    return " ".join(re.sub(r"[^\w@']+", " ", plain).split())


def sentences(talk: Conversation) -> Iterator[str]:
    """The normalised lines that are long enough, each once, in order."""
    plain = dict.fromkeys(normalise(line.text) for line in talk.lines)
    return (line for line in plain if len(line.split()) >= FEWEST_WORDS)


@dataclass
class Reuse:
    """`line_reuse` is the highest share of incidents that one line stands in; the evidence are the worst lines."""

    seed: Seed = ROOT
    hashes: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("l"))
    sample: Sample[Reading] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("words"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        kept = [stable(line) for line in sentences(reading.talk)]
        self.hashes.extend(kept)
        self.sizes.append(len(kept))
        self.sample.add(reading.bare)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The worst line's share; which line is the worst is settled over the whole set."""
        name = Name("line_reuse", "incidents with the commonest line", "reuse")
        hashes = np.asarray(self.hashes, np.uint64)
        if not len(hashes):
            return (name.score(None),)
        found, counts = np.unique(hashes, return_counts=True)
        order = np.lexsort((found, -counts))[:WORST_LINES]
        owners = np.repeat(np.arange(len(self.sizes)), np.asarray(self.sizes, int))
        holding = set(owners[hashes == found[order[0]]].tolist())
        rate = Rate()
        for unit in range(len(self.sizes)):
            rate.add(unit in holding, 1)
        texts = {stable(line): line for reading in self.sample.items for line in sentences(reading.talk)}
        worst = [(texts.get(int(found[place]), UNSEEN), int(counts[place])) for place in order if counts[place] > 1]
        shown = (
            Evidence(incident="", text=line, note=f"in {count} of {len(self.sizes)} incidents")
            for line, count in sorted(worst, key=lambda one: (-one[1], one[0]))
        )
        return (rate.score(name, boot).model_copy(update={"evidence": tuple(shown)}),)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Look at lines of five words or more."""
    return collect(Reuse(), readings, boot or Bootstrap())
