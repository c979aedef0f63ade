"""`slackincidents eval`: how near made-up incident chat is to real chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.cli.options import Force, ListingFormat
from slackincidents.cli.output import refuse_taken
from slackincidents.cli.terminal import complain, counting, emit, note, one_line
from slackincidents.errors import SlackIncidentsError, UnknownName, UsageError
from slackincidents.files import write_text
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.realism import references
from slackincidents.realism.base import Reading, Traced, Tracer
from slackincidents.realism.how import ROOT, How
from slackincidents.realism.opening import open_evaluator
from slackincidents.realism.page import page
from slackincidents.realism.references import Reference
from slackincidents.realism.report import report
from slackincidents.realism.results import Evaluation
from slackincidents.schema.incident import IncidentRecord, Spoken, SystemEvent
from slackincidents.stats import Reader
from slackincidents.validator.words import guarded

NONE = "none"
BELOW = 1
QUIET_HOURS = 6.0


def evaluate(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Incident files (.json, .jsonl), folders, Slack exports.")
    ],
    against: Annotated[
        str,
        typer.Option(metavar="REFERENCE", help="A reference's name, a file, folder or export of your own, or none."),
    ] = references.ALL,
    form: ListingFormat = "text",
    page_file: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Also write a page with plots (.html).")
    ] = None,
    fail_below: Annotated[
        float | None,
        typer.Option(min=0, max=100, metavar="PERCENT", help="Exit 1 when fewer of the checks pass."),
    ] = None,
    seed: Annotated[str | None, typer.Option(metavar="SEED", help="Chance behind samples and intervals.")] = None,
    quiet_hours: Annotated[
        float,
        typer.Option(min=0.1, metavar="HOURS", help="In a team's own export, this long a silence ends an incident."),
    ] = QUIET_HOURS,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the classifiers and the plans.")] = False,
    force: Force = False,
) -> None:
    """Measure incidents beside real chat: every number with its interval, its distance, and lines that show it.

    Exit 1 when fewer checks pass than --fail-below, 2 when a file could not be read; the report is on the others.
    """
    if page_file:
        refuse_taken([page_file], force)
    run = open_evaluator()
    reading = _Reading(quiet_hours)
    reference = _reference(against, reading)
    if fail_below is not None and reference is None:
        raise UsageError("--fail-below needs a reference to fail against", "Leave out --against none.")
    with counting("incidents read") as told:
        trace = None if quick else tracer(Workshop.open())
        how = How(ROOT.child(seed) if seed else ROOT, trace=trace, classify=not quick, tick=lambda: told(""), say=told)
        found = run(reading.read(tuple(paths)), reference, how, _name(paths))
    reading.tell()
    _deliver(found, form, page_file, force)
    raise typer.Exit(max(reading.worst, _below(found, fail_below)))


@dataclass
class _Reading:
    """Reads sets; keeps what was left out, and the worst exit code."""

    quiet_hours: float
    left_out: Counter[str] = field(default_factory=Counter)
    worst: int = 0

    def read(self, paths: tuple[Path, ...]) -> Iterator[Reading]:
        """Every incident under these paths, one at a time."""
        reader = Reader(self._leave, self._complain, self.quiet_hours, alarms_only=False)
        return (Reading.of(found.record) for found in reader.read(paths))

    def tell(self) -> None:
        """Say what was left out."""
        for why, count in sorted(self.left_out.items()):
            note(f"left out: {count} {why}")

    def _leave(self, why: str) -> None:
        self.left_out[why] += 1

    def _complain(self, error: SlackIncidentsError) -> None:
        self.worst = max(self.worst, error.exit_code)
        complain(str(error))


def tracer(workshop: Workshop) -> Tracer:
    """What the validator says of an incident, and how many words of its people needed a fact."""

    def trace(record: IncidentRecord) -> Traced:
        typed = (event for event in record.timeline if isinstance(event, Spoken) and not isinstance(event, SystemEvent))
        claims = sum(len(set(guarded(event.content))) for event in typed)
        return Traced(report=workshop.validate(Incident.of(record)), claims=claims)

    return trace


def _reference(word: str, reading: _Reading) -> Reference | None:
    """What to hold the set against. Raises UnknownName."""
    if word == NONE:
        return None
    own = Path(word)
    if own.exists():
        return Reference(one_line(word), None, _again(own, reading))
    known = references.names()
    if word not in known:
        raise UnknownName("reference, file or folder", word, (*known, NONE), ", ".join((*known, NONE)))
    return references.open_reference(word)


def _again(own: Path, reading: _Reading) -> Callable[[], Iterator[Reading]]:
    return lambda: reading.read((own,))


def _name(paths: list[Path]) -> str:
    return one_line(", ".join(map(str, paths[:3])) + (f" and {len(paths) - 3} more" if len(paths) > 3 else ""))


def _deliver(found: Evaluation, form: str, page_file: Path | None, force: bool) -> None:
    emit(found.to_json() if form == "json" else report(found))
    if page_file:
        write_text(page_file, page(found), overwrite=force)
        note(f"wrote {page_file}")


def _below(found: Evaluation, least: float | None) -> int:
    """1 when fewer checks pass than asked for."""
    if least is None:
        return 0
    if found.passing is None:
        raise UsageError("--fail-below: no check could be made", "The notes of the report say why.")
    passing = 100 * found.passing
    if passing >= least:
        return 0
    note(f"below: {passing:.1f} % of the checks pass, {least:g} % are asked for")
    return BELOW
