"""`slackincidents eval`: how near made-up incident chat is to real chat."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from pydantic import TypeAdapter

from slackincidents.chat.opening import CONCURRENCY
from slackincidents.cli.judging import (
    AskJudge,
    Court,
    JudgeConcurrency,
    OnlyEstimate,
    Pairs,
    Samples,
    Wish,
    show,
    unasked,
)
from slackincidents.cli.options import Force, ListingFormat
from slackincidents.cli.output import refuse_taken
from slackincidents.cli.terminal import complain, counting, emit, note, one_line
from slackincidents.cli.writing import ModelName, MostTokens, Replies, Temperature
from slackincidents.errors import SlackIncidentsError, UnknownName, UsageError
from slackincidents.files import write_text
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.realism import references
from slackincidents.realism.base import Reading, Traced, Tracer
from slackincidents.realism.how import ROOT, How
from slackincidents.realism.judge_asking import Estimate
from slackincidents.realism.opening import open_evaluator
from slackincidents.realism.page import page
from slackincidents.realism.references import Reference
from slackincidents.realism.report import report, side_by_side
from slackincidents.realism.results import Evaluation
from slackincidents.realism.sample import pool
from slackincidents.schema.incident import IncidentRecord, Spoken, SystemEvent
from slackincidents.schema.plan import Plan
from slackincidents.seeds import Seed
from slackincidents.stats import Reader
from slackincidents.validator import check
from slackincidents.validator.words import guarded

SETS = TypeAdapter(tuple[Evaluation, ...])
"""Two sets beside each other, as JSON: a list."""

SAME_SPEAKERS = 0.9
"""Of a file that still follows the plan behind it, at least as many events have the plan's speaker."""

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
    beside: Annotated[
        list[Path] | None,
        typer.Option("--beside", metavar="PATH", help="A second set, held against the same reference. Repeatable."),
    ] = None,
    judge: AskJudge = False,
    only_estimate: OnlyEstimate = False,
    pairs: Pairs = None,
    samples: Samples = None,
    model: ModelName = None,
    replies: Replies = None,
    temperature: Temperature = None,
    concurrency: JudgeConcurrency = CONCURRENCY,
    most_tokens: MostTokens = None,
    force: Force = False,
) -> None:
    """Measure incidents beside real chat: every number with its interval, its distance, and lines that show it.

    Nothing leaves this machine without --judge. Exit 1 when fewer checks pass than --fail-below, 2 when a file could
    not be read, 3 when the judge failed; the report is on the rest.
    """
    wish = Wish(judge, only_estimate, model, replies, pairs, samples, temperature, concurrency, most_tokens)
    wish.check()
    if page_file:
        refuse_taken([page_file], force)
    court, reading = Court(wish), _Reading(quiet_hours, page_file)
    reference = _reference(against, reading)
    if fail_below is not None and reference is None:
        raise UsageError("--fail-below needs a reference to fail against", "Leave out --against none.")
    root = ROOT.child(seed) if seed else ROOT
    sets = (tuple(paths), *([tuple(beside)] if beside else []))
    if only_estimate:
        show([_estimated(one, reference, reading, court, root) for one in sets])
        return
    run = open_evaluator()
    found: list[Evaluation] = []
    with counting("incidents read") as told:
        court.say, reading.known = told, court.know
        trace = None if quick else tracer(Workshop.open())
        asked = court.judge if judge else unasked
        how = How(root, trace=trace, judge=asked, classify=not quick, tick=lambda: told(""), say=told)
        found.extend(run(reading.read(one), reference, how, _name(one)) for one in sets)
    reading.tell()
    court.tell()
    _deliver(found, form, page_file, reading.pages, force)
    raise typer.Exit(max(reading.worst, court.worst, _below(found[0], fail_below)))


def _estimated(
    paths: tuple[Path, ...], reference: Reference | None, reading: _Reading, court: Court, seed: Seed
) -> Estimate:
    """What the judge of one set would take; reads both sides, and measures nothing."""
    theirs = reference.readings() if reference and reference.readings else ()
    return court.estimate(pool(reading.read(paths), seed), pool(theirs, seed), seed)


@dataclass
class _Reading:
    """Reads sets; keeps what was left out, the worst exit code, and where incidents have a page of their own.

    Pages are looked for only where a page is written that may link to them.
    """

    quiet_hours: float
    page_file: Path | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)
    known: Callable[[Iterable[str]], None] = lambda _: None
    worst: int = 0

    def read(self, paths: tuple[Path, ...]) -> Iterator[Reading]:
        """Every incident under these paths, one at a time."""
        reader = Reader(self._leave, self._complain, self.quiet_hours, alarms_only=False)
        for found in reader.read(paths):
            self.known(found.record.services)
            if self.page_file:
                self._link(found.record.scenario_id, Path(found.name).with_suffix(".html"), self.page_file)
            yield Reading.of(found.record)

    def _link(self, incident: str, view: Path, page_file: Path) -> None:
        """Note an incident's own page, INCIDENT.html beside INCIDENT.json; the first of a name."""
        if incident not in self.pages and view.is_file():
            self.pages[incident] = quote(Path(os.path.relpath(view, page_file.parent)).as_posix())

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
        incident = Incident.of(record)
        plan = workshop.replan(incident)
        own = plan if plan and _of_one_course(plan, record) else None
        report = check(incident, catalogue=workshop.stage.catalogue, people=workshop.stage.people, plan=own)
        return Traced(report=report, claims=claims)

    return trace


def _of_one_course(plan: Plan, record: IncidentRecord) -> bool:
    """Whether a file still follows the plan that its provenance leads to now; another release plans otherwise."""
    beats, events = plan.beats, record.timeline
    if len(beats) != len(events):
        return False
    same = sum(beat.speaker == event.speaker for beat, event in zip(beats, events, strict=True))
    return same >= SAME_SPEAKERS * len(beats)


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


def _name(paths: Sequence[Path]) -> str:
    return one_line(", ".join(map(str, paths[:3])) + (f" and {len(paths) - 3} more" if len(paths) > 3 else ""))


def _deliver(
    found: Sequence[Evaluation], form: str, page_file: Path | None, pages: Mapping[str, str], force: bool
) -> None:
    """The report on one set, or on two beside each other."""
    first, other = found[0], found[1] if len(found) > 1 else None
    if form == "json":
        emit(first.to_json() if other is None else SETS.dump_json(tuple(found), indent=2).decode() + "\n")
    else:
        emit(report(first) if other is None else _both(first, other))
    if page_file:
        write_text(page_file, page(first, other, pages), overwrite=force)
        note(f"wrote {page_file}")


def _both(first: Evaluation, other: Evaluation) -> str:
    """A column a set: the distance to the reference with the value in brackets; then each set's own report."""
    names = ("first", "second") if first.set.name == other.set.name else (first.set.name, other.set.name)
    if not first.distances:
        return report(first) + "\n" + report(other)
    head = "Distance to the reference, 0 is in the range, with the value in brackets:"
    table = side_by_side(dict(zip(names, (first, other), strict=True)), markdown=False)
    return f"{head}\n\n{table}\n\n{report(first)}\n{report(other)}"


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
