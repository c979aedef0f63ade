"""`slackincidents workspace` as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.cli import main

SMALL = ["--days", "1", "--incidents", "1", "--noise", "5", "--workers", "1"]


def test_a_day_is_made_gone_on_with_and_checked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Made, asked for again, validated: exit 0, the same hash, clean."""
    folder = str(tmp_path / "h")
    assert main(["workspace", *SMALL, "-o", folder]) == 0
    first = capfd.readouterr().out
    assert "sha256 " in first
    assert main(["workspace", *SMALL, "-o", folder]) == 0
    assert capfd.readouterr().out == first
    assert main(["validate", folder]) == 0
    assert "clean" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--start", "tomorrow"], "'tomorrow' is not a day"),
        (["--holiday", "x"], "'x' is not a day"),
        (["--scenario", "cache-failur"], "cache-failure"),
        (["--engine", "rat"], "ray"),
        (["--incidents", "99"], "--incidents 99"),
    ],
)
def test_bad_words_get_one_clear_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    """The thing, the value and the near name; exit 2, and nothing is made."""
    assert main(["workspace", *SMALL, *words, "-o", str(tmp_path / "h")]) == 2
    assert why in capfd.readouterr().err
    assert not (tmp_path / "h").exists()


def test_another_history_is_no_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The folder of one is refused for another, with what differs."""
    folder = str(tmp_path / "h")
    assert main(["workspace", *SMALL, "-o", folder]) == 0
    assert main(["workspace", *SMALL, "--seed", "2", "-o", folder]) == 2
    assert "seed 0, now it is 2" in capfd.readouterr().err


def test_silence_that_bodies_force_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where more noise stays unanswered than asked for, the run says how much and why; else it says nothing of it."""
    words = ["workspace", "--days", "1", "--incidents", "0", "--workers", "1", "--unanswered", "0"]
    assert main([*words, "--noise", "1200", "-o", str(tmp_path / "loud")]) == 0
    told = capfd.readouterr().err
    assert "of it nobody answered, 0% were asked for" in told
    assert main([*words, "--noise", "20", "-o", str(tmp_path / "calm")]) == 0
    assert "nobody answered" not in capfd.readouterr().err
