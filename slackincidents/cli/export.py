"""`slackincidents export`: incidents as pages, transcripts or cleaned JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import load
from slackincidents.cli.options import Force, completing, one_of
from slackincidents.cli.output import FORMATS, destination
from slackincidents.cli.terminal import note, progress
from slackincidents.incident import Incident

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
    incidents = [(path.stem, load(path)) for path in files]
    with progress(len(incidents), "exporting") as step:
        for place, (stem, incident) in enumerate(incidents):
            path = target.put(stem, without_answers(incident) if labels == "drop" else incident, first=place == 0)
            if path:
                note(f"wrote {path}")
            step()


def without_answers(incident: Incident) -> Incident:
    """The incident as one would see it who has to find the cause."""
    return incident.model_copy(update=ANSWERS)
