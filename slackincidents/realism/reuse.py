"""Lines that come back: how many incidents of a set hold the same sentence, numbers and mentions aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from slackincidents.realism.conversation import Conversation

FEWEST_WORDS = 5
WORST_LINES = 10


@dataclass(frozen=True, slots=True)
class ReusedLine:
    """A normalised line and the share of incidents it stands in."""

    line: str
    incidents: int
    share: float


@dataclass(frozen=True, slots=True)
class Reuse:
    """`line_reuse` is the highest share; `worst` are the lines in two incidents or more, most used first."""

    line_reuse: float | None
    worst: tuple[ReusedLine, ...] = ()


def normalise(text: str) -> str:
    """Lower case, mentions as ``@``, numbers as ``0``, no punctuation, single spaces."""
    plain = re.sub(r"<[@!][^>]*>|@[\w.\-]+", "@", text.lower())
    plain = re.sub(r"\d+(?:[.,:]\d+)*", "0", plain)
    return " ".join(re.sub(r"[^\w@']+", " ", plain).split())


def measure(conversations: Sequence[Conversation]) -> Reuse:
    """Look at lines of five words or more; a line counts once an incident."""
    seen: dict[str, set[int]] = defaultdict(set)
    for place, talk in enumerate(conversations):
        for line in talk.lines:
            plain = normalise(line.text)
            if len(plain.split()) >= FEWEST_WORDS:
                seen[plain].add(place)
    if not seen:
        return Reuse(None)
    ranked = sorted(seen, key=lambda plain: (-len(seen[plain]), plain))
    worst = [
        ReusedLine(plain, len(seen[plain]), len(seen[plain]) / len(conversations)) for plain in ranked[:WORST_LINES]
    ]
    return Reuse(worst[0].share, tuple(line for line in worst if line.incidents > 1))
