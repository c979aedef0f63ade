"""Hand-made conversations for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from slackincidents.realism.base import Reading, Score
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import Conversation, Line, names_of
from slackincidents.schema.incident import IncidentRecord


def said(*texts: str) -> Conversation:
    """One line a text, a minute apart, ann and bob in turn."""
    return timed(*((60.0 * place, ("ann", "bob")[place % 2], text) for place, text in enumerate(texts)))


def timed(*lines: tuple[float, str, str], machine_at: float | None = None) -> Conversation:
    """Lines as (seconds, speaker, text)."""
    typed = tuple(Line(at, speaker, text) for at, speaker, text in lines)
    return Conversation("made-001", typed, names_of([line.speaker for line in typed]), machine_at)


def at(*seconds: float) -> Conversation:
    """Lines at these times, ann and bob in turn."""
    return timed(*((second, ("ann", "bob")[place % 2], "line") for place, second in enumerate(seconds)))


class Numbers:
    """The values of scores as attributes; a misspelt one fails."""

    def __init__(self, scores: Iterable[Score]) -> None:
        """Keep the scores by name."""
        self.scores = {score.name: score for score in scores}

    def __getattr__(self, name: str) -> float | None:
        """The value of a score."""
        return self.scores[name].value


class Measuring(Protocol):
    """A module of realism/ that measures readings."""

    def measure(self, readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
        """The scores."""


def reading(talk: Conversation, number: int = 0) -> Reading:
    """A reading of only a talk."""
    return Reading(f"{talk.name}-{number}", talk)


def numbers(module: Measuring, talks: Iterable[Conversation]) -> Numbers:
    """What a module measures on these talks."""
    return Numbers(module.measure([reading(talk, place) for place, talk in enumerate(talks)], Bootstrap(draws=20)))


def keyed(module: Measuring, records: Iterable[IncidentRecord]) -> Numbers:
    """What a module measures on these incidents."""
    return Numbers(module.measure([Reading.of(record) for record in records], Bootstrap(draws=20)))
