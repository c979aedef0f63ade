"""A workspace's history in another form: Parquet tables, one Slack export, one web site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from slackincidents.cli.output import STDOUT, refuse_taken
from slackincidents.cli.terminal import note
from slackincidents.errors import UsageError
from slackincidents.library import Library
from slackincidents.stats.reading import is_history
from slackincidents.workspace import out_site, out_slack_export
from slackincidents.workspace.opening import open_parquet
from slackincidents.workspace.out_history import History

PARQUET, SLACK, SITE = "parquet", "slack-export", "html"
KEEP, SEPARATE = "keep", "separate"


def history_in(files: Sequence[Path]) -> Path | None:
    """The history among what was named, None where there is none. Raises UsageError for one beside other files."""
    found = [path for path in files if is_history(path)]
    if found and len(files) > 1:
        raise UsageError(f"{found[0]} is a whole history", "Export it alone.")
    return found[0] if found else None


def export_history(folder: Path, to: str | None, output: str | None, labels: str, answers: Path, force: bool) -> None:
    """Write it; `answers` is where kept-apart answers go. Raises UsageError for a form it cannot have."""
    if output is None or output == STDOUT:
        raise UsageError("a history is written to a folder or a ZIP file", "Name it: -o PATH")
    form = to or (SLACK if output.lower().endswith(".zip") else None)
    if form not in (PARQUET, SLACK, SITE):
        raise UsageError(
            f"a history cannot be written as {form or output}",
            f"Say --to {PARQUET}, {SLACK} or {SITE}; it is JSONL now.",
        )
    if form != SLACK and labels != KEEP:
        raise UsageError(
            f"--labels {labels} is for {SLACK}", "In Parquet the answers are tables of their own; a page hides them."
        )
    path, history = Path(output), History.open(folder)
    if form == SLACK:
        _to_slack(history, path, labels, answers, force)
    elif form == SITE:
        note(f"wrote {out_site.write(history, path, overwrite=force)}/index.html")
    else:
        note(f"wrote {open_parquet()(history, Library.from_environment(), path, overwrite=force)}")


def _to_slack(history: History, path: Path, labels: str, answers: Path, force: bool) -> None:
    refuse_taken((path, answers) if labels == SEPARATE else (path,), force)
    note(f"wrote {out_slack_export.write(history, path, answers=labels == KEEP, overwrite=force)}")
    if labels == SEPARATE:
        note(f"wrote {out_slack_export.write_keys(history, answers, overwrite=force)}")
