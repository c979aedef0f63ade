"""A history as Parquet tables, and their card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]  # it ships no types
from pydantic import JsonValue, TypeAdapter

from slackincidents.archive.answers import identity
from slackincidents.errors import BadFile, OutputExists, UsageError
from slackincidents.library import Library
from slackincidents.schema.incident import IncidentRecord
from slackincidents.tasks.questions import Gold
from slackincidents.workspace import out_parquet
from slackincidents.workspace.out_card import TABLES
from slackincidents.workspace.out_history import History

Row = dict[str, JsonValue]

LOADED = """
import json, sys
from datasets import load_dataset
tables = {name: load_dataset(sys.argv[1], name, split="train").to_list() for name in sys.argv[2:]}
json.dump(tables, sys.stdout, default=str)
"""


@pytest.fixture(scope="module")
def written(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset's folder."""
    return out_parquet.write(history, Library(), tmp_path_factory.mktemp("parquet") / "data set")


@pytest.fixture(scope="module")
def loaded(written: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """What the `datasets` library makes of it, offline, in a program of its own."""
    home = str(tmp_path_factory.mktemp("hub"))
    around = {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "HF_HOME": home,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
    }
    command = [sys.executable, "-c", LOADED, str(written), *TABLES]
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return TypeAdapter(dict[str, list[Row]]).validate_json(done.stdout)


def figures(card: str) -> dict[str, str]:
    """First and second cell of every row of the card's tables."""
    rows = (line.strip("|").split("|") for line in card.splitlines() if line.startswith("|"))
    return {row[0].strip().strip("`"): row[1].strip() for row in rows}


def test_every_message_is_a_row(loaded: dict[str, list[Row]], records: tuple[IncidentRecord, ...]) -> None:
    """Who, where, when and what, in the order of the incidents."""
    told = [
        (identity(one), index, event.channel, event.speaker, event.text, event.thread_parent)
        for one in records
        for index, event in enumerate(one.timeline)
    ]
    rows = loaded["messages"]
    names = ("incident", "index", "channel", "user", "text", "thread")
    assert [tuple(row[name] for name in names) for row in rows] == told
    first = records[0]
    assert str(rows[0]["at"]).startswith(first.time_of(first.timeline[0]).isoformat(" ")[:19])


def test_cards_and_reactions_come_along(loaded: dict[str, list[Row]], records: tuple[IncidentRecord, ...]) -> None:
    """An alert has its title and metrics, a reaction its people."""
    rows = loaded["messages"]
    alerts = [event for one in records for event in one.timeline if event.type == "alert"]
    found = [row for row in rows if row["type"] == "alert"]
    assert [row["alert_title"] for row in found] == [event.title for event in alerts]
    assert [row["metrics"] for row in found] == [
        [{"name": name, "value": str(value)} for name, value in event.metrics.items()] for event in alerts
    ]
    reacted = [[(r.emoji, list(r.users)) for r in e.reactions] for one in records for e in one.timeline]
    assert [[(r["emoji"], r["users"]) for r in row["reactions"]] for row in rows] == reacted  # type: ignore[index, union-attr, call-overload]


def test_what_may_be_read_tells_no_answer(
    written: Path, loaded: dict[str, list[Row]], records: tuple[IncidentRecord, ...]
) -> None:
    """Neither the names of files nor messages and incidents say what anything was."""
    assert sorted(str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()) == [
        "README.md",
        *sorted(f"data/{name}.parquet" for name in TABLES),
    ]
    shown = json.dumps([loaded["incidents"], [{**row, "text": ""} for row in loaded["messages"]]])
    for record in records:
        assert record.scenario_id not in shown
    assert set(loaded["incidents"][0]) == {"id", "started_at", "ended_at", "channels", "people", "messages"}
    assert not set(loaded["messages"][0]) & {
        "kind",
        "scenario",
        "title",
        "act",
        "phase",
        "noise_kind",
        "severity",
        "seed",
    }


def test_labels_are_the_answer_key(loaded: dict[str, list[Row]], records: tuple[IncidentRecord, ...]) -> None:
    """What noise was, what caused an incident, and what each of its messages does."""
    rows = {row["incident"]: row for row in loaded["labels"]}
    assert len(rows) == len(records)
    for record in records:
        row = rows[identity(record)]
        assert row["noise_kind"] == (record.noise.kind if record.noise else None)
        if record.labels is None:
            assert row["root_cause"] is None
            continue
        assert row["kind"] == "incident"
        assert row["root_cause"] == record.labels.root_cause.model_dump()
        acts = [one["act"] for one in row["messages"]]  # type: ignore[union-attr, index, call-overload]
        assert acts == [label.act for label in record.labels.messages]


def test_questions_are_about_incidents_and_carry_their_gold(loaded: dict[str, list[Row]]) -> None:
    """Each is about a real incident of the set; the answer reads as one that can be scored."""
    real = {row["incident"] for row in loaded["labels"] if row["kind"] == "incident"}
    assert len(loaded["questions"]) > len(real)
    for row in loaded["questions"]:
        assert row["incident"] in real
        gold: Gold = TypeAdapter[Gold](Gold).validate_json(str(row["answer"]))
        assert gold.scorer


def test_the_card_tells_the_truth(written: Path, loaded: dict[str, list[Row]], history: History) -> None:
    """Every figure on it is that of the data."""
    told = figures((written / "README.md").read_text(encoding="utf-8"))
    labels = loaded["labels"]
    expected = Counter({name: len(rows) for name, rows in loaded.items()})
    kinds = Counter(str(row["kind"]) for row in labels)
    real = [row for row in labels if row["kind"] == "incident"]
    expected.update(kinds)
    expected.update(str(row["severity"]) for row in real)
    expected.update(str(row["scenario"]) for row in real)
    expected.update(str(row["noise_kind"]) for row in labels if row["noise_kind"])
    expected.update(str(row["kind"]) for row in loaded["questions"])
    expected["channels"] = len({row["channel"] for row in loaded["messages"]})
    expected["people who post"] = len({row["user"] for row in loaded["messages"] if not row["bot"]})
    expected["incidents that come back"] = sum(row["recurs"] is not None for row in labels)
    assert {name: told[name] for name in expected} == {name: str(count) for name, count in expected.items()}
    quiet = sum(row["noise_answered"] is False for row in labels)
    assert told["noise share of all incidents"] == f"{100 * kinds['noise'] / (kinds['noise'] + len(real)):.1f} %"
    assert told["noise that nobody answered"] == f"{100 * quiet / kinds['noise']:.1f} %"
    starts = sorted(str(row["started_at"])[:10] for row in loaded["incidents"])
    assert (told["first day"], told["last day"], told["days"]) == (starts[0], starts[-1], "2")
    assert told["history sha256"] == f"`{history.manifest.sha256}`"
    assert told["seed"] == '`"out"`'


def test_the_same_history_gives_the_same_bytes(written: Path, history: History, tmp_path: Path) -> None:
    """Twice made, nothing differs."""
    again = out_parquet.write(history, Library(), tmp_path / "again")
    for path in written.rglob("*.*"):
        assert (again / path.relative_to(written)).read_bytes() == path.read_bytes()


def test_rows_are_written_in_groups(
    written: Path, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more than a group is held, and the rows are the same; the pages are packed with zstd."""
    monkeypatch.setattr(out_parquet, "GROUP", 50)
    path = out_parquet.write(history, Library(), tmp_path / "small") / "data" / "messages.parquet"
    whole = parquet.ParquetFile(written / "data" / "messages.parquet")
    small = parquet.ParquetFile(path)
    assert small.metadata.num_row_groups == -(-whole.metadata.num_rows // 50)
    assert small.metadata.row_group(0).column(0).compression == "ZSTD"
    assert small.read().to_pylist() == whole.read().to_pylist()


def test_what_is_there_stays(history: History, tmp_path: Path) -> None:
    """A dataset is replaced only when told to, a folder of something else never."""
    library = Library()
    target = out_parquet.write(history, library, tmp_path / "set")
    with pytest.raises(OutputExists):
        out_parquet.write(history, library, target)
    (target / "README.md").write_text("old")
    out_parquet.write(history, library, target, overwrite=True)
    assert (target / "README.md").read_text(encoding="utf-8").startswith("---\n")
    other = tmp_path / "photos"
    other.mkdir()
    (other / "README.md").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        out_parquet.write(history, library, other, overwrite=True)
    assert (other / "README.md").read_text(encoding="utf-8") == "mine"


def test_a_failure_leaves_nothing_behind(torn: History, tmp_path: Path) -> None:
    """When a shard cannot be read there is no half a dataset."""
    (tmp_path / "out").mkdir()
    with pytest.raises(BadFile, match="Make the history again"):
        out_parquet.write(torn, Library(), tmp_path / "out" / "set")
    assert list((tmp_path / "out").iterdir()) == []
