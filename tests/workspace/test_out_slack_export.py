"""A history as one Slack export, made a message at a time."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from slackincidents.api import load_all
from slackincidents.archive.answers import AnswerFile, AnswerKey
from slackincidents.errors import BadFile, OutputExists, UsageError
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Mix, Order
from slackincidents.sinks import slack_export
from slackincidents.workspace import out_slack_export
from slackincidents.workspace.engines import Here
from slackincidents.workspace.making import make, making_of
from slackincidents.workspace.out_history import History
from tests.archive.test_viewer import NOT_OURS, viewer
from tests.workspace.conftest import TWO_DAYS
from tests.workspace.histories import workshop

__all__ = ["viewer"]


@pytest.fixture(scope="module")
def zipped(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export."""
    return out_slack_export.write(history, tmp_path_factory.mktemp("slack") / "history.zip")


@pytest.mark.parametrize("answers", [True, False])
def test_it_is_the_export_of_all_incidents_at_once(
    history: History, records: tuple[IncidentRecord, ...], tmp_path: Path, answers: bool
) -> None:
    """Byte for byte what the export makes that has them all in memory."""
    slow = slack_export.write(records, tmp_path / "whole.zip", answers=answers)
    ours = out_slack_export.write(history, tmp_path / "streamed.zip", answers=answers)
    assert ours.read_bytes() == slow.read_bytes()
    assert ("answer_key.json" in zipfile.ZipFile(ours).namelist()) is answers


def test_it_comes_back_as_it_was(zipped: Path, records: tuple[IncidentRecord, ...]) -> None:
    """Read again, every record is the one that went in."""
    back = {one.scenario_id: one.model_dump_json() for one in load_all(zipped)}
    assert back == {one.scenario_id: one.model_dump_json() for one in records}


def test_kept_apart_answers_are_the_same_keys(
    history: History, records: tuple[IncidentRecord, ...], tmp_path: Path
) -> None:
    """The file beside it holds the key of every record, in the order of the export."""
    path = out_slack_export.write_keys(history, tmp_path / "x.answers.json")
    told = AnswerFile.model_validate_json(path.read_bytes())
    assert path.read_text(encoding="utf-8") == told.to_json()
    expected = {key.incident: key for key in map(AnswerKey.of, records)}
    assert {key.incident: key for key in told.incidents} == expected


def test_what_is_there_stays(history: History, zipped: Path, tmp_path: Path) -> None:
    """A file is replaced only when told to, a folder never."""
    before = zipped.read_bytes()
    with pytest.raises(OutputExists):
        out_slack_export.write(history, zipped)
    assert zipped.read_bytes() == before
    with pytest.raises(UsageError, match="folder"):
        out_slack_export.write(history, tmp_path, overwrite=True)


def test_a_failure_leaves_nothing_behind(torn: History, tmp_path: Path) -> None:
    """When a shard cannot be read there is no half an export."""
    (tmp_path / "out").mkdir()
    with pytest.raises(BadFile, match="Make the history again"):
        out_slack_export.write(torn, tmp_path / "out" / "x.zip")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_empty_history_has_no_export(tmp_path: Path) -> None:
    """Where nothing happened the reason is told."""
    nothing = Mix(incidents=0, noise=0, deploys=0, talk=0)
    order = Order(seed="0", start=TWO_DAYS.start, days=1, mix=nothing)
    make(tmp_path / "empty", workshop(), making_of(workshop(), order), Here(workshop()))
    with pytest.raises(UsageError, match="nothing happened"):
        out_slack_export.write(History.open(tmp_path / "empty"), tmp_path / "x.zip")


@pytest.mark.slow
def test_a_foreign_viewer_shows_it(viewer: Path, zipped: Path, tmp_path: Path) -> None:
    """A reader of exports that others wrote makes a page of every channel."""
    (tmp_path / "tmp").mkdir()
    command = [str(viewer), "-z", str(zipped), "--html-only", "--no-browser", "-o", "out"]
    around = {"PATH": os.environ["PATH"], "TZ": "UTC", "TMPDIR": str(tmp_path / "tmp"), "PYTHONWARNINGS": NOT_OURS}
    done = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    folders = {
        name.split("/")[0] for name in zipfile.ZipFile(zipped).namelist() if name.endswith(".json") and "/" in name
    }
    pages = {path.parent.name for path in (tmp_path / "out" / "channel").glob("*/index.html")}
    assert folders <= pages
