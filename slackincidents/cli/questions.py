"""`slackincidents questions`: question sets with gold answers from incidents, and scores for answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Annotated

import typer

from slackincidents.cli.options import Force, completing, one_of
from slackincidents.cli.output import STDOUT, refuse_taken
from slackincidents.cli.terminal import complain, emit, note
from slackincidents.errors import BadFile, SlackIncidentsError, UnknownName, UsageError
from slackincidents.files import write_whole
from slackincidents.library import Library
from slackincidents.schema.incident import IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.stats import Reader
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker, Recall
from slackincidents.tasks.questions import Kind
from slackincidents.tasks.serving import sheet
from slackincidents.tasks.table import mark, read_answers, read_questions, tabulate

KINDS = tuple(kind.value for kind in Kind)
TEXT, JSON = FORMATS = ("text", "json")


def questions(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Incident files (.json, .jsonl), folders, Slack exports with answers."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Questions with gold answers, one JSON object a line."),
    ] = None,
    sheets: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What the one who answers may see: prompt, choices, transcript; no answers."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[,KIND]", help=f"Of {', '.join(KINDS)}. Repeatable.", autocompletion=completing(KINDS)
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Other choices, moments and pairs.")] = 0,
    score: Annotated[Path | None, typer.Option(metavar="ANSWERS", help="Score these answers instead.")] = None,
    against: Annotated[Path | None, typer.Option(metavar="QUESTIONS", help="The questions they answer.")] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|json",
            help="Of the score table.",
            callback=one_of("format", FORMATS),
            autocompletion=completing(FORMATS),
        ),
    ] = TEXT,
    force: Force = False,
) -> None:
    """Make questions about incidents, each with its gold answer, or score answers to them.

    Answers are lines like {"id": "...", "answer": "B"}. Incidents without labels give none. See docs/tasks.md.
    """
    wanted = _kinds(kinds)
    if score or against:
        _score(score, against, paths, wanted, form)
        return
    if not paths:
        raise UsageError("no incidents named", "Name files or folders, or --score ANSWERS --against QUESTIONS.")
    target = Path(output) if output and output != STDOUT else None
    refuse_taken([path for path in (target, sheets) if path], force)
    raise typer.Exit(_make(tuple(paths), target, sheets, wanted, seed))


def _make(paths: tuple[Path, ...], target: Path | None, sheets: Path | None, kinds: tuple[Kind, ...], seed: int) -> int:
    """Write the questions of everything that was named; the exit code."""
    library = Library.from_environment()
    maker = Maker(library.catalogue(), _recall(library), kinds, Seed(str(seed)))
    worst: list[int] = []

    def broken(error: SlackIncidentsError) -> None:
        worst.append(error.exit_code)
        complain(str(error))

    with _sink(target) as put, _sink(sheets, quiet=True) as show:
        for name, record in _records(paths, broken):
            try:
                for question in maker.questions(record, name):
                    put(question.line())
                    if sheets:
                        show(sheet(maker.served(question, record)).line())
            except BadFile as error:
                broken(error)
        if not maker.incidents:
            if worst:
                return max(worst)
            raise BadFile(
                f"{', '.join(map(str, paths))}: no incident in it", "Name incident files, or a folder of them."
            )
    _tell(maker, [path for path in (target, sheets) if path])
    return max(worst, default=0)


def _records(
    paths: tuple[Path, ...], broken: Callable[[SlackIncidentsError], None]
) -> Iterator[tuple[str, IncidentRecord]]:
    for found in Reader(lambda _why: None, broken).read(paths):
        yield found.name, found.record


def _recall(library: Library) -> Recall:
    """What the library knows of a scenario; nothing of one that it has not."""

    @cache
    def recall(scenario: str) -> Background:
        if scenario not in library.skeleton_names():
            return Background()
        return Background.of(library.skeleton(scenario))

    return recall


def _tell(maker: Maker, written: list[Path]) -> None:
    for kind in maker.kinds:
        none = maker.without[kind]
        note(f"{kind.value}: {maker.made[kind]} questions" + (f", {none} incidents without" if none else ""))
    for path in written:
        note(f"wrote {path}")


@contextmanager
def _sink(path: Path | None, quiet: bool = False) -> Iterator[Callable[[str], object]]:
    """Where lines go: standard output, or a file that is there whole or not at all."""
    if path is None:
        yield (lambda line: None) if quiet else emit
        return
    with tempfile.TemporaryFile() as held:
        yield lambda line: held.write(line.encode())
        _land(path, held)


def _land(path: Path, held: IO[bytes]) -> None:
    held.seek(0)
    write_whole(path, lambda sink: shutil.copyfileobj(held, sink))


def _kinds(words: list[str] | None) -> tuple[Kind, ...]:
    """The kinds asked for, all without any. Raises UnknownName."""
    named = [word.strip() for given in words or () for word in given.split(",") if word.strip()]
    for word in named:
        if word not in KINDS:
            raise UnknownName("kind of question", word, KINDS, ", ".join(KINDS))
    return tuple(kind for kind in Kind if not named or kind.value in named)


def _score(
    answers: Path | None, against: Path | None, paths: list[Path] | None, kinds: tuple[Kind, ...], form: str
) -> None:
    if answers is None or against is None or paths:
        raise UsageError(
            "--score and --against go together, and without incidents",
            "Write: slackincidents questions --score ANSWERS --against QUESTIONS.",
        )
    given = read_answers(answers)
    marked = mark(read_questions(against), given, str(answers))
    if not marked:
        raise BadFile(f"{against} has no questions", "Make some with slackincidents questions.")
    table = tabulate([one for one in marked if one.kind in kinds])
    emit(table.to_json() if form == JSON else table.to_text())
