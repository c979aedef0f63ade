"""How far an answer stands from what it answers, in human lines.

Where it is known what a line answers (labels, or the reply links of an annotated log), and by whom: only answers to
another person count. 1 is the next line. Real chat (rust, stripe, mediawiki): see the file of bands. Without such
links nothing is measured: a thread's root is not what each reply answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.tallies import Name, Rate


def distances(talk: Conversation) -> list[tuple[int, int]]:
    """(place of the answer, lines back to what it answers) for every answer to another person."""
    return [
        (place, place - line.answers)
        for place, line in enumerate(talk.lines)
        if line.answers is not None and talk.lines[line.answers].speaker != line.speaker
    ]


@dataclass
class Reply:
    """Counts answers."""

    length: Rate = field(default_factory=Rate)
    adjacent: Rate = field(default_factory=Rate)

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        found = distances(reading.talk)
        self.length.add(sum(back for _, back in found), len(found))
        self.adjacent.add(sum(back == 1 for _, back in found), len(found))
        if found:
            place, back = max(found, key=lambda one: one[1])
            self.length.show(reading, place, f"{back} lines after what it answers")

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """Mean distance, and the share of answers that follow at once."""
        return (
            self.length.score(Name("reply_distance", "reply distance, mean lines", "reply"), boot),
            self.adjacent.score(Name("reply_adjacent", "answers in the next line", "reply"), boot),
        )


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Reply distances."""
    return collect(Reply(), readings, boot or Bootstrap())
