"""All measures of a set of incidents at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from slackincidents.realism import diversity, labels, reuse, surface, timing, turns
from slackincidents.realism.conversation import from_incident
from slackincidents.schema.incident import IncidentRecord

FEWEST_LINES = 8
POOL = 20
"""Bands hold for pools of twenty incidents or more, each of eight human lines or more."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured, by area; `left_out` names incidents with too few human lines."""

    incidents: int
    lines: int
    left_out: tuple[str, ...]
    surface: surface.Surface
    timing: timing.Timing
    turns: turns.Turns
    diversity: diversity.Diversity
    reuse: reuse.Reuse
    labels: labels.LabelMeasures

    def values(self) -> dict[str, float | None]:
        """Every number by its name; the names are those of the bands."""
        parts = (self.timing, self.turns, self.surface, self.diversity, self.reuse, self.labels)
        return {
            name: value
            for part in parts
            for name, value in asdict(part).items()
            if value is None or isinstance(value, float | int)
        }


def measure(incidents: Sequence[IncidentRecord], fewest_lines: int = FEWEST_LINES) -> Measures:
    """Measure the incidents of `fewest_lines` human lines or more."""
    talks = [from_incident(incident) for incident in incidents]
    kept = [place for place, talk in enumerate(talks) if len(talk.lines) >= fewest_lines]
    pool = [talks[place] for place in kept]
    return Measures(
        incidents=len(pool),
        lines=sum(len(talk.lines) for talk in pool),
        left_out=tuple(talk.name for talk in talks if len(talk.lines) < fewest_lines),
        surface=surface.measure(pool),
        timing=timing.measure(pool),
        turns=turns.measure(pool),
        diversity=diversity.measure(pool),
        reuse=reuse.measure(pool),
        labels=labels.measure([incidents[place] for place in kept]),
    )
