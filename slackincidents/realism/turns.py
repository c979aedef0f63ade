"""Who speaks: how often the same person goes on, how many speak, who leads, how much stands in threads."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from slackincidents.realism.averages import median, share
from slackincidents.realism.conversation import Conversation

BURST_S = 60


@dataclass(frozen=True, slots=True)
class Turns:
    """`same_author` and `burst` are shares of lines after a conversation's first; medians are over conversations."""

    lines_median: float | None
    same_author: float | None
    burst: float | None
    speakers_median: float | None
    top_speaker_median: float | None
    monologue_median: float | None
    turn_entropy_median: float | None
    in_thread: float | None


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


def measure(conversations: Sequence[Conversation]) -> Turns:
    """Measure the conversations that have a line."""
    talks = [talk for talk in conversations if talk.lines]
    steps = [step for talk in talks for step in pairwise(talk.lines)]
    return Turns(
        lines_median=median([len(talk.lines) for talk in talks]),
        same_author=share(a.speaker == b.speaker for a, b in steps),
        burst=share(a.speaker == b.speaker and b.at - a.at <= BURST_S for a, b in steps),
        speakers_median=median([len(talk.speakers) for talk in talks]),
        top_speaker_median=median([top_share(talk) for talk in talks]),
        monologue_median=median([monologue(talk) for talk in talks]),
        turn_entropy_median=median([even for talk in talks if (even := entropy(talk)) is not None]),
        in_thread=share(line.thread for talk in talks for line in talk.lines),
    )


def _counts(talk: Conversation) -> Counter[str]:
    return Counter(line.speaker for line in talk.lines)
