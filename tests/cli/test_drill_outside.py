"""`drill --slack` and `drill --webhook`: nothing leaves the machine unless it is said twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents.cli import main
from slackincidents.cli.drill_slack import InSlack
from slackincidents.drills.debrief import Debrief
from slackincidents.drills.sitting import Sitting

HOOK = "https://hooks.slack.com/services/T000/B000/secret"


@pytest.fixture(autouse=True)
def no_slack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No token, no channel, no .env."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TEST_CHANNEL_OVERRIDE", "SLACK_WORKSPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def script(folder: Path) -> str:
    """The lab's scenario A."""
    path = folder / "a.txt"
    path.write_text("ack\nrestart\n")
    return str(path)


def test_a_webhook_is_dry_without_yes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The alert of the lab's first challenge is shown as it would be sent, and the address is not."""
    code = main(["drill", "--script", script(tmp_path), "-o", str(tmp_path / "d"), "--peers", "0", "--webhook", HOOK])
    out, err = capfd.readouterr()
    assert code == 0
    assert "🚨 Alert! Database Connection Failed (paging Alice Chen)" in out + err
    assert "nothing was posted" in out + err
    assert "secret" not in out + err
    assert not [path for path in (tmp_path / "d").rglob("*") if path.is_file() and b"secret" in path.read_bytes()]


def test_slack_needs_a_channel(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Without one there is nowhere to hold it."""
    assert main(["drill", "--slack", "-o", str(tmp_path / "d")]) == 2
    assert "no channel to hold the drill in" in capfd.readouterr().err


def test_slack_and_a_script_do_not_go_together(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In a channel people type."""
    assert main(["drill", "--slack", "--script", script(tmp_path)]) == 2
    assert "--slack is for people in a channel" in capfd.readouterr().err


def test_the_debrief_in_slack_compares_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted is the debrief of the terminal: beside simulated responders and one's earlier drills."""
    main(["drill", "--script", script(tmp_path), "-o", str(tmp_path / "first"), "--peers", "0"])
    posted: list[Debrief] = []

    def held(wanted: InSlack, sitting: Sitting, *_: object, closing: Callable[[], Debrief], **__: object) -> bool:
        for _ in sitting.input_ended():
            pass
        posted.append(closing())
        return True

    monkeypatch.setattr("slackincidents.cli.drill.drill_in_slack", held)
    main(["drill", "--slack", "--channel", "drill", "-o", str(tmp_path / "second"), "--peers", "4"])
    (made,) = posted
    assert made.peers is not None
    assert made.peers.count == 4
    assert made.history is not None
    kept = (tmp_path / "second" / "debrief.json").read_text(encoding="utf-8")
    assert kept == made.to_json()
