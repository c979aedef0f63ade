"""`slackincidents export`: incidents as pages, transcripts or cleaned JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import start_of
from slackincidents.cli.options import Force, completing, one_of
from slackincidents.cli.output import FORMATS, destination
from slackincidents.cli.terminal import note, progress
from slackincidents.errors import BadFile
from slackincidents.incident import Incident
from slackincidents.pipeline import load

LABELS = ("keep", "drop")
TO_WORDS = ("json", "markdown", "html", "text")
ANSWERS = {"labels": None, "provenance": None, "description": None}
"""What gives the answer away: the key, the seed it can be made again from, and the summary."""


def export(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Incident files.")],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="json|markdown|html|text",
            help="Without it, what the ending of -o says.",
            callback=one_of("format", tuple(FORMATS)),
            autocompletion=completing(TO_WORDS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder for several.")
    ] = None,
    labels: Annotated[
        str,
        typer.Option(
            metavar="keep|drop",
            help="The answer key: keep it, or drop it with all that gives it away (labels, provenance, description).",
            callback=one_of("way with labels", LABELS),
            autocompletion=completing(LABELS),
        ),
    ] = "keep",
    force: Force = False,
) -> None:
    """Write incident files in another form."""
    target = destination(output, to, many=len(files) > 1, force=force)
    target.check(path.stem for path in files)
    incidents = [(path.stem, readable(path)) for path in files]
    with progress(len(incidents), "exporting") as step:
        for place, (stem, incident) in enumerate(incidents):
            path = target.put(stem, without_answers(incident) if labels == "drop" else incident, first=place == 0)
            if path:
                note(f"wrote {path}")
            step()


def readable(path: Path) -> Incident:
    """An incident that can be shown: all its numbers are numbers, all its times are dates."""
    incident = load(path)
    place = next(_not_numbers(incident.model_dump(), ""), None)
    if place:
        raise BadFile(f"{path}: {place} is not a number", f"See: slackincidents validate {path}")
    try:
        start_of(incident.start_time)
        _ = [incident.time_of(event) for event in incident.timeline]
    except OverflowError:
        raise BadFile(f"{path}: a time is beyond all dates", f"See: slackincidents validate {path}") from None
    return incident


def _not_numbers(value: object, place: str) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield place
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_numbers(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _not_numbers(item, f"{place}[{index}]")


def without_answers(incident: Incident) -> Incident:
    """The incident as one would see it who has to find the cause."""
    return incident.model_copy(update=ANSWERS)
