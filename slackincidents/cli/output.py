"""Formats, and the places they go to: stdout, one file, or a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from slackincidents import render
from slackincidents.cli.terminal import emit, on_terminal, width
from slackincidents.errors import OutputExists, UsageError, WriteFailed
from slackincidents.files import write_text
from slackincidents.incident import Incident


@dataclass(frozen=True)
class Format:
    """One way to write an incident down. `between` parts several of them on stdout."""

    name: str
    ending: str
    render: Callable[[Incident], str]
    between: str | None


JSON = Format("json", ".json", Incident.to_json, "")
TEXT = Format("text", ".txt", lambda incident: render.to_text(incident, width=width()), "\n")
MARKDOWN = Format("markdown", ".md", Incident.to_markdown, "\n---\n\n")
HTML = Format("html", ".html", Incident.to_html, None)
FORMATS = {"json": JSON, "markdown": MARKDOWN, "md": MARKDOWN, "html": HTML, "text": TEXT, "txt": TEXT}
FORMAT_WORDS = ("json", "md", "html", "text")
LINES = Format("json", ".jsonl", lambda incident: incident.model_dump_json(by_alias=True, exclude_none=True) + "\n", "")
"""What several incidents are on stdout: one JSON document a line."""

STDOUT = "-"


@dataclass(frozen=True)
class Destination:
    """Where incidents go and as what. Without `file` and `folder` it is stdout."""

    format: Format
    file: Path | None = None
    folder: Path | None = None
    force: bool = False

    @property
    def to_file(self) -> bool:
        """True when it is not stdout."""
        return bool(self.file or self.folder)

    def path(self, stem: str) -> Path | None:
        """The file that an incident of this name goes to."""
        return self.folder / f"{stem}{self.format.ending}" if self.folder else self.file

    def check(self, stems: Iterable[str]) -> None:
        """Refuse at once, before any work: two for one file, or a file that is there already."""
        seen: dict[Path, None] = {}
        for path in filter(None, map(self.path, stems)):
            if path in seen:
                raise UsageError(f"two incidents would be written to {path}", "Write them to different folders.")
            seen[path] = None
        refuse_taken(seen, self.force)

    def put(self, stem: str, incident: Incident, first: bool = True) -> Path | None:
        """Write one incident; the path if it went to a file."""
        text = self.format.render(incident)
        path = self.path(stem)
        if path is None:
            emit(text if first else f"{self.format.between or ''}{text}")
        else:
            write_text(path, text, overwrite=self.force)
        return path


def destination(output: str | None, word: str | None, many: bool, force: bool) -> Destination:
    """What -o and --format ask for. Raises UsageError when the two cannot go together."""
    asked = FORMATS[word] if word else None
    if output is None or output == STDOUT:
        form = asked or (TEXT if on_terminal() else JSON)
        if many and form.between is None:
            raise UsageError(f"several {form.name} pages cannot share standard output", "Name a folder: -o DIR")
        return Destination(LINES if many and form is JSON else form)
    path = Path(output)
    if output.endswith("/") or _is_folder(path) or not (path.suffix or _special(path)):
        return Destination(asked or JSON, folder=path, force=force)
    if many:
        raise UsageError(f"several incidents do not fit into {path}", "Name a folder: -o DIR")
    by_ending = asked or (JSON if _special(path) else FORMATS.get(path.suffix.removeprefix(".")))
    if by_ending is None:
        hint = "Use .json, .md, .html or .txt, or name the format too."
        raise UsageError(f"{path}: no format is called {path.suffix or path.name}", hint)
    return Destination(by_ending, file=path, force=force)


def refuse_taken(paths: Iterable[Path], force: bool) -> None:
    """Raise OutputExists for the first path where a file is, unless it may be overwritten."""
    for path in paths:
        if not force and _taken(path):
            raise OutputExists(f"{path} exists", "Choose another name, or say --force.")


def _taken(path: Path) -> bool:
    return _asks(path, Path.exists) and not _special(path)


def _special(path: Path) -> bool:
    return _asks(path, Path.exists) and not (path.is_file() or path.is_dir())


def _is_folder(path: Path) -> bool:
    return _asks(path, Path.is_dir)


def _asks(path: Path, question: Callable[[Path], bool]) -> bool:
    try:
        return question(path)
    except OSError as error:
        raise WriteFailed(f"{path} cannot be looked at: {error.strerror}", "Name another place.") from None
