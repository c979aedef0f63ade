"""What is shipped works where nothing else is: an empty environment, an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.slow

FOLDERS = ("prompts", "personas", "scenarios", "evals/references")
UNWANTED = {".venv", ".cache", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".env"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel built from that archive."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT))
    return folder


@pytest.fixture(scope="module")
def installed(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an empty environment that got only the wheel."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, str(only(shipped, "*.whl")))
    return scripts


def run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; its words when it fails."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def only(folder: Path, pattern: str) -> Path:
    """The one file that matches."""
    (found,) = folder.glob(pattern)
    return found


def outside() -> dict[str, str]:
    """The environment without anything that leads back to the checkout."""
    leading = ("PYTHON", "SLACK", "OPENAI", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(leading)}


def data_files() -> set[str]:
    """Every data file of the checkout that must be in the wheel."""
    return {
        path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()
    }


def test_the_wheel_holds_all_data(shipped: Path) -> None:
    """Prompts, personas, scenarios and references lie under ``_data``; tests and caches do not come along."""
    names = set(zipfile.ZipFile(only(shipped, "*.whl")).namelist())
    assert {f"slackincidents/_data/{name}" for name in data_files()} <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"slackincidents"}


def test_the_source_archive_is_complete_and_clean(shipped: Path) -> None:
    """Everything needed to build and test is in it, and no environment or cache."""
    with tarfile.open(only(shipped, "*.tar.gz")) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert data_files() <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", ".ci/run", "tests/test_wheel.py"} <= names
    assert [name for name in names if UNWANTED & set(name.split("/"))] == []


def test_it_generates_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """The command of a bare installation makes an incident where there is nothing."""
    command = (str(installed / "slackincidents"), "generate", "cache-failure", "--seed", "7", "-o", "out.json")
    run(*command, cwd=tmp_path, env=outside())
    incident = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert incident["scenario_type"] == "cache-failure"
    assert incident["labels"]["root_cause"]["service"]


def test_an_installation_gives_the_same_bytes(installed: Path, tmp_path: Path) -> None:
    """The installed package and the checkout agree on every byte."""
    code = "import sys, slackincidents; sys.stdout.write(slackincidents.generate('kafka-lag', seed=3).to_json())"
    there = run(str(installed / "python"), "-c", code, cwd=tmp_path, env=outside())
    assert there == run(sys.executable, "-c", code, cwd=tmp_path, env=outside())
    code = "from slackincidents.library import data_root; print(data_root())"
    assert "_data" in run(str(installed / "python"), "-c", code, cwd=tmp_path, env=outside())
