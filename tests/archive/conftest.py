"""Incidents to export, and exports to read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import load
from tests.archive.rules import JsonLike

Members = dict[str, JsonLike | bytes]
Pack = Callable[..., Path]


@pytest.fixture(scope="session")
def shipped() -> tuple[Incident, ...]:
    """The thirteen."""
    return tuple(load(path) for path in Library().incident_files())


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Make a ZIP of names and what lies there: bytes as they are, everything else as JSON."""

    def make(members: Members, name: str = "export.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content if isinstance(content, bytes) else json.dumps(content))
        return path

    return make
