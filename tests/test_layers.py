"""Imports point down, siblings do not know each other, and foreign packages stay in their adapters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from tests.source import Module, modules

LAYERS = (
    ("errors", "seeds", "tellings", "files", "clock"),
    ("schema", "settings"),
    ("archive",),
    ("library", "render", "chat", "knowledge"),
    ("incident",),
    ("planner", "writer", "validator", "assembly", "sinks", "realism", "stats", "tasks"),
    ("pipeline",),
    ("regeneration",),
    ("api", "delivery", "drafting", "drills", "workspace"),
    ("__init__", "__main__", "cli", "notebook", "frames"),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}

ACQUAINTED = {
    ("files", "errors"),  # the error tree is below everything
    ("tellings", "errors"),
    ("__main__", "cli"),  # python -m slackincidents is the command line
    ("__init__", "frames"),  # the front re-exports; the command line and the notebook use what it shows
    ("cli", "__init__"),
    ("cli", "frames"),
    ("notebook", "__init__"),
    ("notebook", "frames"),
}
"""Siblings that may know each other, as (who imports, what)."""

ADAPTERS = {
    "openai": ("slackincidents/chat/openai*.py",),
    "slack_sdk": ("slackincidents/sinks/slack*.py",),
    "IPython": ("slackincidents/notebook.py",),
    "ray": ("slackincidents/workspace/*ray*.py",),
    "pyarrow": ("slackincidents/workspace/out_parquet*.py",),
    "pandas": ("slackincidents/frames.py", "slackincidents/notebook.py"),
    "typer": ("slackincidents/cli/*.py",),
    "numpy": ("slackincidents/realism/*.py",),
    "scipy": ("slackincidents/realism/*.py",),
    "sklearn": ("slackincidents/realism/*.py",),
    "yaml": ("slackincidents/tasks/*.py",),
    "prompt_toolkit": ("slackincidents/cli/drill*.py",),
}
"""The only modules that may import a foreign package."""

FACTORIES = {
    "slackincidents/chat/opening.py": 2,
    "slackincidents/chat/opening_batch.py": 3,
    "slackincidents/sinks/opening.py": 2,
    "slackincidents/realism/opening.py": 1,
    "slackincidents/sinks/opening_live.py": 2,
    "slackincidents/tasks/opening.py": 1,
    "slackincidents/workspace/opening.py": 2,
}
"""The modules that may load something late, with the number of places: a client that most users never need."""

PARTS = {module.name.split(".")[1] for module in modules() if "." in module.name}


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a module imports, at any depth."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(module, node)
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """The dotted name a ``from`` import starts at."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.path.stem == "__init__" else module.name.split(".")[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


def part_of(name: str) -> str:
    """The part of the package a dotted name belongs to; its front is ``__init__``."""
    pieces = name.split(".")
    return pieces[1] if len(pieces) > 1 and pieces[1] in PARTS | set(LEVEL) else "__init__"


def offences(module: Module) -> Iterator[str]:
    """Every import of a module that points up or sideways."""
    own = part_of(module.name)
    for line, name in imported(module):
        if name.split(".")[0] != "slackincidents":
            continue
        other = part_of(name)
        if other == own or (own, other) in ACQUAINTED:
            continue
        if LEVEL[other] >= LEVEL[own]:
            yield f"{module.place}:{line}: {own} (layer {LEVEL[own]}) imports {other} (layer {LEVEL[other]})"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_imports_point_down(module: Module) -> None:
    """A module imports only what lies in a lower layer."""
    assert list(offences(module)) == []


def test_every_part_has_a_layer() -> None:
    """A new part of the package is put into a layer on purpose."""
    assert sorted(PARTS - set(LEVEL)) == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_foreign_packages_stay_in_their_adapters(module: Module) -> None:
    """Only the adapter of a service knows the service's package."""
    strays = [
        f"{module.place}:{line}: {name}"
        for line, name in imported(module)
        if (root := name.split(".")[0]) in ADAPTERS
        and not any(fnmatch(module.place, place) for place in ADAPTERS[root])
    ]
    assert strays == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_no_import_hides_in_a_function(module: Module) -> None:
    """What a module needs stands at its top; a factory may put off loading the one client that it opens."""
    hidden = sorted(
        {
            f"{module.place}:{node.lineno}"
            for function in ast.walk(module.tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )
    assert len(hidden) <= FACTORIES.get(module.place, 0), hidden


def test_the_rule_sees_an_upward_import() -> None:
    """The check is not blind: an import from a lower to a higher layer is found, relative ones too."""
    schema = next(module for module in modules() if module.name == "slackincidents.schema.base")
    tree = ast.parse("from slackincidents.planner import plan_incident\nfrom ..writer.base import Writer\n")
    found = list(offences(Module(schema.path, "", tree)))
    assert len(found) == 2
    assert "imports planner" in found[0]
    assert "imports writer" in found[1]
