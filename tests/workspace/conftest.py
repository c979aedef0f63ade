"""A history of two days, made once, and its records."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Mix, Order
from slackincidents.workspace.engines import Here
from slackincidents.workspace.making import make, making_of
from slackincidents.workspace.out_history import History
from tests.workspace.histories import workshop

TWO_DAYS = Order(seed="out", start=date(2025, 3, 31), days=2, mix=Mix(noise=20.0, incidents=6.0))


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The history, in a few shards."""
    folder = tmp_path_factory.mktemp("history") / "made"
    make(folder, workshop(), making_of(workshop(), TWO_DAYS, shard=30), Here(workshop()))
    return History.open(folder)


@pytest.fixture(scope="session")
def records(history: History) -> tuple[IncidentRecord, ...]:
    """Everything in it."""
    return tuple(history.records())


@pytest.fixture
def unfinished(history: History, tmp_path: Path) -> Path:
    """The same history without its manifest, as a killed run leaves it."""
    folder = tmp_path / "unfinished"
    shutil.copytree(history.folder, folder)
    (folder / "manifest.json").unlink()
    return folder


@pytest.fixture
def torn(history: History, tmp_path: Path) -> History:
    """The same history with a last shard that cannot be read."""
    folder = tmp_path / "torn"
    shutil.copytree(history.folder, folder)
    last = sorted((folder / "shards").glob("*.jsonl"))[-1]
    last.write_bytes(last.read_bytes()[:-200] + b"\n")
    return History.open(folder)
