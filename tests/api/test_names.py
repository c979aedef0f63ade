"""The front of the package: few names, all real, nothing loaded before it is wanted."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import slackincidents
from slackincidents import errors
from tests.source import ROOT

HEAVY = ("pydantic", "jinja2", "openai", "slack_sdk", "typer", "rich", "pandas", "IPython")


def loaded_after(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", slackincidents.__all__)
def test_every_name_is_there(name: str) -> None:
    """What `__all__` promises can be fetched, and is listed."""
    assert getattr(slackincidents, name)
    assert name in dir(slackincidents)


def test_there_are_few_names() -> None:
    """Few enough to read in one go, each once."""
    names = slackincidents.__all__
    assert len(set(names)) == len(names) < 35


def test_type_checkers_see_the_same_names() -> None:
    """The imports that only a type checker runs are those of `__all__`, from the same modules."""
    tree = ast.parse(Path(slackincidents.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("slackincidents.")
        for alias in node.names
    }
    assert set(seen) == set(slackincidents.__all__) - {"__version__"}
    homes = {name: f"slackincidents.{home}" for name, home in vars(slackincidents)["_HOME_OF"].items()}
    assert {name: homes[name] for name in seen} == seen


def test_a_name_that_is_not_there() -> None:
    """A misspelt name is an AttributeError, as with any module."""
    with pytest.raises(AttributeError, match="generat"):
        getattr(slackincidents, "generat")  # noqa: B009 - a type checker would refuse it


def test_the_import_loads_nothing() -> None:
    """`import slackincidents` costs almost nothing."""
    assert loaded_after("import slackincidents").isdisjoint(HEAVY)


def test_generating_loads_no_client() -> None:
    """An incident can be made without the Slack and model clients, the command line and pandas."""
    code = "import slackincidents; slackincidents.generate('cache-failure', pace='brief')"
    assert loaded_after(code).isdisjoint({"openai", "slack_sdk", "typer", "rich", "pandas", "IPython"})


def test_every_error_has_an_exit_code() -> None:
    """1, 2 or 3, and a hint that `str` shows."""
    kinds = [slackincidents.SlackIncidentsError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        assert kind.exit_code in {1, 2, 3}
    assert str(errors.UsageError("what", "how.")) == "what. how."
