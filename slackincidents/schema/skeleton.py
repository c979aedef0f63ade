"""A skeleton: what happened. Facts, figures and how people would put them; no course, no clock."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from slackincidents.schema.base import Figure, Frozen, Share, Slug, Tellings
from slackincidents.schema.exchange import Exchange, Talk

Severity = Literal["SEV-1", "SEV-2", "SEV-3", "SEV-4"]
AlertSeverity = Literal["critical", "warning", "info"]
Source = Literal[
    "dashboard",
    "logs",
    "traces",
    "deploys",
    "flags",
    "config",
    "pods",
    "queue",
    "database",
    "code",
    "users",
    "history",
    "network",
]
"""Where a clue can be found."""


class CauseCategory(StrEnum):
    """The classes of root cause."""

    FEATURE_FLAG = "feature_flag"
    RESOURCE_LIMIT = "resource_limit"
    CODE_DEFECT = "code_defect"
    CONFIG_CHANGE = "config_change"
    TRAFFIC = "traffic"
    QUOTA = "quota"
    DEPENDENCY = "dependency"
    DATA = "data"


class RootCause(Frozen):
    """The truth. `plain` is how the answer key states it."""

    service: str
    component: str
    category: CauseCategory
    mechanism: str
    trigger: str
    plain: str


class Signal(Frozen):
    """A metric of one service, in `unit`; times in seconds from the first failure."""

    service: str
    metric: str = Field(description="key as in alert metrics: p95_latency")
    label: str = Field(description="as on a dashboard: P95 latency")
    unit: Literal["ms", "s", "%", "req/s", "msg/s", "msgs", "MB", "count", "min"]
    baseline: Figure = Field(ge=0)
    peak: Figure = Field(ge=0)
    recovered: Figure = Field(ge=0)
    shape: Literal["step", "ramp", "sawtooth", "spike"] = "step"
    onset_s: int = Field(default=0, ge=0)
    settle_s: int = Field(default=60, ge=0, description="back to normal this long after the fix")
    scatter: Share = Field(default=0.1, description="peak varies by this share from seed to seed")


class Threshold(Frozen):
    """Where an alert fires: above or below a value of a signal."""

    signal: Slug
    above: Figure | None = None
    below: Figure | None = None


class AlertRule(Frozen):
    """A monitor. It fires when its threshold signal crosses, `after_s` after that signal's onset."""

    service: str
    severity: AlertSeverity
    title: str
    details: str
    signals: tuple[Slug, ...] = Field(min_length=1)
    threshold: Threshold
    after_s: int = Field(default=60, ge=0)
    flaps: Share = 0.0
    chance: Share = 1.0
    runbook: str | None = None
    dashboard: str | None = None


class CascadeStep(Frozen):
    """One edge the trouble travels: from `source` to `target`, `lag_s` after the first failure.

    `via` says how: ``error`` against the call direction, ``load`` along it, ``async`` over a queue.
    `ask` is how the target's people ask the source's group; `unaware` and `aware` its answers.
    """

    source: str
    target: str
    via: Literal["error", "load", "async"]
    effect: str
    lag_s: tuple[int, int]
    signals: tuple[Slug, ...] = ()
    ask: Tellings = Field(min_length=4)
    unaware: Tellings = Field(min_length=4)
    aware: Tellings = Field(min_length=4)


class ClueTellings(Frozen):
    """How a clue is put, in three manners."""

    terse: Tellings = Field(min_length=3)
    casual: Tellings = Field(min_length=3)
    formal: Tellings = Field(min_length=3)


class Clue(Frozen):
    """A fact somebody can find: where, what must be known first, how long it takes, how it is put."""

    fact: str
    where: Source
    service: str
    needs: tuple[Slug, ...] = ()
    search_s: tuple[int, int] = (60, 300)
    tellings: ClueTellings
    paste: Tellings = ()
    signals: tuple[Slug, ...] = ()
    supports: tuple[Slug, ...] = ()
    refutes: tuple[Slug, ...] = ()
    states_cause: bool = False
    points_to: str | None = None
    lead_in: tuple[Talk, ...] = Field(
        default=(), description="how it dawns on people, before it is told; ``a`` finds it"
    )
    talk: tuple[Talk, ...] = Field(default=(), description="what others ask and answer once it is told")


class Hypothesis(Frozen):
    """A guess at the cause. False ones name the clues that refute them."""

    claim: str
    true: bool = False
    component: str
    needs: tuple[Slug, ...] = Field(default=(), description="clues that suggest it; none: a hunch")
    refuted_by: tuple[Slug, ...] = ()
    appeal: Figure = Field(default=1.0, gt=0)
    raised: Tellings = Field(min_length=6)
    doubted: Tellings = Field(min_length=4)
    withdrawn: Tellings = Field(min_length=4)
    talk: tuple[Talk, ...] = Field(default=(), description="how others argue with it")


class Action(Frozen):
    """Something one can do. `needs` are clues or hypotheses without which nobody would."""

    label: str
    type: Literal["restart", "scale", "flag_toggle", "rollback", "config", "purge", "failover", "throttle", "other"]
    service: str
    needs: tuple[Slug, ...] = ()
    effect: Literal["fixes", "partly", "nothing", "worse"]
    takes_s: tuple[int, int] = (30, 240)
    settles_s: tuple[int, int] = (30, 180)
    risky: bool = False
    appeal: Figure = Field(default=1.0, gt=0)
    command: str
    output: str
    details: str
    proposed: Tellings = Field(min_length=5)
    objected: Tellings = Field(min_length=2)
    done: Tellings = Field(min_length=4)
    outcome: Tellings = Field(min_length=5)
    talk: tuple[Talk, ...] = Field(default=(), description="what others say to the proposal, ending in a go-ahead")
    after: tuple[Talk, ...] = Field(default=(), description="what others say to the outcome")


class Resolution(Frozen):
    """How the end is told. `plain` knows the cause; `vague` must not name it."""

    plain: Tellings = Field(min_length=6)
    vague: Tellings = Field(min_length=6)
    signals_after: tuple[Slug, ...] = Field(min_length=1)


class FollowUp(Frozen):
    """Something left to do afterwards, and whose it is."""

    service: str
    task: str
    tellings: Tellings = Field(min_length=3)


class PastIncident(Frozen):
    """Something that happened before and is remembered; `same` when it had the same cause."""

    ref: str
    when: str
    what: str
    same: bool
    tellings: Tellings = Field(min_length=4)


class Updates(Frozen):
    """Status updates by stage; none may say more than its stage knows."""

    investigating: Tellings = Field(min_length=4)
    identified: Tellings = Field(min_length=4)
    monitoring: Tellings = Field(min_length=4)


class Audience(Frozen):
    """What people outside the response say: users, support, management."""

    users: Tellings = Field(min_length=4, description="reports, as seen from outside")
    support: Tellings = Field(min_length=4, description="support asks what to tell customers")
    answer: Tellings = Field(min_length=4, description="what a responder tells support, cause unknown")


class Skeleton(Frozen):
    """One incident's facts. Ids are keys: ``signals["p95"]``; slots are ``{p95.peak}``."""

    schema_: str | None = Field(default=None, alias="$schema")
    id: Slug
    title: str
    description: str
    severity: Severity
    difficulty: Literal["very easy", "easy", "medium", "hard"]
    services: dict[str, Literal["primary", "downstream", "upstream", "affected"]]
    root_cause: RootCause
    particulars: dict[Slug, Tellings] = Field(default_factory=dict)
    signals: dict[Slug, Signal] = Field(min_length=1)
    alerts: dict[Slug, AlertRule] = Field(default_factory=dict)
    cascade: tuple[CascadeStep, ...] = ()
    clues: dict[Slug, Clue] = Field(min_length=1)
    hypotheses: dict[Slug, Hypothesis] = Field(min_length=1)
    actions: dict[Slug, Action] = Field(min_length=1)
    resolution: Resolution
    follow_ups: tuple[FollowUp, ...] = ()
    past_incidents: tuple[PastIncident, ...] = ()
    updates: Updates
    audience: Audience
    exchanges: tuple[Exchange, ...] = ()
