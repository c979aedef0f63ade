"""Named ways to break a clean incident, each with the code of the rule meant for it."""

from evals.breaking.case import Case, Way
from evals.breaking.facts import FACT_WAYS
from evals.breaking.structure import STRUCTURE_WAYS
from evals.breaking.text import TEXT_WAYS

WAYS: tuple[Way, ...] = (*STRUCTURE_WAYS, *FACT_WAYS, *TEXT_WAYS)

__all__ = ["WAYS", "Case", "Way"]
