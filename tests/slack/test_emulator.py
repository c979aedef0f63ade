"""The third-party server is the one that was pinned, and nobody else can reach it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.slack.emulator import HERE, VERSION, Emulator
from tests.slack.scene import SHOP


def test_the_version_is_pinned() -> None:
    """One exact version in both files, a checksum for everything it needs, and no address to load it from."""
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert package["dependencies"] == {"emulate": VERSION}
    assert packages["node_modules/emulate"]["version"] == VERSION
    assert all(one.get("integrity", "").startswith("sha512-") for name, one in packages.items() if name)
    assert not any("resolved" in one for one in packages.values())


def test_it_listens_on_this_machine_only(emulator_program: Path) -> None:
    """The address that the server itself reports is the loopback one."""
    with Emulator(emulator_program, SHOP) as emulator:
        assert emulator.address.startswith("http://127.0.0.1:")
