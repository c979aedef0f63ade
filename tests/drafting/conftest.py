"""Drafting with recorded replies, and snapshots of what was asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drafting.recorded import Drafted, drafted


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Drafted]:
    """A recording's draft by name; each is made once."""
    kept: dict[str, Drafted] = {}

    def make(name: str) -> Drafted:
        if name not in kept:
            kept[name] = drafted(name, tmp_path_factory.mktemp(name))
        return kept[name]

    return make


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare with a stored text; UPDATE_SNAPSHOTS=1 stores it."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "snapshots" / name
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
