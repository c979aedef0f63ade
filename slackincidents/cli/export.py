"""`slackincidents export`: incidents as pages, transcripts, cleaned JSON, a Slack export or a benchmark's files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import load_all
from slackincidents.archive import AnswerFile, AnswerKey, blind
from slackincidents.cli.benchmarks import BENCHMARKS, to_benchmark
from slackincidents.cli.export_history import PARQUET, export_history, history_in
from slackincidents.cli.options import Force, completing, one_of
from slackincidents.cli.output import FORMATS, STDOUT, destination, refuse_taken
from slackincidents.cli.terminal import note, progress
from slackincidents.errors import UsageError
from slackincidents.files import write_text
from slackincidents.incident import Incident
from slackincidents.sinks import slack_export

KEEP, SEPARATE, DROP = LABELS = ("keep", "separate", "drop")
SLACK = "slack-export"
TO_WORDS = ("json", "markdown", "html", "text", SLACK, PARQUET, *BENCHMARKS)
ANSWERS = ".answers.json"
"""How the name of a file with answers ends."""


@dataclass(frozen=True)
class Named:
    """An incident and the name that files made of it get."""

    stem: str
    incident: Incident


def export(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Incident files, Slack exports, or the folder of a history.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="json|markdown|html|text|slack-export|parquet|itbench|opensre",
            help="Without it, what the ending of -o says; .zip is a Slack export, with all incidents in it. "
            "A history is written as parquet (a dataset with a card), slack-export, or html (one site with search). "
            "itbench is the ground truth as YAML, opensre a scenario folder; both need the extra evals.",
            callback=one_of("format", (*FORMATS, SLACK, PARQUET, *BENCHMARKS)),
            autocompletion=completing(TO_WORDS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder for several.")
    ] = None,
    labels: Annotated[
        str,
        typer.Option(
            metavar="keep|separate|drop",
            help="The answer key and all that gives it away (labels, provenance, description, scenario, title, roles): "
            "keep it, write it to a file of its own (NAME.answers.json), or drop it.",
            callback=one_of("way with labels", LABELS),
            autocompletion=completing(LABELS),
        ),
    ] = KEEP,
    force: Force = False,
) -> None:
    """Write incident files, or the history of a workspace, in another form."""
    if (history := history_in(files)) is not None:
        export_history(history, to, output, labels, _beside(Path(output or STDOUT)), force)
    elif to == PARQUET:
        raise UsageError("Parquet is made of a history", "Make one: slackincidents workspace -o DIR")
    elif to == SLACK or (to is None and output is not None and output.lower().endswith(".zip")):
        _to_slack(files, output, labels, force)
    elif to in BENCHMARKS:
        if labels != KEEP:
            raise UsageError(f"--labels {labels} leaves nothing to write: {to} files are the labels", "Leave it out.")
        to_benchmark(to, [one.incident for one in _named(files)], output, force)
    else:
        _to_files(files, output, to, labels, force)


def _to_files(files: Sequence[Path], output: str | None, to: str | None, labels: str, force: bool) -> None:
    found = list(_named(files))
    target = destination(output, to, many=len(found) > 1, force=force)
    if target.folder and labels != KEEP:  # the file's own name mostly is the scenario's
        found = [Named(blind(one.incident).scenario_id, one.incident) for one in found]
    target.check(one.stem for one in found)
    paths = [target.path(one.stem) for one in found]
    if labels == SEPARATE:
        refuse_taken((_beside(path) for path in paths), force)
    with progress(len(found), "exporting") as step:
        for place, (one, path) in enumerate(zip(found, paths, strict=True)):
            target.put(one.stem, one.incident if labels == KEEP else blind(one.incident), first=place == 0)
            if path:
                note(f"wrote {path}")
            if labels == SEPARATE:
                _write_answers(_beside(path), [one.incident], force)
            step()


def _to_slack(files: Sequence[Path], output: str | None, labels: str, force: bool) -> None:
    """All incidents into one archive."""
    if output is None or output == STDOUT or output.endswith("/") or Path(output).is_dir():
        raise UsageError("a Slack export is one ZIP file", "Name it: -o incidents.zip")
    path = Path(output)
    answers = _beside(path)
    refuse_taken((path, answers) if labels == SEPARATE else (path,), force)
    incidents = [one.incident for one in _named(files)]
    kept = incidents if labels == KEEP else [blind(incident) for incident in incidents]
    note(f"wrote {slack_export.write(kept, path, answers=labels == KEEP, overwrite=force)}")
    if labels == SEPARATE:
        _write_answers(answers, incidents, force)


def _named(files: Sequence[Path]) -> Iterator[Named]:
    """Every incident; those of a file with several are called by their scenario, numbered where two have the same."""
    for path in files:
        incidents = load_all(path)
        seen: dict[str, int] = {}
        for incident in incidents:
            stem = path.resolve().stem
            if len(incidents) > 1:
                stem = re.sub(r"[^\w.-]+", "-", incident.scenario_id)[:80].strip(".-") or "incident"
                seen[stem] = seen.get(stem, 0) + 1
                stem = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
            yield Named(stem, incident)


def _beside(path: Path | None) -> Path:
    """Where the answers go that are kept apart. Raises UsageError for standard output."""
    if path is None:
        raise UsageError("--labels separate writes two files", "Name the first one: -o PATH")
    return path.with_name(f"{path.stem}{ANSWERS}")


def _write_answers(path: Path, incidents: Sequence[Incident], force: bool) -> None:
    keys = AnswerFile(incidents=tuple(AnswerKey.of(incident) for incident in incidents))
    write_text(path, keys.to_json(), overwrite=force)
    note(f"wrote {path}")
