"""What the answer keys say: lines without a fact, how incidents end, what went wrong.

Shares of labelled incidents, but for `no_fact`: a share of labelled human lines. Real incidents (27 excerpts read by
hand): 17 with a wrong guess or a failed fix, 8 with the cause confirmed in the room, 19 resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import is_human
from slackincidents.realism.tallies import Name, Rate
from slackincidents.schema.incident import IncidentRecord, Labels, MessageLabel
from slackincidents.schema.plan import Ending

ENDINGS: Mapping[str, tuple[str, Callable[[Labels], bool]]] = {
    "explained": ("cause confirmed in the room", lambda key: key.ending is Ending.EXPLAINED),
    "unexplained": ("over, and nobody knows why", lambda key: key.ending is Ending.UNEXPLAINED),
    "unresolved": ("unresolved at the end", lambda key: key.ending is Ending.OPEN),
    "cause_stated": ("true cause said by somebody", lambda key: key.cause_first_stated is not None),
    "withdrawn_or_failed": (
        "withdrawn hypothesis or failed fix",
        lambda key: bool(key.hypotheses_withdrawn or key.actions_failed),
    ),
}


def human_labels(incident: IncidentRecord) -> Iterator[MessageLabel]:
    """The labels of what people typed."""
    for label in incident.labels.messages if incident.labels else ():
        if 0 <= label.index < len(incident.timeline) and is_human(incident.timeline[label.index]):
            yield label


@dataclass
class Answers:
    """Shares of incidents that have labels."""

    no_fact: Rate = field(default_factory=Rate)
    endings: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in ENDINGS})

    def add(self, reading: Reading) -> None:
        """Count one incident; one without an answer key counts for nothing."""
        record = reading.record
        key = record.labels if record else None
        lines = list(human_labels(record)) if record else []
        self.no_fact.add(sum(not (line.reveals or line.cites) for line in lines), len(lines))
        for name, (_, holds) in ENDINGS.items():
            self.endings[name].add(bool(key and holds(key)), key is not None)
            if key and holds(key):
                self.endings[name].show(reading)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """All numbers of the answer keys."""
        return (
            self.no_fact.score(Name("no_fact", "lines without a fact of the plot", "labels"), boot),
            *(self.endings[name].score(Name(name, title, "labels"), boot) for name, (title, _) in ENDINGS.items()),
        )


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Measure the incidents that have labels."""
    return collect(Answers(), readings, boot or Bootstrap())
