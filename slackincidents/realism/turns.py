"""Who speaks: how often the same person goes on, how many speak, who leads, how much stands in threads.

Real incident chat: about three lines in ten follow one by the same person within a minute, four people, the busiest
with half of the lines. Ranges stand in the file of bands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.tallies import Each, Name, Rate

BURST_S = 60

SHARES = {
    "same_author": "same author follows",
    "burst": "same author within 60 s",
    "in_thread": "messages that are thread replies",
    "one_line_speakers": "speakers who say one line",
}
MIDDLES = {
    "lines_median": "human lines, median",
    "speakers_median": "speakers, median",
    "top_speaker_median": "top speaker's share",
    "monologue_median": "longest monologue",
    "turn_entropy_median": "evenness of turns",
}


def top_share(talk: Conversation) -> float:
    """The part of the lines that the busiest speaker has."""
    return max(_counts(talk).values()) / len(talk.lines)


def monologue(talk: Conversation) -> int:
    """The longest run of lines by one person."""
    return max(len(list(run)) for _, run in groupby(talk.lines, key=lambda line: line.speaker))


def entropy(talk: Conversation) -> float | None:
    """How evenly the lines are spread over the speakers, 0 to 1; None for a single speaker."""
    parts = [count / len(talk.lines) for count in _counts(talk).values()]
    return -sum(part * math.log2(part) for part in parts) / math.log2(len(parts)) if len(parts) > 1 else None


@dataclass
class Turns:
    """`same_author` and `burst` are shares of lines after a conversation's first; medians are over conversations.

    `in_thread` is a share of the lines that stand in a channel: a bare log has no threads to reply in.
    """

    shares: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in SHARES})
    middles: dict[str, Each] = field(default_factory=lambda: {name: Each() for name in MIDDLES})

    def add(self, reading: Reading) -> None:
        """Count one incident that has a line."""
        talk = reading.talk
        if not talk.lines:
            return
        counts = _counts(talk)
        steps = list(pairwise(talk.lines))
        again = [a.speaker == b.speaker for a, b in steps]
        soon = sum(same and b.at - a.at <= BURST_S for same, (a, b) in zip(again, steps, strict=True))
        self.shares["same_author"].add(sum(again), len(steps))
        self.shares["burst"].add(soon if talk.timed else 0, len(steps) if talk.timed else 0)
        placed = [line.thread for line in talk.lines if line.channel]
        self.shares["in_thread"].add(sum(placed), len(placed))
        self.shares["one_line_speakers"].add(sum(count == 1 for count in counts.values()), len(counts))
        found = (len(talk.lines), len(counts), top_share(talk), monologue(talk), entropy(talk))
        for each, value in zip(self.middles.values(), found, strict=True):
            each.add(value, reading)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """All numbers of turns."""
        return (
            *(rate.score(Name(name, SHARES[name], "turns"), boot) for name, rate in self.shares.items()),
            *(each.middle(Name(name, MIDDLES[name], "turns"), boot) for name, each in self.middles.items()),
        )


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Measure the readings that have a line."""
    return collect(Turns(), readings, boot or Bootstrap())


def _counts(talk: Conversation) -> Counter[str]:
    return Counter(line.speaker for line in talk.lines)
