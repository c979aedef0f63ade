"""What every test shares: seeds, the browser, slow tests."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

from slackincidents.library import USER_FOLDER, Library
from slackincidents.seeds import Seed
from slackincidents.settings import CHANNEL, GROUP, VARIABLES

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
"""Set in CI: what is missing fails instead of being skipped, and slow tests run."""

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Slow tests on request."""
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow tests out unless asked for."""
    if REQUIRE_ALL or config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow or REQUIRE_ALL=1"))


@pytest.fixture(autouse=True)
def no_user_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user of this machine has configured changes no test."""
    ours = {USER_FOLDER, *VARIABLES}
    for name in [name for name in os.environ if name in ours or name.startswith((CHANNEL, GROUP))]:
        monkeypatch.delenv(name)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> Seed:
    """A seed of the test's own: the same in every run, another one for every test."""
    return Seed(request.node.nodeid)


@pytest.fixture(scope="session")
def library() -> Library:
    """The library that ships."""
    return Library()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; without it the test is skipped, or fails when REQUIRE_ALL is 1."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if REQUIRE_ALL:
            pytest.fail("REQUIRE_ALL=1, but there is no chromium")
        pytest.skip("needs chromium")
    return found
