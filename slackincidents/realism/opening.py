"""Opens the evaluation, which needs packages that most users never install; they are loaded only here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from slackincidents.errors import NotConfigured
from slackincidents.realism.base import Reading
from slackincidents.realism.how import How
from slackincidents.realism.references import Reference
from slackincidents.realism.results import Evaluation

NEEDED = frozenset({"numpy", "scipy", "sklearn"})


class Evaluator(Protocol):
    """Evaluates a set of readings beside a reference, or beside nothing."""

    def __call__(
        self, readings: Iterable[Reading], reference: Reference | None = None, how: How | None = None, name: str = ""
    ) -> Evaluation:
        """The report. Raises UsageError when nothing can be measured."""


def open_evaluator() -> Evaluator:
    """What evaluates. Raises NotConfigured when numpy, scipy or scikit-learn is missing."""
    try:
        from slackincidents.realism.evaluation import evaluate  # noqa: PLC0415 - it takes seconds, and an extra, to load
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in NEEDED:
            raise
        hint = "Install it: pip install 'slackincidents[evals]'"
        raise NotConfigured(f"eval needs {error.name}, which is not installed", hint) from None
    return evaluate
