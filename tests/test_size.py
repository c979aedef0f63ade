"""Small modules, short functions, and a docstring on every public name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from statistics import median

import pytest

from tests.source import Module, modules

LONGEST_MODULE = 500
MEDIAN_MODULE = 150
SHORT_FUNCTION = 30
SHORT_SHARE = 0.95

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Place and length of every function."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module.place}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def undocumented(module: Module) -> Iterator[str]:
    """Every public class, function and method without a docstring, and the module itself."""
    if module.text.strip() and not ast.get_docstring(module.tree):
        yield module.place
    yield from (
        f"{module.place}:{node.lineno} {node.name}" for node in public(module.tree) if not ast.get_docstring(node)
    )


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Public definitions of a module and of its public classes; not what is inside functions."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def test_no_module_is_long() -> None:
    """A module that grows past its limit wants to be two."""
    assert [f"{m.place}: {m.lines}" for m in modules() if m.lines > LONGEST_MODULE] == []


def test_most_modules_are_small() -> None:
    """The median module, the empty ones left out, fits on three screens."""
    assert median(m.lines for m in modules() if m.lines) < MEDIAN_MODULE


def test_most_functions_are_short() -> None:
    """Nineteen of twenty functions fit on one screen."""
    lengths = [length for module in modules() for _, length in functions(module)]
    long = sorted(((n, place) for m in modules() for place, n in functions(m) if n >= SHORT_FUNCTION), reverse=True)
    assert sum(length < SHORT_FUNCTION for length in lengths) >= SHORT_SHARE * len(lengths), long


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_every_public_name_has_a_docstring(module: Module) -> None:
    """What others may call says what it is."""
    assert list(undocumented(module)) == []
