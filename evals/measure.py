"""Measure incident files beside real chat: ``python evals/measure.py FOLDER_OR_FILES... [--markdown]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile, SlackIncidentsError
from slackincidents.realism import bands
from slackincidents.realism.report import report
from slackincidents.realism.suite import FEWEST_LINES, measure
from slackincidents.schema.incident import IncidentRecord

BANDS = Path(__file__).parent / "references" / "bands.json"


def main(arguments: list[str] | None = None) -> int:
    """Print the report; 2 when a file cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        incidents = [read(path) for path in files(options.paths)]
        if not incidents:
            raise BadFile("no incident files", "Give JSON files, or folders that hold some")
        text = report(measure(incidents, options.fewest_lines), bands.load(options.bands), options.markdown)
    except SlackIncidentsError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(text)
    return 0


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and the JSON files inside the folders named, sorted."""
    for path in paths:
        yield from sorted(path.rglob("*.json")) if path.is_dir() else [path]


def read(path: Path) -> IncidentRecord:
    """One incident file."""
    try:
        return IncidentRecord.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadFile(f"{path} cannot be read", error.strerror or "") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "top"
        raise BadFile(f"{path} is not an incident file: {place}: {first['msg']}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure incident files beside real chat.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER_OR_FILE")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument(
        "--fewest-lines", type=int, default=FEWEST_LINES, help="leave out incidents with fewer human lines"
    )
    parser.add_argument("--bands", type=Path, default=BANDS, help="a file of bands")
    return parser


if __name__ == "__main__":
    sys.exit(main())
