"""The report of an evaluation: what was measured, how far from the reference, and the sections others fill."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from slackincidents.realism.base import Evidence, Score
from slackincidents.schema.base import Frozen

Range = tuple[float | None, float | None]
"""Lowest and highest value, both allowed; None is no limit."""


class Verdict(StrEnum):
    """Where a value lies: in the incident band, in the widest real one, or outside."""

    TARGET = "target"
    PASS = "pass"
    OUT = "out"


class Kind(StrEnum):
    """How a distance was measured.

    `band`: widths outside the range of real incident chat. `interval`: widths outside the other set's 95 % interval.
    `wasserstein`, `ks`, `jensen-shannon`: between two distributions.
    """

    BAND = "band"
    INTERVAL = "interval"
    WASSERSTEIN = "wasserstein"
    KS = "ks"
    JENSEN_SHANNON = "jensen-shannon"


class Distance(Frozen):
    """How far one number or distribution is from the reference, 0 is no distance; with its 95 % interval.

    `here` and `there` are the values themselves, `passes` and `target` the ranges; what does not apply is None.
    """

    name: str
    title: str
    measure: str
    kind: Kind
    value: float
    low: float | None = None
    high: float | None = None
    here: float | None = None
    there: float | None = None
    number: int | None = Field(default=None, description="the check of the reference's table")
    passes: Range | None = None
    target: Range | None = None
    verdict: Verdict | None = None


class Distribution(Frozen):
    """How a number is spread over bins: the share of each, here and in the reference. `edges` has one more than bins.

    The first and last bin hold what lies outside, too.
    """

    name: str
    title: str
    unit: str = ""
    edges: tuple[float, ...]
    here: tuple[float, ...]
    there: tuple[float, ...] = ()


class Contents(Frozen):
    """A set that was read. `left_out` counts why readings were not measured."""

    name: str
    incidents: int
    lines: int
    labelled: int = 0
    left_out: dict[str, int] = Field(default_factory=dict)


class Tell(Frozen):
    """A feature by which two sets are told apart: how strongly, its mean on each side, and lines that show it."""

    name: str
    weight: float
    here: float | None = None
    there: float | None = None
    examples: tuple[Evidence, ...] = ()


class Separation(Frozen):
    """How well a classifier tells the sets apart by one unit: ``message``, ``window``, ``incident``, ``position:...``.

    `auc` is a score with its interval; its `count` is how many items were classified.
    """

    unit: str
    auc: Score
    tells: tuple[Tell, ...] = ()


class Discriminator(Frozen):
    """The two-sample test; `note` says what it could not do."""

    separations: tuple[Separation, ...] = ()
    baselines: tuple[Separation, ...] = Field(default=(), description="real against real, and other sets")
    note: str = ""


class Reason(Frozen):
    """What judges gave as the reason, grouped: how often, with examples in their words."""

    name: str
    count: int
    examples: tuple[str, ...] = ()


class Judge(Frozen):
    """Blind pairs. `skipped` says why there was none; scores are shares with intervals (taken for real, flips, ...)."""

    skipped: str | None = None
    model: str | None = None
    pairs: int = 0
    scores: tuple[Score, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Persona(Frozen):
    """Whether people stay themselves and differ: scores, and what tells whom."""

    scores: tuple[Score, ...] = ()
    tells: tuple[Tell, ...] = ()
    note: str = ""


class Evaluation(Frozen):
    """Everything measured about one set beside a reference. The same input gives the same bytes."""

    versions: dict[str, str]
    seed: str
    set: Contents
    against: Contents | None = None
    reference: str = Field(description="where the reference's figures come from; empty without one")
    scores: tuple[Score, ...]
    reference_scores: tuple[Score, ...] = ()
    distances: tuple[Distance, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="what could not be measured, and why")
    discriminator: Discriminator | None = None
    judge: Judge | None = None
    persona: Persona | None = None

    @property
    def passing(self) -> float | None:
        """The part of the judged distances that is not out, 0 to 1; None when none was judged."""
        judged = [distance for distance in self.distances if distance.verdict]
        return sum(one.verdict is not Verdict.OUT for one in judged) / len(judged) if judged else None

    def score(self, name: str) -> Score:
        """A score by its name. Raises KeyError."""
        return next(score for score in self.scores if score.name == name)

    def to_json(self) -> str:
        """The report as JSON."""
        return self.model_dump_json(indent=2) + "\n"
