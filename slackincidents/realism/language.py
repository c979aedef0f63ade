"""Whether the text is English at all: every list of words here is.

Share of the human lines of five words or more that hold one of thirty very common English words. English chat: above
.8; anything below a half is another language, code, or too terse to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism import lexicon
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.tallies import Name, Rate

FEWEST_WORDS = 5
FOREIGN = 0.5
"""Below this the notes say that the word lists do not fit."""


@dataclass
class Language:
    """Counts English lines."""

    english: Rate = field(default_factory=Rate)

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        said = [set(line.turn_words) for line in reading.wordings if len(line.turn_words) >= FEWEST_WORDS]
        self.english.add(sum(bool(words & lexicon.ENGLISH) for words in said), len(said))

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The share of English lines."""
        return (self.english.score(Name("english", "lines with a common English word", "language"), boot),)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """The share of English lines."""
    return collect(Language(), readings, boot or Bootstrap())
