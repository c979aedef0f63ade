"""How to evaluate: chance, the validator's word, who judges, and whom to tell about progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slackincidents.realism.base import Reading, Tracer
from slackincidents.realism.results import Judge
from slackincidents.seeds import Seed

DRAWS = 400
"""Draws behind an interval."""

ROOT = Seed("realism")

Judging = Callable[[Sequence[Reading], Sequence[Reading], Seed], Judge]
"""Compares samples of both sides blind; built above, where a model is known."""


def silent(_: str = "") -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class How:
    """`trace` is the validator, handed in; without `classify` there is no discriminator and no attribution.

    `tick` is called after each reading, `say` when a long step begins.
    """

    seed: Seed = ROOT
    draws: int = DRAWS
    trace: Tracer | None = None
    judge: Judging | None = None
    classify: bool = True
    tick: Callable[[], None] = silent
    say: Callable[[str], None] = silent
