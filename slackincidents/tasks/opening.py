"""Opens the formats of benchmarks. They need YAML, which nothing else does, so it is loaded only here and late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from slackincidents.errors import NotConfigured
from slackincidents.tasks.truth import Truth

ITBENCH, OPENSRE = BENCHMARKS = ("itbench", "opensre")

Benchmark = Literal["itbench", "opensre"]
Maker = Callable[[Truth, int], dict[str, str]]
"""Makes the files of one incident, text by path; the number is its place among those that are made."""


def open_benchmark(name: str) -> Maker:
    """What makes the files of a benchmark. Raises NotConfigured when the extra for it is not installed."""
    try:
        from slackincidents.tasks import itbench, opensre  # noqa: PLC0415 - YAML is in an extra
    except ModuleNotFoundError as error:
        if error.name != "yaml":
            raise
        raise NotConfigured(
            f"the {name} format needs PyYAML, which is not installed", "pip install 'slackincidents[evals]'"
        ) from None
    return {ITBENCH: itbench.files, OPENSRE: opensre.files}[name]
