"""Question files and answer files become scores: one figure a kind, with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from slackincidents.errors import BadFile, UnknownName
from slackincidents.schema.base import Frozen
from slackincidents.schema.faults import first_fault
from slackincidents.seeds import Seed
from slackincidents.tasks.questions import Kind, Question
from slackincidents.tasks.scoring import score

Line = TypeVar("Line", bound=BaseModel)

MOST_LINE = 4 * 1024 * 1024
RESAMPLES, LOW, HIGH = 1000, 0.025, 0.975


class Answer(Frozen):
    """One line of an answer file: the question's id and what was answered, as text, list or object."""

    id: str
    answer: JsonValue = None


class KindScore(Frozen):
    """The mean over the questions of one kind. `low` and `high` bound it in 95 of 100 draws of incidents."""

    kind: str
    questions: int
    answered: int
    mean: float
    low: float
    high: float


class ScoreTable(Frozen):
    """All kinds, and all together: the mean of the kinds, so that a frequent kind does not decide."""

    kinds: tuple[KindScore, ...]
    overall: float

    def to_json(self) -> str:
        """As it is written."""
        return self.model_dump_json(indent=2) + "\n"

    def to_text(self) -> str:
        """A table for the terminal."""
        rows = [("kind", "questions", "answered", "score", "95 %")]
        rows += [
            (one.kind, str(one.questions), str(one.answered), f"{one.mean:.1%}", f"{one.low:.1%} to {one.high:.1%}")
            for one in self.kinds
        ]
        rows.append(("all kinds", "", "", f"{self.overall:.1%}", ""))
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


@dataclass(frozen=True)
class Scored:
    """What one question earned. `incident` groups those that are not independent."""

    kind: Kind
    incident: str
    score: float
    answered: bool


def read_questions(path: Path) -> Iterator[Question]:
    """The questions of a file. Raises BadFile with file and line."""
    return _lines(path, Question, "Make it with slackincidents questions.")


def read_answers(path: Path) -> dict[str, JsonValue]:
    """The answers of a file by question. Raises BadFile with file and line, also for a second answer."""
    found: dict[str, JsonValue] = {}
    hint = 'Each line is like {"id": "...", "answer": "B"}.'
    for number, answer in enumerate(_lines(path, Answer, hint), 1):
        if answer.id in found:
            raise BadFile(f"{path}: answer {number} is the second one to {answer.id}", "Leave one of them out.")
        found[answer.id] = answer.answer
    return found


def mark(questions: Iterable[Question], answers: Mapping[str, JsonValue], name: str = "somebody") -> list[Scored]:
    """The score of every question; an unanswered one earns 0. Raises UnknownName for an answer to none of them."""
    scored = {}
    for question in questions:
        given = answers.get(question.id)
        scored[question.id] = Scored(question.kind, question.incident, score(question, given), given is not None)
    stray = next((one for one in answers if one not in scored), None)
    if stray is not None and scored:
        raise UnknownName(f"question in the set that {name} answers as", stray, scored)
    return list(scored.values())


def tabulate(scored: Sequence[Scored]) -> ScoreTable:
    """Means with bootstrap intervals, kind by kind; incidents are drawn, with all their questions."""
    kinds = tuple(_kind(kind, [one for one in scored if one.kind is kind]) for kind in Kind)
    found = tuple(one for one in kinds if one.questions)
    return ScoreTable(kinds=found, overall=_rounded(sum(one.mean for one in found) / max(len(found), 1)))


def _kind(kind: Kind, scored: Sequence[Scored]) -> KindScore:
    low, high = interval([(one.incident, one.score) for one in scored], Seed("score").child(kind))
    return KindScore(
        kind=kind.value,
        questions=len(scored),
        answered=sum(one.answered for one in scored),
        mean=_rounded(sum(one.score for one in scored) / max(len(scored), 1)),
        low=_rounded(low),
        high=_rounded(high),
    )


def interval(scores: Sequence[tuple[str, float]], seed: Seed) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 draws, with replacement, of the groups named in the pairs."""
    groups: dict[str, tuple[float, int]] = {}
    for group, value in scores:
        total, count = groups.get(group, (0.0, 0))
        groups[group] = (total + value, count + 1)
    rng, values = seed.rng(), list(groups.values())
    if not values:
        return 0.0, 0.0
    means = []
    for _ in range(RESAMPLES):
        drawn = rng.choices(values, k=len(values))
        means.append(sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    return means[int(LOW * RESAMPLES)], means[int(HIGH * RESAMPLES) - 1]


def _rounded(value: float) -> float:
    return round(value, 4)


def _lines(path: Path, what: type[Line], hint: str) -> Iterator[Line]:
    try:
        with path.open("rb") as source:
            for number, line in enumerate(iter(lambda: source.readline(MOST_LINE), b""), 1):
                if line.strip():
                    yield _line(path, number, line, what, hint)
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}", "Check the path and its permissions.") from None


def _line(path: Path, number: int, line: bytes, what: type[Line], hint: str) -> Line:
    try:
        return what.model_validate_json(line)
    except ValidationError as error:
        raise BadFile(f"{path}:{number}: {first_fault(error)}", hint) from None
