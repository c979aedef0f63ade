"""What a model answers about facts: lists of named items, so that one of them can be asked for again alone.

Dicts become lists because strict JSON schemas know no free keys. What may be null is what a model may leave open.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from slackincidents.schema.skeleton import AlertSeverity, CauseCategory, Severity, Source

Names = tuple[str, ...]
Texts = tuple[str, ...]


class Answer(BaseModel):
    """Base of all. Fields nobody asked for are left aside; what is missing is asked for again."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Item(Answer):
    """One thing with a name of its own: lower case, digits, hyphens."""

    name: str

    @property
    def key(self) -> str:
        """What it goes by in its list."""
        return self.name


class Open(Answer):
    """Something the text does not say, and what was assumed instead."""

    what: str
    assumed: str

    @property
    def key(self) -> str:
        """What it goes by in its list."""
        return self.what


class Stage(Answer):
    """One stage's answer. `drop` names items of earlier answers that should go: ``clues.flag-audit``."""

    unsettled: tuple[Open, ...] = ()
    drop: tuple[str, ...] = ()


class Span(Answer):
    """From so many seconds to so many."""

    from_s: int
    to_s: int


class Cause(Answer):
    """The truth."""

    service: str
    component: str
    category: CauseCategory
    mechanism: str
    trigger: str
    plain: str


class Head(Answer):
    """What the incident is called, how bad it is, and why it happened."""

    id: str
    title: str
    description: str
    severity: Severity
    difficulty: Literal["very easy", "easy", "medium", "hard"]
    root_cause: Cause


class ServiceItem(Item):
    """A service that takes part; `name` as in the catalogue."""

    role: Literal["primary", "downstream", "upstream", "affected"]


class ParticularItem(Item):
    """An odd name with history; one of the values is drawn for each incident."""

    values: Texts


class SignalItem(Item):
    """A metric of one service."""

    service: str
    metric: str
    label: str
    unit: Literal["ms", "s", "%", "req/s", "msg/s", "msgs", "MB", "count", "min"]
    baseline: float
    peak: float
    recovered: float
    shape: Literal["step", "ramp", "sawtooth", "spike"] | None = None
    onset_s: int | None = None
    settle_s: int | None = None
    scatter: float | None = None


class AlertItem(Item):
    """A monitor."""

    service: str
    severity: AlertSeverity
    title: str
    details: str
    signals: Names
    threshold_signal: str
    above: float | None = None
    below: float | None = None
    after_s: int | None = None
    flaps: float | None = None
    chance: float | None = None
    runbook: str | None = None
    dashboard: str | None = None


class EdgeItem(Item):
    """One edge the trouble travels, from `source` to `target`."""

    source: str
    target: str
    via: Literal["error", "load", "async"]
    effect: str
    lag_s: Span | None = None
    signals: Names


class Outline(Stage):
    """What happened, to which services, and how it shows."""

    head: Head | None = None
    services: tuple[ServiceItem, ...] = ()
    particulars: tuple[ParticularItem, ...] = ()
    signals: tuple[SignalItem, ...] = ()
    alerts: tuple[AlertItem, ...] = ()
    cascade: tuple[EdgeItem, ...] = ()


class ClueItem(Item):
    """A fact somebody can find."""

    fact: str
    where: Source
    service: str
    needs: Names
    search_s: Span | None = None
    signals: Names
    states_cause: bool
    points_to: str | None = None


class GuessItem(Item):
    """A guess at the cause, and the clues that speak for it and against it."""

    claim: str
    true: bool
    component: str
    needs: Names
    supported_by: Names
    refuted_by: Names
    appeal: float | None = None


class Evidence(Stage):
    """What can be found out, and what people will think. `signals`: metrics that the outline lacks."""

    signals: tuple[SignalItem, ...] = ()
    clues: tuple[ClueItem, ...] = ()
    hypotheses: tuple[GuessItem, ...] = ()


class ActionItem(Item):
    """Something one can do."""

    label: str
    type: Literal["restart", "scale", "flag_toggle", "rollback", "config", "purge", "failover", "throttle", "other"]
    service: str
    needs: Names
    effect: Literal["fixes", "partly", "nothing", "worse"]
    takes_s: Span | None = None
    settles_s: Span | None = None
    risky: bool
    appeal: float | None = None
    command: str
    output: str
    details: str


class TaskItem(Item):
    """Something left to do afterwards, and whose it is."""

    service: str
    task: str


class PastItem(Item):
    """An incident that somebody remembers; `same` when it had the same cause."""

    ref: str
    when: str
    what: str
    same: bool


class Remedies(Stage):
    """What can be done, what is left to do, what is remembered. `signals_after`: shown when it is over."""

    actions: tuple[ActionItem, ...] = ()
    follow_ups: tuple[TaskItem, ...] = ()
    past_incidents: tuple[PastItem, ...] = ()
    signals_after: Names = ()
