"""`slackincidents export --to itbench|opensre`: answer files and scenario folders for public benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from slackincidents.cli.output import STDOUT, refuse_taken
from slackincidents.cli.terminal import emit, note, progress
from slackincidents.errors import UsageError
from slackincidents.files import write_text
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.tasks.folders import write_folder
from slackincidents.tasks.opening import BENCHMARKS, ITBENCH, OPENSRE, Maker, open_benchmark
from slackincidents.tasks.truth import Truth, truth_of

__all__ = ["BENCHMARKS", "to_benchmark"]


def to_benchmark(benchmark: str, incidents: Sequence[Incident], output: str | None, force: bool) -> None:
    """Write the files of a benchmark, named by the incidents' neutral ids. Raises UsageError, OutputExists."""
    make = open_benchmark(benchmark)
    single = benchmark == ITBENCH and len(incidents) == 1
    folder = _folder(benchmark, output, single)
    library = Library.from_environment()
    made = _made(make, [truth_of(incident, library) for incident in incidents])
    if folder is None:
        _write_one(next(iter(made[0].values())), output, force)
        return
    tops = [folder / Path(next(iter(files))).parts[0] for files in made]
    if len(set(tops)) < len(tops):
        raise UsageError("the same incident is there twice", "Name each file once.")
    refuse_taken(tops, force)
    with progress(len(made), "exporting") as step:
        for top, files in zip(tops, made, strict=True):
            if benchmark == OPENSRE:
                write_folder(top, {Path(name).name: text for name, text in files.items()}, overwrite=force)
            else:
                write_text(top, next(iter(files.values())), overwrite=force)
            note(f"wrote {top}")
            step()


def _made(make: Maker, truths: Sequence[Truth]) -> list[dict[str, str]]:
    """The files of each incident; of several, those that the benchmark has no use for are left out, and said so."""
    made: list[dict[str, str]] = []
    for truth in truths:
        try:
            made.append(make(truth, len(made) + 1))
        except UsageError as error:
            if len(truths) == 1:
                raise
            note(f"left out: {error.message}")
    if not made:
        raise UsageError(f"none of the {len(truths)} incidents can be used", "Generate other seeds.")
    return made


def _write_one(text: str, output: str | None, force: bool) -> None:
    if output is None or output == STDOUT:
        emit(text)
        return
    write_text(Path(output), text, overwrite=force)
    note(f"wrote {output}")


def _folder(benchmark: str, output: str | None, single: bool) -> Path | None:
    """The folder that files go to; None for one file or standard output. Raises UsageError."""
    if output is None or output == STDOUT:
        if single:
            return None
        raise UsageError(f"{benchmark} is a folder of files here", "Name it: -o DIR")
    path = Path(output)
    is_folder = output.endswith("/") or path.is_dir() or not path.suffix
    if single and not is_folder:
        return None
    if not is_folder or path.is_file():
        raise UsageError(f"{benchmark} is a folder of files here, and {path} is a file", "Name a folder: -o DIR")
    return path
