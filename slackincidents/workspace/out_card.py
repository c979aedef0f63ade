"""The dataset card: what the tables hold, in figures counted from them."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from slackincidents.workspace.out_history import History, Is
from slackincidents.workspace.out_tally import Tally

CARD = "README.md"
TABLES = ("messages", "incidents", "labels", "questions")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"

_TEMPLATES = Path(__file__).parent / "templates"


def file_of(table: str) -> str:
    """Where a table stands below the dataset's folder."""
    return f"data/{table}.parquet"


def card(history: History, tally: Tally) -> str:
    """The card as Markdown with the front matter that the `datasets` library reads."""
    making = history.making
    rows = tally.rows
    return (
        _environment()
        .get_template("card.md.j2")
        .render(
            tables=[(name, file_of(name), rows[name]) for name in TABLES],
            size=next((word for below, word in SIZES if rows["messages"] < below), LARGEST),
            order=making.order,
            seed=json.dumps(making.order.seed),
            making=making,
            sha256=history.manifest.sha256,
            failures=len(history.manifest.failures),
            tally=tally,
            first=min(tally.days, default=making.order.start).isoformat(),
            last=max(tally.days, default=making.order.start).isoformat(),
            kinds=[(kind.value, tally.kinds[kind]) for kind in Is],
            severities=_ranked(tally.severities),
            scenarios=_ranked(tally.scenarios),
            noise=_ranked(tally.noise),
            questions=_ranked(tally.questions),
        )
    )


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items())


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
