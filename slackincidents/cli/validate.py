"""`slackincidents validate`: lint for incidents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from slackincidents.cli.options import ListingFormat, PersonasFile, ServicesFile
from slackincidents.cli.terminal import complain, emit, one_line, progress
from slackincidents.errors import SlackIncidentsError
from slackincidents.incident import Incident
from slackincidents.library import Library, read_incidents
from slackincidents.pipeline import Workshop
from slackincidents.schema.findings import Finding, Report
from slackincidents.stats.reading import is_history
from slackincidents.workspace.shards import records


class FileReport(BaseModel):
    """What was found in one file, as JSON has it."""

    file: str
    clean: bool
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    skipped_because: str | None


class Reports(BaseModel):
    """All files."""

    files: list[FileReport]


@dataclass
class Outcome:
    """What came of all files."""

    reports: list[FileReport]
    worst: int = 0


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Incident files, ours or of the seed's dialect, or Slack exports."),
    ],
    form: ListingFormat = "text",
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Check incident files against every rule. Exit 0 when clean, 1 with findings.

    Rules about who knew what need the plan. It is made again from the file's provenance; where
    that cannot be done they are skipped, and the reason is given.
    """
    workshop = Workshop.open(Library.from_environment(personas, services))
    outcome = Outcome([])
    with progress(len(files), "validating") as step:
        for path in files:
            _check(workshop, path, outcome)
            step()
    if form == "json":
        emit(Reports(files=outcome.reports).model_dump_json(indent=2) + "\n")
    else:
        emit("".join(_lines(report) for report in outcome.reports))
    raise typer.Exit(outcome.worst)


def _check(workshop: Workshop, path: Path, outcome: Outcome) -> None:
    """Add the reports of one file or export; what cannot be read is complained about, and the rest goes on."""
    if is_history(path):
        _check_history(workshop, path, outcome)
        return
    try:
        incidents = [Incident.of(record) for record in read_incidents(path)]
        checked = [(incident, workshop.validate(incident)) for incident in incidents]
    except SlackIncidentsError as error:
        complain(str(error))
        outcome.worst = max(outcome.worst, error.exit_code)
        return
    for incident, report in checked:
        name = str(path) if len(checked) == 1 else f"{path}#{incident.scenario_id}"
        outcome.reports.append(_report(name, report, why_skipped(workshop.library, incident, report)))
        outcome.worst = max(outcome.worst, 0 if report.clean else 1)


def _check_history(workshop: Workshop, path: Path, outcome: Outcome) -> None:
    """One report for a whole history, and one for each file in it with findings."""
    found = 0
    try:
        for record in records(path):
            report = workshop.validate(Incident.of(record))
            if not report.clean:
                found += 1
                outcome.reports.append(_report(f"{path}#{record.scenario_id}", report, None))
    except SlackIncidentsError as error:
        complain(str(error))
        outcome.worst = max(outcome.worst, error.exit_code)
        return
    if not found:
        outcome.reports.append(FileReport(file=str(path), clean=True, findings=(), skipped=(), skipped_because=None))
    outcome.worst = max(outcome.worst, 1 if found else 0)


def _report(name: str, report: Report, why: str | None) -> FileReport:
    return FileReport(
        file=name, clean=report.clean, findings=report.findings, skipped=report.skipped, skipped_because=why
    )


def why_skipped(library: Library, incident: Incident, report: Report) -> str | None:
    """Why the plan behind a file could not be made again; None when nothing was skipped."""
    if not report.skipped:
        return None
    origin = incident.provenance
    if origin is None:
        return "the file does not say where it comes from (no provenance)"
    if origin.skeleton not in library.skeleton_names():
        return f'its skeleton "{origin.skeleton}" is not in the library'
    return f'its skeleton "{origin.skeleton}", or the people in it, are not the ones it was made from'


def _lines(report: FileReport) -> str:
    verdict = "clean" if report.clean else f"{len(report.findings)} finding{'s' if len(report.findings) > 1 else ''}"
    below = [str(finding) for finding in report.findings]
    if report.skipped:
        below.append(f"skipped {', '.join(report.skipped)}: they need the plan, but {report.skipped_because}")
    return "".join(
        f"{line}\n" for line in (one_line(f"{report.file}: {verdict}"), *(f"  {one_line(b)}" for b in below))
    )
