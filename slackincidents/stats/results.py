"""The figures of a set of incidents, as they stand in JSON. Fields are added, never renamed, within one version."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.schema.kinds import What
from slackincidents.stats.facets import Facet
from slackincidents.stats.moments import Measure

VERSION = 1

EDGES_S = (0, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Where the bins of every histogram begin, in seconds; the last one has no end."""

FEWEST_FOR_QUARTILES, FEWEST_FOR_P90 = 4, 10
"""With fewer values there is no such figure: it would be one incident's time under another name."""


class Spread(Frozen):
    """The middle and the spread of some numbers; None where there are too few to say."""

    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    p90: float | None = None
    longest: float | None = None


class Summary(Frozen):
    """One measure over some incidents, in seconds. Every incident is in exactly one of `known`, `never`, `unknown`.

    `never` and `unknown` count by reason: what did not happen, and what the file does not tell. `inferred` of the known
    ones are from the timeline instead of labels. `histogram` has one count a bin of `edges_s`.
    """

    known: int
    inferred: int
    never: dict[str, int]
    unknown: dict[str, int]
    seconds: Spread
    histogram: tuple[int, ...]


class Group(Frozen):
    """The incidents that have one thing in common; `key` is None for those whose file does not say."""

    key: str | None
    incidents: int
    measures: dict[Measure, Summary]


class Person(Frozen):
    """The pages of one person. `a_night` is over the nights that had one; the others are `nights_seen - nights`."""

    person: str
    pages: int
    at_night: int
    nights: int
    a_night: Spread


class Pages(Frozen):
    """Everybody's pages. `nights_seen` are nights in which an alert fired or somebody was paged.

    `unattributed` pages went to somebody, and the files do not say to whom.
    """

    people: tuple[Person, ...]
    unattributed: int
    nights_seen: int


class NoiseCount(Frozen):
    """Alerts that nobody needed, counted apart from incidents. `share` is of both; `answered` had a person's word."""

    alerts: int
    share: float
    answered: int
    kinds: dict[str, int]


class Edge(Frozen):
    """One edge of the cascade, and in how many incidents trouble travelled along it."""

    source: str
    target: str
    via: str
    incidents: int


class Sources(Frozen):
    """What was read: incidents, and what was left out, by reason."""

    incidents: int
    left_out: dict[str, int]


class Stats(Frozen):
    """All figures. The same incidents give the same figures, in whatever order and folders they come."""

    version: int = VERSION
    sources: Sources
    clock: str
    edges_s: tuple[int, ...] = EDGES_S
    measures: dict[Measure, Summary]
    by: dict[Facet, tuple[Group, ...]]
    pages: Pages
    noise: NoiseCount | None = None
    cascade: tuple[Edge, ...] = ()
    between: dict[str, int] = Field(default_factory=dict, description="deploys, switched flags and talk")

    def to_json(self) -> str:
        """As it is written."""
        return self.model_dump_json(indent=2) + "\n"


class Row(Frozen):
    """One measure of one incident. `gap` says why there are no seconds; `at_most` bounds what is not known."""

    seconds: int | None
    person: str | None
    inferred: bool
    gap: str | None
    at_most: int | None


class Line(Frozen):
    """One incident, as a line of JSON. `began` is when its clock started, as the report's clock shows it.

    `kind` is ``incident``, or what else of a workspace's history the line is about: ``noise``, ``change``, ``talk``.
    """

    file: str
    kind: What
    scenario_id: str
    began: str | None
    service: str | None
    severity: str | None
    measures: dict[Measure, Row]
    pages: dict[str, str]
