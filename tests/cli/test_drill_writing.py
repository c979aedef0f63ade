"""The drill with colleagues whose words come from a model behind a server that really listens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents.api import load
from tests.chat.server import Behaviour, Server, serving
from tests.cli.conftest import Cli
from tests.pipeline.answers import dull

KEY = "sk-canary-77aa"
SCRIPT = "ack\nlook dashboard\ntell\nsay what do you think? @bob\nwait 10m\nquit\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """An endpoint that wants a key, and the script of a drill."""
    (tmp_path / "script.txt").write_text(SCRIPT, encoding="utf-8")
    with serving(Behaviour(answer=dull, key=KEY)) as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_MODEL", "some-model")
        monkeypatch.setenv("SLACKINCIDENTS_CACHE", str(tmp_path / "replies"))
        yield running


def kept(folder: Path) -> dict[str, str]:
    """The stored lines of the model."""
    lines = (folder / "lines.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["beat"]: one["text"] for one in map(json.loads, lines)}


def test_a_model_speaks_for_the_colleagues(cli: Cli, server: Server, tmp_path: Path) -> None:
    """What it said is on the screen, stored, and in a transcript that validates; what was typed stands as typed."""
    ran = cli("drill", "--script", "script.txt", "--writer", "openai", "-o", "kept", "--no-debrief")
    assert ran.code == 1, ran.err
    said = kept(tmp_path / "kept")
    incident = load(tmp_path / "kept" / "incident.json")
    assert said
    assert len(server.ledger) > 0
    texts = {event.text for event in incident.timeline}
    assert set(said.values()) <= texts
    assert all(" ".join(text.split()[:3]) in ran.out for text in said.values())
    assert "what do you think? @bob" in texts
    assert (incident.provenance and incident.provenance.writer) == "openai"
    assert cli("validate", "kept/incident.json").code == 0
    for path in (tmp_path / "kept").iterdir():
        assert KEY not in path.read_text(encoding="utf-8")


def test_lines_that_were_shown_stay(cli: Cli, server: Server, tmp_path: Path) -> None:
    """Taken up again it asks for nothing that was said already, and writes the same transcript."""
    cli("drill", "--script", "script.txt", "--writer", "openai", "-o", "kept", "--no-debrief")
    before = (tmp_path / "kept" / "incident.json").read_bytes()
    asked = len(server.ledger)
    (tmp_path / "kept" / "incident.json").unlink()
    cli("drill", "--resume", "kept", "--script", "script.txt", "--writer", "openai", "--no-debrief")
    assert len(server.ledger) == asked
    assert (tmp_path / "kept" / "incident.json").read_bytes() == before


def test_a_key_that_is_not_accepted_ends_it(
    cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 2, and the key in no output; the drill can be taken up with another."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-wrong-41d7")
    ran = cli("drill", "--script", "script.txt", "--writer", "openai", "-o", "kept", "--no-debrief")
    assert ran.code == 2
    assert "sk-canary-wrong-41d7" not in ran.err + ran.out
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    again = cli("drill", "--resume", "kept", "--script", "script.txt", "--writer", "openai", "--no-debrief")
    assert again.code == 1, again.err
    assert kept(tmp_path / "kept")
