"""`slackincidents generate` with a model behind a server that really listens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents.api import load
from tests.chat.server import Behaviour, Server, serving
from tests.cli.conftest import Cli
from tests.pipeline.answers import dull

KEY = "sk-canary-5f1d"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """An endpoint that wants a key, and a folder for replies."""
    with serving(Behaviour(answer=dull, key=KEY)) as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_MODEL", "some-model")
        monkeypatch.setenv("SLACKINCIDENTS_CACHE", str(tmp_path / "replies"))
        yield running


def test_a_model_writes_where_a_key_is_set(cli: Cli, server: Server, tmp_path: Path) -> None:
    """With a key, `auto` asks the model; the file says which one wrote, and what it cost; stderr too."""
    ran = cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json")
    assert ran.code == 0, ran.err
    origin = load(tmp_path / "one.json").provenance
    assert origin is not None
    assert (origin.writer, origin.model) == ("openai", "some-model")
    assert origin.usage["calls"] == len(server.ledger) > 0
    assert re.search(r"^\d+ calls paid \([\d,]+ tokens\), 0 found in store; \d+ messages written again", ran.err, re.M)


def test_nothing_is_paid_twice(cli: Cli, server: Server, tmp_path: Path) -> None:
    """The same call again asks nothing and writes the same bytes."""
    cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json")
    asked = len(server.ledger)
    ran = cli("generate", "kafka-lag", "--seed", 1, "-o", "two.json")
    assert len(server.ledger) == asked
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert f"0 calls paid (0 tokens), {asked} found in store" in ran.err


def test_offline_asks_nobody(cli: Cli, server: Server) -> None:
    """`--writer offline` sends nothing, key or no key."""
    assert cli("generate", "kafka-lag", "--seed", 1, "--writer", "offline", "-o", "x.json").code == 0
    assert list(server.ledger) == []


def test_an_estimate_sends_nothing(cli: Cli, server: Server, tmp_path: Path) -> None:
    """`--estimate` names calls and tokens, asks nobody and writes nothing; the calls are those that will be made."""
    ran = cli("generate", "kafka-lag", "--seed", 1, "--estimate")
    assert ran.code == 0
    assert list(server.ledger) == []
    assert [path for path in tmp_path.iterdir() if path.suffix == ".json"] == []
    calls = int(re.search(r"^calls +(\d+)$", ran.out, re.M)[1])  # type: ignore[index]
    cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json")
    assert calls <= len(server.ledger)


def test_the_budget_stops_and_the_run_goes_on(cli: Cli, server: Server, tmp_path: Path) -> None:
    """At the limit it stops with the way on; what was finished is whole, and going on pays for nothing again."""
    words = ("generate", "kafka-lag", "--seed", 1, "--variants", 3, "-o", "out", "--concurrency", 1)
    ran = cli(*words, "--max-tokens-total", 16_000)
    assert ran.code == 3
    assert "--resume" in ran.err
    paid = {entry.key for entry in server.ledger if entry.completed}
    assert len(paid) > 0
    ran = cli(*words, "--resume")
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in (tmp_path / "out").glob("*.json")) == [f"kafka-lag-{n}.json" for n in (1, 2, 3)]
    keys = [entry.key for entry in server.ledger if entry.completed]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("more", "names"),
    [
        (("--model", "other-model"), ("model", "'some-model'", "'other-model'")),
        (("--granularity", "turn"), ("granularity", "'scene'", "'turn'")),
        (("--temperature", 0.5), ("temperature", "none", "0.5")),
        (("--pace", "brief"), ("pace", "'real'", "'brief'")),
        (("--writer", "offline"), ("writer", "'openai'", "'offline'")),
        (("--change", "commander=none"), ("change", "{}", "commander")),
    ],
)
def test_resume_refuses_another_configuration(
    cli: Cli, server: Server, more: tuple[object, ...], names: tuple[str, ...]
) -> None:
    """A run folder of another configuration is refused; the one line names the field, then and now."""
    words = ("generate", "kafka-lag", "--seed", 1, "--variants", 2, "-o", "out")
    assert cli(*words).code == 0
    asked = len(server.ledger)
    ran = cli(*words, "--resume", *more)
    assert ran.code == 2
    assert all(name in ran.complaint for name in names), ran.err
    assert len(server.ledger) == asked


def test_resume_clears_what_a_killed_run_was_writing(cli: Cli, tmp_path: Path) -> None:
    """A half-written neighbour that kill -9 left is gone after going on; finished files are not touched."""
    words = ("generate", "kafka-lag", "--seed", 1, "--variants", 2, "-o", "out", "--writer", "offline")
    cli(*words)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "out" / ".kafka-lag-2.json.ab12cd.part").write_text("{")
    (tmp_path / "out" / "kafka-lag-2.json").unlink()
    assert cli(*words, "--resume").code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_resume_needs_a_run(cli: Cli, tmp_path: Path) -> None:
    """A folder with files of somebody else is no run, and without a folder there is nothing to resume."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    ran = cli("generate", "kafka-lag", "--variants", 2, "-o", "mine", "--resume")
    assert ran.code == 2
    assert "not a run" in ran.complaint
    assert cli("generate", "kafka-lag", "--resume").code == 2


def test_no_key_is_one_clear_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without key or model the line says what to set."""
    ran = cli("generate", "kafka-lag", "--writer", "openai", "--model", "m")
    assert ran.code == 2
    assert "OPENAI_API_KEY" in ran.complaint


def test_a_wrong_key_is_refused_and_not_shown(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A key that is not accepted ends with exit 2; no key stands in any output or file."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-77aa")
    ran = cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json")
    assert ran.code == 2
    everything = ran.err + ran.out + "".join(p.read_text() for p in tmp_path.rglob("*") if p.is_file())
    assert "sk-wrong-77aa" not in everything
    assert KEY not in everything


def test_strict_fails_where_the_model_fails(cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --strict nothing is filled in: exit 1, the finding, and no file."""
    with serving(Behaviour(answer=lambda _: "I cannot help with that.")) as mute:
        monkeypatch.setenv("OPENAI_BASE_URL", mute.base_url)
        ran = cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json", "--strict", "--model", "mute")
        assert ran.code == 1
        assert "has no text" in ran.err
        ran = cli("generate", "kafka-lag", "--seed", 1, "-o", "one.json", "--model", "mute")
        assert ran.code == 0
        assert re.search(r"\d+ by the offline writer", ran.err)
