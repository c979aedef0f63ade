"""Answer files become a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slackincidents.errors import BadFile, UnknownName
from slackincidents.seeds import Seed
from slackincidents.tasks.questions import Kind
from slackincidents.tasks.scoring import perfect
from slackincidents.tasks.table import interval, mark, read_answers, read_questions, tabulate
from tests.tasks.made import incident, maker


def test_the_table_has_a_mean_and_an_interval_for_each_kind() -> None:
    """Two root-cause questions, one right: a half, anywhere from 0 to 1; the unanswered timeline earns 0."""
    asked = [
        question
        for name in ("made-1", "made-2")
        for question in maker(Kind.ROOT_CAUSE, Kind.TIMELINE).questions(incident(name=name))
    ]
    table = tabulate(mark(asked, {asked[0].id: perfect(asked[0])}))
    cause, timeline = table.kinds
    assert (cause.kind, cause.questions, cause.answered, cause.mean) == ("root-cause", 2, 1, 0.5)
    assert (cause.low, cause.high) == (0.0, 1.0)
    assert (timeline.answered, timeline.mean, timeline.high) == (0, 0.0, 0.0)
    assert table.overall == 0.25
    assert "root-cause" in table.to_text()


def test_the_interval_narrows_with_incidents_and_not_with_questions_about_one() -> None:
    """Fifty answers about two incidents tell no more than two; half right of a hundred incidents is 40 to 60 %."""
    few = [(str(place % 2), float(place % 2)) for place in range(50)]
    assert interval(few, Seed("x")) == (0.0, 1.0)
    low, high = interval([(str(place), float(place % 2)) for place in range(100)], Seed("x"))
    assert 0.36 <= low <= 0.44
    assert 0.56 <= high <= 0.64


def test_an_answer_to_no_question_is_refused() -> None:
    """By name, with the nearest one."""
    asked = list(maker(Kind.TIMELINE).questions(incident()))
    with pytest.raises(UnknownName, match="timelin"):
        mark(asked, {asked[0].id[:-1]: "14:30"})


def test_broken_lines_are_named(tmp_path: Path) -> None:
    """File, line and field; never a traceback."""
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": "a", "answer": 1}\n\nnonsense\n', encoding="utf-8")
    with pytest.raises(BadFile, match=r"lines\.jsonl:3: Invalid JSON"):
        read_answers(path)
    with pytest.raises(BadFile, match=r"lines\.jsonl:1: kind: Field required"):
        list(read_questions(path))
    path.write_text('{"id": "a"}\n{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(BadFile, match="second one to a"):
        read_answers(path)
    with pytest.raises(BadFile, match="cannot be read"):
        read_answers(tmp_path / "none")


def test_a_question_file_is_read_back_whole(tmp_path: Path) -> None:
    """What was written is what is read, for every kind."""
    asked = list(maker().questions(incident()))
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(question.line() for question in asked), encoding="utf-8")
    assert list(read_questions(path)) == asked
    assert all(json.loads(line)["answer"]["scorer"] for line in path.read_text(encoding="utf-8").splitlines())
