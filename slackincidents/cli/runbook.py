"""`slackincidents runbook`: what to do when a scenario's alerts fire, written as if before the incident."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slackincidents.cli.options import Force, PersonasFile, ServicesFile, completing, one_of
from slackincidents.cli.output import STDOUT
from slackincidents.cli.terminal import emit, note, width
from slackincidents.errors import UsageError
from slackincidents.files import write_text
from slackincidents.library import Library
from slackincidents.render.runbook import to_runbook, to_runbook_html, to_runbook_text

FORMATS = {"md": "md", "markdown": "md", "html": "html", "text": "text", "txt": "text"}
FORMAT_WORDS = ("md", "html", "text")


def runbook(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario, or the file of one.")],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMAT_WORDS),
            help="Without it, what the ending of -o says, else Markdown.",
            callback=one_of("format", tuple(FORMATS)),
            autocompletion=completing(FORMAT_WORDS),
        ),
    ] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Where it goes.")] = None,
    force: Force = False,
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Show a scenario's runbook: symptoms, checks, suspects, actions, escalation. It does not know the cause."""
    path = None if output in (None, STDOUT) else Path(output or "")
    kind = _kind(form, path)
    library = Library.from_environment(personas, services)
    skeleton, catalogue = library.skeleton(scenario), library.catalogue()
    match kind:
        case "html":
            text = to_runbook_html(skeleton, catalogue)
        case "text":
            text = to_runbook_text(skeleton, catalogue, width())
        case _:
            text = to_runbook(skeleton, catalogue)
    if path is None:
        emit(text)
        return
    write_text(path, text, overwrite=force)
    note(f"wrote {path}")


def _kind(word: str | None, path: Path | None) -> str:
    """The format that was named, or that the file's ending names. Raises UsageError for an unknown ending."""
    if word:
        return FORMATS[word]
    ending = path.suffix.removeprefix(".").lower() if path else ""
    if ending and ending not in FORMATS:
        raise UsageError(f"{path}: no format is called .{ending}", "Use .md, .html or .txt, or name the format too.")
    return FORMATS[ending] if ending else "md"
