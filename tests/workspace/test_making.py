"""A history on disk: whole shards, the same bytes from every engine, gone on with after any interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from slackincidents.errors import BadFile, CheckFailed, OtherRun
from slackincidents.schema.workspace import Entry, Mix, Order
from slackincidents.workspace import engines, telling
from slackincidents.workspace.engines import Here, Processes, Shelf
from slackincidents.workspace.making import NAME, make, making_of
from slackincidents.workspace.opening import open_ray
from slackincidents.workspace.shards import Batch, Manifest, Note, Told, committed, manifest_of, records
from tests.source import ROOT
from tests.workspace.histories import workshop

ORDER = Order(seed="9", start=date(2025, 3, 3), days=3, mix=Mix(incidents=3, noise=15, deploys=3, talk=3))
SIZE = 12


def made(folder: Path, engine: engines.Engine | None = None) -> Manifest:
    """The history of these tests, in small shards."""
    return make(folder, workshop(), making_of(workshop(), ORDER, SIZE), engine or Here(workshop()))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history, made in one go."""
    folder = tmp_path_factory.mktemp("history")
    made(folder)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a history."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_history_reads_back_in_order(whole: Path) -> None:
    """Every entry is there once, each a valid incident file, and the manifest counts them."""
    found = list(records(whole))
    manifest = manifest_of(whole)
    assert (
        len(found)
        == sum(shard.told for shard in manifest.shards)
        == sum(sum(s.counts.values()) for s in manifest.shards)
    )
    assert [record.scenario_id for record in found] == list(dict.fromkeys(record.scenario_id for record in found))
    assert manifest.failures == ()
    assert len(manifest.shards) > 3


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_processes_make_the_same_bytes(whole: Path, tmp_path: Path, workers: int) -> None:
    """However many processes tell it."""
    made(tmp_path / "h", Processes(Shelf.of(workshop().library), workers))
    assert bytes_of(tmp_path / "h") == bytes_of(whole)


@pytest.mark.slow
def test_ray_makes_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    """On a real local Ray with two workers. In a process of its own: Ray keeps sockets and threads."""
    script = (
        "import sys; from pathlib import Path; from tests.workspace.test_making import ray_history; "
        "ray_history(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "h")], check=True, cwd=ROOT, capture_output=True)
    assert bytes_of(tmp_path / "h") == bytes_of(whole)


def ray_history(folder: Path) -> None:
    """The history, told on Ray."""
    made(folder, open_ray(Shelf.of(workshop().library), 2, None))


class Stops:
    """An engine that is stopped after a few shards."""

    def __init__(self, after: int) -> None:
        self.after = after

    def run(self, batches: Iterator[Batch]) -> Iterator[Told]:
        """Some shards, then an interruption."""
        for place, shard in enumerate(Here(workshop()).run(batches)):
            if place == self.after:
                raise KeyboardInterrupt
            yield shard


def test_an_interrupted_history_goes_on(whole: Path, tmp_path: Path) -> None:
    """What was committed stays as it is, the rest is added, and the end is the same."""
    folder = tmp_path / "h"
    with pytest.raises(KeyboardInterrupt):
        made(folder, Stops(2))
    assert committed(folder, 2) is not None
    assert not (folder / "manifest.json").exists()
    before = (folder / "shards" / "00001.jsonl").stat().st_mtime_ns
    (folder / "shards" / ".00003.jsonl.x.part").write_text("half")
    made(folder)
    assert (folder / "shards" / "00001.jsonl").stat().st_mtime_ns == before
    assert bytes_of(folder) == bytes_of(whole)


@pytest.mark.parametrize("spoil", ["lines", "note", "gone"])
def test_a_spoilt_shard_is_told_again(whole: Path, tmp_path: Path, spoil: str) -> None:
    """A shard whose bytes are not those of its note is no shard."""
    folder = tmp_path / "h"
    made(folder)
    lines = folder / "shards" / "00002.jsonl"
    if spoil == "lines":
        lines.write_bytes(lines.read_bytes()[:-40])
    elif spoil == "note":
        lines.with_suffix(".json").write_text("{}")
    else:
        lines.unlink()
    assert committed(folder, 2) is None
    made(folder)
    assert bytes_of(folder) == bytes_of(whole)


def test_another_order_is_refused(tmp_path: Path) -> None:
    """The folder of one history is no place for another: the first field that differs is named."""
    made(tmp_path / "h")
    other = making_of(workshop(), ORDER.model_copy(update={"seed": "10"}), SIZE)
    with pytest.raises(OtherRun, match="seed 9, now it is 10"):
        make(tmp_path / "h", workshop(), other, Here(workshop()))
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(OtherRun, match="holds files"):
        made(full)


def test_what_cannot_be_told_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that fails is missing by name in the manifest; all others are there."""
    real = telling.tell

    async def fails(shop: object, entry: Entry, writer: object = None) -> object:
        if entry.number == 5:
            raise CheckFailed("entry 5: TXT001", "mend it", {}, ("TXT001",))
        return await real(workshop(), entry)

    monkeypatch.setattr(engines, "tell", fails)
    manifest = made(tmp_path / "h")
    assert [(failure.entry, "TXT001" in failure.why) for failure in manifest.failures] == [(5, True)]
    assert "5" not in {record.scenario_id.rpartition("-")[2] for record in records(tmp_path / "h") if not record.labels}


def test_an_unfinished_history_says_so(tmp_path: Path) -> None:
    """Without its manifest it cannot be read as a whole."""
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "h", Stops(1))
    with pytest.raises(BadFile, match="manifest"):
        list(records(tmp_path / "h"))


@pytest.mark.slow
@pytest.mark.parametrize("place", range(3))
def test_killed_at_any_moment_it_goes_on(whole: Path, tmp_path: Path, place: int) -> None:
    """Killed when some shards stand there, the same command ends with the same bytes; no worker lives on."""
    folder = tmp_path / "h"
    script = (
        "import sys; from pathlib import Path; from tests.workspace.test_making import two_processes; "
        "two_processes(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", script, str(folder)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for _ in range(place + 1):
        running.stdout.readline()
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert bytes_of(folder) == bytes_of(whole)


def two_processes(folder: Path) -> None:
    """The history, told by two processes; a line for each shard that stands there."""

    def step(note: Note) -> None:
        sys.stdout.write(f"{note.number}\n")
        sys.stdout.flush()

    engine = Processes(Shelf.of(workshop().library), 2)
    make(folder, workshop(), making_of(workshop(), ORDER, SIZE), engine, step=step)


def test_the_folder_says_what_it_was_made_from(whole: Path) -> None:
    """Order, version and the hash of the library; nothing of engine or workers."""
    noted = json.loads((whole / NAME).read_text())
    assert noted["order"]["seed"] == "9"
    assert set(noted) == {
        "version", "library_sha256", "order", "shard",
        "writer", "model", "prompts_sha256", "granularity", "temperature",
    }  # fmt: skip
