"""`slackincidents questions`: sets from files and folders, sheets without answers, scores, and bad input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from slackincidents.tasks.questions import Kind
from slackincidents.tasks.scoring import perfect
from slackincidents.tasks.table import read_questions
from tests.cli.conftest import Cli


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    """Three incidents of one scenario."""
    assert cli("generate", "cache-failure", "--seed", 7, "--variants", 3, "-o", "set/").code == 0
    return tmp_path / "set"


def answered(path: Path, questions: Path, wrong: Sequence[str] = ()) -> Path:
    """Perfect answers to all questions but those of the kinds named."""
    told = [
        json.dumps({"id": one.id, "answer": perfect(one)}) for one in read_questions(questions) if one.kind not in wrong
    ]
    path.write_text("\n".join(told), encoding="utf-8")
    return path


def test_questions_go_to_stdout_one_a_line(cli: Cli, folder: Path) -> None:
    """Every line is a question; what is said about them goes to stderr; the same call gives the same bytes."""
    ran = cli("questions", folder, "--kinds", "root-cause,timeline")
    assert ran.code == 0
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert {one["kind"] for one in told} == {"root-cause", "timeline"}
    assert all(one["evidence"] for one in told)
    assert "root-cause: " in ran.err
    assert cli("questions", folder, "--kinds", "root-cause,timeline").out == ran.out
    assert cli("questions", folder, "--kinds", "root-cause", "--seed", 1).out != ran.out


def test_sheets_hold_the_transcript_and_no_answer(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """One sheet a question, under the same id; the scenario's name is nowhere."""
    assert cli("generate", "cache-failure", "--seed", 1, "--variants", 12, "-o", "more/").code == 0
    assert cli("questions", folder, "more", "-o", "q.jsonl", "--sheets", "s.jsonl").code == 0
    sheets = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = list(read_questions(tmp_path / "q.jsonl"))
    assert [one["id"] for one in sheets] == [one.id for one in asked]
    assert not {"answer", "evidence", "scenario", "scenario_id"} & set(sheets[0])
    assert "cache-failure" not in (tmp_path / "s.jsonl").read_text(encoding="utf-8")
    pair = next(one for one in sheets if one["kind"] == Kind.RELATED)
    assert len(pair["transcripts"]) == len(pair["messages"]) == 2


def test_answers_are_scored_by_kind(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """Perfect answers give 100 %, a kind without answers 0, as a table and as JSON."""
    questions = tmp_path / "q.jsonl"
    assert cli("questions", folder, "-o", questions).code == 0
    answers = answered(tmp_path / "a.jsonl", questions, wrong=["timeline"])
    ran = cli("questions", "--score", answers, "--against", questions)
    assert (ran.code, ran.err) == (0, "")
    rows = {line.split()[0]: line.split()[3] for line in ran.out.splitlines()[1:-1]}
    assert rows.pop("timeline") == "0.0%"
    assert set(rows.values()) == {"100.0%"}
    table = json.loads(cli("questions", "--score", answers, "--against", questions, "--format", "json").out)
    assert {one["kind"]: one["mean"] for one in table["kinds"]}["root-cause"] == 1.0


def test_a_file_that_is_there_is_kept(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """Unless --force says otherwise."""
    (tmp_path / "q.jsonl").write_text("mine", encoding="utf-8")
    assert "q.jsonl exists" in cli("questions", folder, "-o", "q.jsonl").complaint
    assert (tmp_path / "q.jsonl").read_text(encoding="utf-8") == "mine"
    assert cli("questions", folder, "-o", "q.jsonl", "--force").code == 0


def test_an_incident_without_labels_is_named(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """Alone it is an error; beside others it is named, they give questions, and the exit code says so."""
    assert (
        cli("export", folder / "cache-failure-7.json", "--to", "json", "--labels", "drop", "-o", "bare.json").code == 0
    )
    alone = cli("questions", "bare.json")
    assert alone.code == 2
    assert "bare.json has no labels, so there are no gold answers. Keep the labels on export" in alone.complaint
    both = cli("questions", "bare.json", folder)
    assert both.code == 2
    assert "bare.json has no labels" in both.err
    assert both.out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "no incidents named"),
        (("set", "--kinds", "root-caus"), 'no kind of question "root-caus". Did you mean "root-cause"'),
        (("nowhere.json",), "nowhere.json does not exist"),
        (("--score", "a.jsonl"), "--score and --against go together"),
        (("--against", "q.jsonl"), "--score and --against go together"),
        (("--score", "nowhere.jsonl", "--against", "q.jsonl"), "nowhere.jsonl cannot be read"),
    ],
)
def test_bad_input_is_one_clear_line(cli: Cli, words: tuple[str, ...], complaint: str) -> None:
    """Exit 2 and a remedy."""
    ran = cli("questions", *words)
    assert ran.code == 2
    assert complaint in ran.complaint


def test_an_empty_question_file_is_named(cli: Cli, tmp_path: Path) -> None:
    """Instead of a table without rows."""
    for name in ("q.jsonl", "a.jsonl"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert "q.jsonl has no questions" in cli("questions", "--score", "a.jsonl", "--against", "q.jsonl").complaint


def test_an_answer_to_no_question_is_named(cli: Cli, folder: Path, tmp_path: Path) -> None:
    """With the file it stands in and the nearest question."""
    questions = tmp_path / "q.jsonl"
    assert cli("questions", folder, "-o", questions, "--kinds", "timeline").code == 0
    first = next(read_questions(questions)).id
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": f"{first}s", "answer": 1}), encoding="utf-8")
    ran = cli("questions", "--score", "a.jsonl", "--against", questions)
    assert ran.code == 2
    assert f'"{first}s"' in ran.complaint
    assert f'Did you mean "{first}"' in ran.complaint


def test_a_history_is_taken_as_it_is(cli: Cli, tmp_path: Path) -> None:
    """Noise, deploys and talk in it are no complaint; alerts that fired beside an incident give questions."""
    made = cli("workspace", "--days", 2, "--incidents", 12, "--noise", 150, "--workers", 1, "-o", "history")
    assert made.code == 0
    ran = cli("questions", "history", "-o", "q.jsonl", "--sheets", "s.jsonl", "--kinds", "alert-related")
    assert ran.code == 0
    assert "error" not in ran.err
    asked = [json.loads(line) for line in (tmp_path / "q.jsonl").read_text(encoding="utf-8").splitlines()]
    right = [one["choices"][one["answer"]["index"]] for one in asked]
    assert right.count("yes") == right.count("no") > 0
    sheets = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in sheets] == [one["id"] for one in asked]
    assert not any({"answer", "evidence", "other"} & set(one) for one in sheets)
