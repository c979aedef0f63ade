"""`slackincidents stats`: how long it took to acknowledge, diagnose, mitigate and resolve, over many incidents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.cli.options import Force, completing, one_of
from slackincidents.cli.output import STDOUT, refuse_taken
from slackincidents.cli.terminal import complain, emit, note, one_line
from slackincidents.errors import BadFile, SlackIncidentsError, UsageError
from slackincidents.files import write_text
from slackincidents.stats import Collector, Facet, Reader, Stats, Wall, What, to_html, to_text

TEXT, JSON, LINES, HTML = "text", "json", "jsonl", "html"
FORMATS = (TEXT, JSON, LINES, HTML)
ENDINGS = {".txt": TEXT, ".json": JSON, ".jsonl": LINES, ".html": HTML}
QUIET_HOURS = 6.0


@dataclass(frozen=True)
class Target:
    """Where the report goes, and as what."""

    form: str
    file: Path | None

    @classmethod
    def of(cls, output: str | None, word: str | None, force: bool) -> Target:
        """What -o and --format ask for. Raises UsageError."""
        file = Path(output) if output and output != STDOUT else None
        by_ending = ENDINGS.get(file.suffix.lower()) if file else TEXT
        form = word or by_ending
        if form is None or (file and file.is_dir()):
            raise UsageError(f"-o {output} is no report's name", f"End it with {', '.join(ENDINGS)}.")
        if file and form == LINES:
            raise UsageError("lines of JSON go to standard output", f"Write: --format jsonl > {file}")
        if file:
            refuse_taken([file], force)
        return cls(form, file)


def stats(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Incident files (.json, .jsonl), folders, Slack exports.")
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="text|json|jsonl|html",
            help="Tables, all figures as JSON, one line of JSON an incident, or a page.",
            callback=one_of("format", FORMATS),
            autocompletion=completing(FORMATS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="A file: .html, .json or .txt.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="|".join(Facet),
            help="Only this grouping in tables and pages; repeatable. All without it; JSON always has all.",
            autocompletion=completing(tuple(Facet)),
        ),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Clock for hours, weekdays and nights; each file's own without it."),
    ] = None,
    quiet_hours: Annotated[
        float,
        typer.Option(min=0.1, metavar="HOURS", help="In a team's own export, this long a silence ends an incident."),
    ] = QUIET_HOURS,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="With --format jsonl: a line for noise, deploys, flags and talk as well; see its kind."
        ),
    ] = False,
    force: Force = False,
) -> None:
    """Time to acknowledge, diagnose, mitigate and resolve, with spread, and pages per person.

    From the files alone. What a file does not tell is counted as such, never as zero. Exit 2 when a file could not be
    read; the report is on the others.
    """
    target, facets = Target.of(output, form, force), _facets(by)
    if everything and target.form != LINES:
        raise UsageError("--everything is for lines of JSON", "Add --format jsonl, or leave it out.")
    reading = _Reading(Collector(Wall.of(timezone)), target.form == LINES, everything)
    reading.run(tuple(paths), quiet_hours)
    if not reading.collector.incidents:
        if not reading.worst:
            raise BadFile(
                f"{', '.join(map(str, paths))}: no incident in it", "Name incident files, or a folder of them."
            )
        raise typer.Exit(reading.worst)
    if target.form != LINES:
        _deliver(reading.collector.stats(), target, facets, force)
    raise typer.Exit(reading.worst)


@dataclass
class _Reading:
    """One pass over everything that was named."""

    collector: Collector
    as_lines: bool
    everything: bool = False
    worst: int = 0

    def run(self, paths: tuple[Path, ...], quiet_hours: float) -> None:
        """Count every incident; with lines, print each as it comes, and what is none only if all was asked for."""
        reader = Reader(self._leave, self._complain, quiet_hours)
        for found in reader.read(paths):
            measured = self.collector.add(found.record)
            if self.as_lines and (self.everything or measured.what is What.INCIDENT):
                emit(measured.line(one_line(found.name), self.collector.wall).model_dump_json() + "\n")

    def _leave(self, why: str) -> None:
        self.collector.left_out[why] += 1

    def _complain(self, error: SlackIncidentsError) -> None:
        self.worst = max(self.worst, error.exit_code)
        complain(str(error))


def _facets(words: list[str] | None) -> tuple[Facet, ...]:
    """The groupings asked for. Raises UnknownName."""
    check = one_of("grouping", tuple(Facet))
    return tuple(Facet(word) for word in words if check(word)) if words else tuple(Facet)


def _deliver(figures: Stats, target: Target, facets: tuple[Facet, ...], force: bool) -> None:
    makers: dict[str, Callable[[], str]] = {
        TEXT: lambda: to_text(figures, facets),
        JSON: figures.to_json,
        HTML: lambda: to_html(figures, facets),
    }
    made = makers[target.form]()
    if target.file is None:
        emit(made)
        return
    write_text(target.file, made, overwrite=force)
    note(f"wrote {target.file}")
