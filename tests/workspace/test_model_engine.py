"""Histories whose incidents a model writes: call by call, or in batches, with the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from slackincidents.chat import opening_batch
from slackincidents.clock import FakeClock
from slackincidents.schema.workspace import Mix, Order
from slackincidents.settings import Settings
from slackincidents.workspace.engines import Here
from slackincidents.workspace.making import make, making_of
from slackincidents.workspace.model_engine import Line, Modelled
from slackincidents.workspace.shards import Manifest, manifest_of, records
from slackincidents.writer.opening import OpenAIWriter
from tests.chat.asking import CANARY
from tests.chat.batch_server import BatchServer, Conduct, serving_batches
from tests.cli.conftest import Cli, cli
from tests.pipeline.answers import dull
from tests.source import ROOT
from tests.workspace.histories import workshop

__all__ = ["cli"]
ORDER = Order(seed="9", start=date(2025, 3, 3), days=2, mix=Mix(incidents=4, noise=12, deploys=2, talk=2))
SIZE = 12


@pytest.fixture
def server() -> Iterator[BatchServer]:
    """An endpoint for both ways of asking, which wants a key."""
    with serving_batches(Conduct(answer=dull, key=CANARY)) as running:
        yield running


def author(base_url: str, replies: Path) -> OpenAIWriter:
    """The writer of these tests."""
    settings = Settings(openai_api_key=SecretStr(CANARY), openai_base_url=base_url)
    return OpenAIWriter(model="some-model", replies=replies, settings=settings)


def in_batches(folder: Path, base_url: str, replies: Path, at_once: int = 100, *, out_loud: bool = False) -> Manifest:
    """The history, told in batches by a clock that jumps; out loud, by the real one, with a line for each batch."""
    by = author(base_url, replies)

    def opened() -> AbstractAsyncContextManager[Line]:
        return by.batch_chat(tell=say) if out_loud else by.batch_chat(clock=FakeClock())

    return told_by(folder, by, Modelled(workshop(), opened, lambda chat: by.over(chat, workshop().library), at_once))


def say(line: str) -> None:
    """To whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def call_by_call(folder: Path, base_url: str, replies: Path) -> Manifest:
    """The history, told by the ordinary chat."""
    by = author(base_url, replies)
    return told_by(folder, by, Modelled(workshop(), by.chat, lambda chat: by.over(chat, workshop().library), 4))


def told_by(folder: Path, by: OpenAIWriter, engine: Modelled) -> Manifest:
    """The history of these tests, in small shards."""
    making = making_of(workshop(), ORDER, SIZE).model_copy(update={"writer": "openai", "model": by.model})
    return make(folder, workshop(), making, engine)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a history."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_both_ways_give_the_same_bytes(server: BatchServer, tmp_path: Path) -> None:
    """A history in batches is the one that the ordinary chat makes, each with a store of its own, byte for byte."""
    in_batches(tmp_path / "a", server.base_url, tmp_path / "one")
    assert server.asked == 0
    call_by_call(tmp_path / "b", server.base_url, tmp_path / "two")
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert server.asked == sum(server.sizes)
    real = [record for record in records(tmp_path / "a") if record.provenance and record.provenance.writer == "openai"]
    assert len(real) >= 5
    assert len(manifest_of(tmp_path / "a").shards) > 2


def test_rounds_are_large(server: BatchServer, tmp_path: Path) -> None:
    """Every incident asks in each round: as many rounds as the longest incident has calls, not one a call."""
    in_batches(tmp_path / "a", server.base_url, tmp_path / "replies")
    longest, incidents = len(server.sizes), server.sizes[0]
    assert incidents >= 5
    assert sum(server.sizes) > 2 * longest
    assert server.sizes == sorted(server.sizes, reverse=True)


@pytest.mark.parametrize("at_once", [1, 3])
def test_the_size_of_a_wave_decides_no_byte(server: BatchServer, tmp_path: Path, at_once: int) -> None:
    """Few incidents at a time make the same history of the same replies, and nothing is paid twice."""
    in_batches(tmp_path / "a", server.base_url, tmp_path / "replies")
    sent = list(server.sizes)
    in_batches(tmp_path / "b", server.base_url, tmp_path / "replies", at_once)
    assert server.sizes == sent
    in_batches(tmp_path / "c", server.base_url, tmp_path / "others", at_once)
    assert max(server.sizes[len(sent) :]) == at_once
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b") == bytes_of(tmp_path / "c")


def test_a_history_without_incidents_asks_nothing(server: BatchServer, tmp_path: Path) -> None:
    """What no model writes is told offline: the same shards, and no batch."""
    quiet = Order(seed="1", start=date(2025, 3, 3), days=2, mix=Mix(incidents=0, noise=20, deploys=3, talk=3))
    by = author(server.base_url, tmp_path / "replies")
    engine = Modelled(workshop(), by.batch_chat, lambda chat: by.over(chat, workshop().library), 5)
    making = making_of(workshop(), quiet, SIZE)
    told = make(tmp_path / "a", workshop(), making, engine)
    assert told == make(tmp_path / "b", workshop(), making, Here(workshop()))
    assert server.sizes == []


def test_killed_while_it_waits_it_goes_on_with_the_same_batch(tmp_path: Path) -> None:
    """Killed with -9 when the first batch is under way: the next run waits for that batch, and pays nothing twice."""
    folder, replies = tmp_path / "h", tmp_path / "replies"
    with serving_batches(Conduct(answer=dull, key=CANARY)) as server:
        script = (
            "import sys; from pathlib import Path; from tests.workspace.test_model_engine import in_batches; "
            "in_batches(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), out_loud=True)"
        )
        command = [sys.executable, "-c", script, str(folder), server.base_url, str(replies)]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        assert "questions sent" in running.stdout.readline()
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
        assert len(server.sizes) == 1
        first = server.sizes[0]
        in_batches(folder, server.base_url, replies)
        assert server.sizes[0] == first
        assert server.endpoint.looks[0] == "batch_000"
        assert set(server.endpoint.paid.values()) == {1}
        assert sum(server.sizes) == len(server.endpoint.paid)
        call_by_call(tmp_path / "b", server.base_url, replies)
        assert server.asked == 0
    assert bytes_of(folder) == bytes_of(tmp_path / "b")
    assert not list((replies / "batches").glob("*.json"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


@pytest.fixture
def configured(server: BatchServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BatchServer:
    """The environment names the endpoint, and hours pass at once."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setattr(opening_batch, "SystemClock", FakeClock)
    return server


SMALL = ("workspace", "--days", 2, "--seed", 3, "--incidents", 2, "--noise", 5, "--writer", "openai", "--model", "m")


def test_the_command_line_tells_in_batches(cli: Cli, configured: BatchServer, tmp_path: Path) -> None:
    """`--engine batch` and `--engine local` make one history; what was paid is said; the folder says what it is of."""
    ran = cli(*SMALL, "--engine", "batch", "--replies", "one", "-o", "a")
    assert ran.code == 0, ran.err
    assert configured.asked == 0
    assert f"{sum(configured.sizes)} replies paid for" in ran.err
    assert "batch_000: completed" in ran.err
    assert CANARY not in ran.err + ran.out
    again = cli(*SMALL, "--engine", "local", "--replies", "one", "-o", "b")
    assert again.code == 0, again.err
    assert "0 replies paid for (0 tokens)" in again.err
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    noted = json.loads((tmp_path / "a" / "workspace.json").read_text())
    assert (noted["writer"], noted["model"], noted["granularity"]) == ("openai", "m", "scene")
    assert noted["prompts_sha256"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--engine", "batch", "--writer", "offline"), "--engine batch asks a model"),
        (("--engine", "ray"), "--engine ray tells offline only"),
    ],
)
def test_what_does_not_go_together_is_said(cli: Cli, configured: BatchServer, more: tuple[str, ...], said: str) -> None:
    """Before anything is written or asked."""
    ran = cli(*SMALL, "-o", "a", *more)
    assert ran.code == 2
    assert said in ran.complaint
    assert configured.sizes == []
    assert not Path("a").exists()


def test_another_writer_is_another_history(cli: Cli, configured: BatchServer) -> None:
    """A folder that a model wrote is not gone on with offline, or with another model."""
    assert cli(*SMALL, "--engine", "batch", "--replies", "one", "-o", "a").code == 0
    for more, said in ((("--model", "n"), "model m, now it is n"), (("--writer", "offline"), "writer openai")):
        ran = cli(*SMALL, "--replies", "one", "-o", "a", *more)
        assert ran.code == 2
        assert said in ran.complaint


def test_a_spent_budget_keeps_what_was_paid(cli: Cli, configured: BatchServer, tmp_path: Path) -> None:
    """The run stops before more is sent than allowed; with more allowed it goes on, and nothing is paid twice."""
    ran = cli(*SMALL, "--engine", "batch", "--replies", "one", "-o", "a", "--max-tokens-total", 20_000)
    assert ran.code == 3
    assert "tokens are spent" in ran.err
    ran = cli(*SMALL, "--engine", "batch", "--replies", "one", "-o", "a")
    assert ran.code == 0, ran.err
    assert set(configured.endpoint.paid.values()) == {1}
