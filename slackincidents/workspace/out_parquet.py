"""A history as Parquet tables with a card, as the `datasets` library loads them. pyarrow is an extra."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
from pyarrow import parquet

from slackincidents.files import write_text
from slackincidents.library import Library
from slackincidents.schema.base import Frozen
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker, Recall
from slackincidents.workspace.out_card import CARD, TABLES, card, file_of
from slackincidents.workspace.out_folder import whole_folder
from slackincidents.workspace.out_history import History
from slackincidents.workspace.out_rows import QuestionRow, incident_row, label_row, message_rows
from slackincidents.workspace.out_tally import Tally

GROUP = 1024
"""Rows a row group: so many are in memory at a time."""

_TEXT, _TEXTS, _PLACES, _INT = pa.string(), pa.list_(pa.string()), pa.list_(pa.int32()), pa.int32()
_AT = pa.timestamp("us", tz="UTC")
_METRICS = pa.list_(pa.struct([("name", _TEXT), ("value", _TEXT)]))
_CAUSE = pa.struct([(name, _TEXT) for name in ("service", "component", "category", "mechanism", "plain")])
_EDGE = pa.struct([*((name, _TEXT) for name in ("source", "target", "via", "effect")), ("offset_seconds", pa.int64())])
_KEY = pa.struct(
    [
        ("index", _INT),
        ("act", _TEXT),
        ("phase", _TEXT),
        ("reveals", _TEXTS),
        ("cites", _TEXTS),
        ("hypothesis", _TEXT),
        ("hypothesis_true", pa.bool_()),
        ("exchange", _TEXT),
        ("answers", _INT),
        ("features", _TEXTS),
    ]
)

SCHEMAS = {
    "messages": pa.schema(
        [
            ("id", _TEXT),
            ("incident", _TEXT),
            ("index", _INT),
            ("at", _AT),
            ("offset_seconds", pa.float64()),
            ("channel", _TEXT),
            ("user", _TEXT),
            ("name", _TEXT),
            ("bot", pa.bool_()),
            ("type", _TEXT),
            ("text", _TEXT),
            ("thread", _INT),
            ("mentions", _TEXTS),
            ("reactions", pa.list_(pa.struct([("emoji", _TEXT), ("users", _TEXTS)]))),
            ("edited_at", _AT),
            ("alert_severity", _TEXT),
            ("alert_state", _TEXT),
            ("alert_title", _TEXT),
            ("metrics", _METRICS),
            ("metrics_after", _METRICS),
            ("runbook", _TEXT),
            ("dashboard", _TEXT),
            ("action_type", _TEXT),
            ("action_details", _TEXT),
        ]
    ),
    "incidents": pa.schema(
        [
            ("id", _TEXT),
            ("started_at", _AT),
            ("ended_at", _AT),
            ("channels", _TEXTS),
            ("people", _TEXTS),
            ("messages", _INT),
        ]
    ),
    "labels": pa.schema(
        [
            *((name, _TEXT) for name in ("incident", "kind", "scenario", "scenario_id", "title", "ref", "recurs")),
            ("severity", _TEXT),
            ("services", _TEXTS),
            ("noise_kind", _TEXT),
            ("noise_monitor", _TEXT),
            ("noise_answered", pa.bool_()),
            ("root_cause", _CAUSE),
            ("cascade", pa.list_(_EDGE)),
            ("impact_start", pa.int64()),
            ("impact_end", pa.int64()),
            ("ending", _TEXT),
            ("cause_first_stated", _INT),
            ("hypotheses_withdrawn", _TEXTS),
            ("actions_failed", _TEXTS),
            ("features", _TEXTS),
            ("messages", pa.list_(_KEY)),
            ("seed", _TEXT),
            ("writer", _TEXT),
            ("model", _TEXT),
        ]
    ),
    "questions": pa.schema(
        [
            *((name, _TEXT) for name in ("id", "kind", "incident", "scenario", "prompt")),
            ("choices", _TEXTS),
            ("visible_until", pa.float64()),
            ("answer", _TEXT),
            ("evidence", _PLACES),
            ("other", _TEXT),
            ("other_evidence", _PLACES),
        ]
    ),
}


class Table:
    """One Parquet file that grows a row group at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """An empty file."""
        self._schema = schema
        self._file = parquet.ParquetWriter(path, schema, compression="zstd")
        self._held: list[Frozen] = []
        self.count = 0

    def add(self, row: Frozen) -> None:
        """One more row."""
        self._held.append(row)
        self.count += 1
        if len(self._held) >= GROUP:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is held, and the end of the file."""
        if kind is None and (self._held or not self.count):
            self._flush()
        self._file.close()

    def _flush(self) -> None:
        rows = [row.model_dump(mode="python") for row in self._held]
        self._file.write_table(pa.Table.from_pylist(rows, schema=self._schema), row_group_size=GROUP)
        self._held.clear()


def write(history: History, library: Library, path: Path, *, overwrite: bool = False) -> Path:
    """Write the tables and their card into a folder; the same history gives the same bytes with the same pyarrow.

    Raises OutputExists, UsageError, WriteFailed; BadFile for a shard that cannot be read.
    """
    with whole_folder(path, file_of(TABLES[0]), overwrite=overwrite) as fresh:
        (fresh / file_of(TABLES[0])).parent.mkdir()
        tally = _fill(history, library, fresh)
        write_text(fresh / CARD, card(history, tally))
    return path


def _fill(history: History, library: Library, folder: Path) -> Tally:
    tally, maker = Tally(), Maker(library.catalogue(), _recall(library))
    names: Sequence[str] = TABLES
    with (
        Table(folder / file_of(names[0]), SCHEMAS[names[0]]) as messages,
        Table(folder / file_of(names[1]), SCHEMAS[names[1]]) as incidents,
        Table(folder / file_of(names[2]), SCHEMAS[names[2]]) as labels,
        Table(folder / file_of(names[3]), SCHEMAS[names[3]]) as questions,
    ):
        for record in history.records():
            seen, key = incident_row(record), label_row(record)
            tally.add(seen, key)
            incidents.add(seen)
            labels.add(key)
            for message in message_rows(record):
                messages.add(message)
            for asked in maker.questions(record) if record.labels or record.noise else ():
                row = QuestionRow.of(asked)
                tally.ask(row)
                questions.add(row)
        for name, table in zip(names, (messages, incidents, labels, questions), strict=True):
            tally.rows[name] = table.count
    return tally


def _recall(library: Library) -> Recall:
    """What the library knows of a scenario; nothing of one that it has not."""

    @cache
    def recall(scenario: str) -> Background:
        return Background.of(library.skeleton(scenario)) if scenario in library.skeleton_names() else Background()

    return recall
