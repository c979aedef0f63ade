"""All measures at once over a stream, and what was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from slackincidents.realism.across import Across
from slackincidents.realism.base import Measure, Reading, Score, Tracer
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.causes import Causes
from slackincidents.realism.conversation import is_human, text_of
from slackincidents.realism.dialogue import Dialogue
from slackincidents.realism.distributions import Shapes
from slackincidents.realism.diversity import Diversity
from slackincidents.realism.grounding import Grounding
from slackincidents.realism.how import ROOT
from slackincidents.realism.labels import Answers
from slackincidents.realism.language import Language
from slackincidents.realism.reply import Reply
from slackincidents.realism.results import Contents
from slackincidents.realism.reuse import Reuse
from slackincidents.realism.sample import FEWEST_LINES, WORDS, Sample
from slackincidents.realism.spread import Spread
from slackincidents.realism.structure import Structure
from slackincidents.realism.surface import Surface
from slackincidents.realism.timing import Timing
from slackincidents.realism.tips import Tips
from slackincidents.realism.turns import Turns
from slackincidents.realism.typos import Typos
from slackincidents.realism.within import Within
from slackincidents.schema.incident import IncidentRecord
from slackincidents.seeds import Seed

POOL = 20
"""Bands hold for pools of twenty incidents or more, each of eight human lines or more."""

TOO_SHORT = f"with fewer than {FEWEST_LINES} human lines"
WORDLESS = "messages without text (files, pictures)"
NAMELESS = "speakers known only by an id (deleted or of another workspace)"
_ID = re.compile(r"[UWB][A-Z0-9]{6,}")


def measures(seed: Seed, trace: Tracer | None = None) -> tuple[Measure, ...]:
    """One of each, in the order of the report."""
    return (
        Timing(),
        Turns(),
        Reply(),
        Surface(),
        Typos(seed),
        Dialogue(),
        Spread(),
        Diversity(seed),
        Within(),
        Across(seed),
        Reuse(seed),
        Answers(),
        Causes(seed),
        Structure(),
        Tips(),
        Grounding(trace, seed),
        Language(),
    )


@dataclass
class Suite:
    """Reads a stream of readings once; keeps numbers, a bounded sample of talk, and no incident."""

    seed: Seed = ROOT
    trace: Tracer | None = None
    fewest_lines: int = FEWEST_LINES
    incidents: int = 0
    lines: int = 0
    labelled: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    shapes: Shapes = field(init=False)
    sample: Sample[Reading] = field(init=False)
    _measures: tuple[Measure, ...] = field(init=False)
    _nameless: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._measures = measures(self.seed, self.trace)
        self.shapes = Shapes(self.seed)
        self.sample = Sample(self.seed.child(WORDS))

    def add(self, reading: Reading) -> None:
        """Measure one reading, if it has enough human lines."""
        if reading.record:
            self._look_at(reading.record)
        if len(reading.talk.lines) < self.fewest_lines:
            self.left_out[TOO_SHORT] += 1
            return
        self.incidents += 1
        self.lines += len(reading.talk.lines)
        self.labelled += bool(reading.record and reading.record.labels)
        for measure in self._measures:
            measure.add(reading)
        self.shapes.add(reading)
        self.sample.add(reading.bare)

    def _look_at(self, record: IncidentRecord) -> None:
        wordless = sum(is_human(event) and not text_of(event).strip() for event in record.timeline)
        if wordless:
            self.left_out[WORDLESS] += wordless
        self._nameless.update(event.speaker for event in record.timeline if _ID.fullmatch(event.speaker))

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """Every number, in the order of the report."""
        return tuple(score for measure in self._measures for score in measure.scores(boot))

    def contents(self, name: str) -> Contents:
        """What was read."""
        left = dict(self.left_out)
        if self._nameless:
            left[NAMELESS] = len(self._nameless)
        return Contents(
            name=name,
            incidents=self.incidents,
            lines=self.lines,
            labelled=self.labelled,
            left_out=dict(sorted(left.items())),
        )


def measure(
    readings: Iterable[Reading], boot: Bootstrap | None = None, fewest_lines: int = FEWEST_LINES
) -> tuple[Score, ...]:
    """Every score of the readings of `fewest_lines` human lines or more."""
    suite = Suite(fewest_lines=fewest_lines)
    for reading in readings:
        suite.add(reading)
    return suite.scores(boot or Bootstrap())


def values(scores: Iterable[Score]) -> dict[str, float | None]:
    """Every number by its name; the names are those of the bands."""
    return {score.name: score.value for score in scores}
