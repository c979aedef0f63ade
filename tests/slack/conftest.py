"""Stand-ins for Slack: one of our own, and the third-party server behind the same rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import REQUIRE_ALL
from tests.slack.emulator import Missing, installed
from tests.slack.pretend import pretended
from tests.slack.proxy import emulated
from tests.slack.scene import SHOP, Scene
from tests.slack.stand import Stand

Opener = Callable[..., Stand]


@pytest.fixture(scope="session")
def emulator_program() -> Path:
    """The third-party server; without it the test is skipped, or fails when REQUIRE_ALL is 1."""
    try:
        return installed()
    except Missing as missing:
        if REQUIRE_ALL:
            pytest.fail(f"REQUIRE_ALL=1, but: {missing}")
        pytest.skip(str(missing))


@pytest.fixture(params=["pretend", "emulator"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens a stand-in on a scene: once each test on ours, once on the third-party server."""
    with ExitStack() as stack:

        def start(scene: Scene = SHOP, *, interval: float | None = None) -> Stand:
            if request.param == "pretend":
                return stack.enter_context(pretended(scene, interval=interval))
            program: Path = request.getfixturevalue("emulator_program")
            return stack.enter_context(emulated(program, scene, interval=interval))

        yield start


@pytest.fixture
def stand(opened: Opener) -> Stand:
    """A stand-in on the usual scene, without limits of pace; each test runs on both kinds."""
    return opened()


@pytest.fixture
def fast_stand() -> Iterator[Stand]:
    """A stand-in of our own only."""
    with pretended() as one:
        yield one
