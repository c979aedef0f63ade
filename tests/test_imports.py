"""Importing the package is cheap, and loads no service's client."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

REPEATS = 9
MOST_TIMES_PYDANTIC = 2.0

TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
LOADED = "import sys; {}; print(*sys.modules, sep='\\n')"
HEAVY = ("openai", "slack_sdk", "IPython", "pandas", "ray", "typer", "rich", "tenacity")


def output(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def best_pairs(one: str, other: str) -> Iterator[tuple[float, float]]:
    """Seconds of both statements, measured in turns so that a busy machine slows both."""
    for _ in range(REPEATS):
        yield float(output(TIMED.format(one))), float(output(TIMED.format(other)))


def test_importing_costs_at_most_two_pydantics() -> None:
    """The best time of several beside the best time of ``import pydantic``; the rest loads on first use."""
    ours, theirs = zip(*best_pairs("import slackincidents", "import pydantic"), strict=True)
    assert min(ours) <= MOST_TIMES_PYDANTIC * min(theirs), f"{min(ours):.3f} s against {min(theirs):.3f} s"


@pytest.mark.parametrize("statement", ["import slackincidents", "from slackincidents import generate"])
def test_importing_loads_no_client(statement: str) -> None:
    """The clients of services, the notebook and the command line load only when they are used."""
    roots = {name.split(".")[0] for name in output(LOADED.format(statement)).split()}
    assert roots.isdisjoint(HEAVY), sorted(roots & set(HEAVY))


def test_generating_offline_loads_no_client() -> None:
    """An incident from the offline writer never touches the clients of services."""
    code = "import slackincidents; slackincidents.generate('cache-failure', seed=7, pace='brief')"
    roots = {name.split(".")[0] for name in output(LOADED.format(code)).split()}
    assert roots.isdisjoint(("openai", "slack_sdk", "httpx", "aiohttp", "requests")), sorted(roots)
