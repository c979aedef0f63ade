"""Running the command line: in this process, or as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from slackincidents.cli import main
from slackincidents.library import data_root
from tests.source import ROOT


@dataclass(frozen=True)
class Ran:
    """What a command line gave back."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr. Fails when there is none, or more, or a traceback."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("error: ")
        return lines[0].removeprefix("error: ")


Cli = Callable[..., Ran]
PROGRAM = (sys.executable, "-m", "slackincidents")


def environment(**more: str) -> dict[str, str]:
    """The environment of a program of its own, which finds this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **more}


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command line in an empty folder, which is `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        streams = capsys.readouterr()
        return Ran(code, streams.out, streams.err)

    return call


@pytest.fixture
def program(tmp_path: Path) -> Cli:
    """Run the command line as a program of its own, in `tmp_path`."""

    def call(*words: object, **more: str) -> Ran:
        line = [*PROGRAM, *map(str, words)]
        done = subprocess.run(
            line, cwd=tmp_path, env=environment(**more), capture_output=True, text=True, encoding="utf-8", check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def library_people() -> dict[str, object]:
    """Our personas, as plain JSON to spoil."""
    found = json.loads((data_root() / "personas" / "personas.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def made(cli: Cli, tmp_path: Path) -> Path:
    """An incident file."""
    assert cli("generate", "cache-failure", "--seed", 3, "-o", "made.json").code == 0
    return tmp_path / "made.json"
