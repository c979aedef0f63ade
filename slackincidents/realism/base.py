"""What every measure takes and gives: readings in, scores with intervals and evidence out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from slackincidents.realism.conversation import Conversation, from_incident
from slackincidents.realism.wording import Wording, take_apart
from slackincidents.schema.base import Frozen
from slackincidents.schema.findings import Report
from slackincidents.schema.incident import IncidentRecord

if TYPE_CHECKING:
    from slackincidents.realism.bootstrap import Bootstrap

MOST_EVIDENCE = 3
"""Pieces of evidence a score shows."""

LONGEST_EVIDENCE = 240
"""Characters of a line that evidence quotes."""


@dataclass(frozen=True)
class Reading:
    """One conversation as the measures see it; `record` is None where only the talk is known."""

    name: str
    talk: Conversation
    record: IncidentRecord | None = None

    @classmethod
    def of(cls, record: IncidentRecord, name: str | None = None) -> Reading:
        """The reading of an incident; its scenario id is its name unless another one is given."""
        return cls(name or record.scenario_id, from_incident(record), record)

    @property
    def bare(self) -> Reading:
        """The same talk without the record, for whoever keeps many."""
        return Reading(self.name, self.talk)

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Every line taken apart, in order; worked out once for all measures."""
        return tuple(take_apart(line.text, self.talk.names) for line in self.talk.lines)


class Evidence(Frozen):
    """Where a score can be seen: an incident, the event's place in its timeline if one line shows it, and why."""

    incident: str
    event: int | None = None
    text: str = ""
    note: str = ""


class Score(Frozen):
    """One number of a set of incidents.

    `low` and `high` are a 95 % bootstrap interval over incidents, None where there are too few. `count` is how many
    things were counted: lines, gaps, incidents, as the measure says. `measure` is the module it comes from.
    """

    name: str
    title: str
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    count: int = 0
    evidence: tuple[Evidence, ...] = ()


class Traced(Frozen):
    """What the validator says of an incident, and how many words in it needed a fact behind them."""

    report: Report
    claims: int


Tracer = Callable[[IncidentRecord], Traced]
"""Checks one incident; built above, where the validator is known."""


class Measure(Protocol):
    """Adds up one kind of number over a stream of readings, and keeps no reading."""

    def add(self, reading: Reading) -> None:
        """Count one incident."""

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The numbers so far."""


def collect(measure: Measure, readings: Iterable[Reading], boot: Bootstrap) -> tuple[Score, ...]:
    """The scores of one measure over these readings."""
    for reading in readings:
        measure.add(reading)
    return measure.scores(boot)


def quoted(reading: Reading, line: int | None = None, note: str = "") -> Evidence:
    """Evidence from one line of a reading (its place in the talk), or from the whole."""
    if line is None:
        return Evidence(incident=reading.name, note=note)
    said = reading.talk.lines[line]
    text = said.text if len(said.text) <= LONGEST_EVIDENCE else said.text[: LONGEST_EVIDENCE - 1] + "…"
    return Evidence(incident=reading.name, event=said.event, text=text, note=note)
