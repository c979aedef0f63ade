"""For every code one incident that breaks the rule, and one that comes near and does not."""

from __future__ import annotations

import math
from collections.abc import Callable

from evals.breaking import Case
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import EditRecord, ReactionRecord
from slackincidents.schema.plan import Ending, Look, Page
from tests.validator.tiny import (
    ACK,
    ALERT,
    ANSWERED,
    ASKED,
    CAUSE,
    DONE,
    EVICTED,
    GUESS,
    OUTCOME,
    PLAN,
    RESOLVED,
    THANKS,
    TOLD_REDIS,
    tiny,
)

Change = Callable[[Case], Case]


def _says(text: str, place: int = GUESS) -> Change:
    return lambda case: case.with_event(place, content=text)


def _event(place: int, **changes: object) -> Change:
    return lambda case: case.with_event(place, **changes)


def _label(place: int, **changes: object) -> Change:
    return lambda case: case.with_label(place, **changes)


def _labels(**changes: object) -> Change:
    return lambda case: case.with_labels(**changes)


def _incident(**changes: object) -> Change:
    return lambda case: case.with_incident(**changes)


def _plan(**changes: object) -> Change:
    return lambda case: case.with_plan(**changes)


def _edge(**changes: object) -> Change:
    return lambda case: case.with_labels(cascade=(case.labels.cascade[0].model_copy(update=changes),))


def _service(name: str, **changes: object) -> Change:
    def change(case: Case) -> Case:
        services = dict(case.incident.services)
        services[name] = services[name].model_copy(update=changes)
        return case.with_incident(services=services)

    return change


def _renamed(case: Case) -> Case:
    services = dict(case.incident.services)
    services["rediss"] = services.pop("redis")
    return case.with_incident(services=services)


def _metrics(**changes: str) -> Change:
    def change(case: Case) -> Case:
        return case.with_event(ALERT, metrics={**getattr(case.events[ALERT], "metrics", {}), **changes})

    return change


def _after(**changes: str) -> Change:
    return lambda case: case.with_event(
        RESOLVED, metrics_after={**(case.events[RESOLVED].metrics_after or {}), **changes}
    )


def _without_provenance(case: Case) -> Case:
    return case.with_incident(provenance=None)


def _both(*changes: Change) -> Change:
    def change(case: Case) -> Case:
        for one in changes:
            case = one(case)
        return case

    return change


NONE: Change = _incident()
"""The tiny incident as it is."""

BAD: dict[str, Change] = {
    "TIM001": _event(ANSWERED, offset_seconds=100),
    "TIM002": _event(ALERT, offset_seconds=-1),
    "THR001": _event(GUESS, thread_parent=99),
    "THR002": _event(ACK, thread_parent=GUESS),
    "THR003": _event(TOLD_REDIS, thread_parent=ALERT),
    "THR004": _event(GUESS, thread_parent=ACK),
    "MEN001": _event(ASKED, mentions=("@rediss-oncall",)),
    "MEN002": _says("did anyone deploy, @benn?"),
    "MEN003": _says("are you ok?", ASKED),
    "MEN004": _says("<!here> did anyone deploy?"),
    "SPK001": _event(ALERT, reactions=(ReactionRecord(emoji="eyes", users=("nobody",)),)),
    "SPK002": _event(ACK, user="cy"),
    "SVC001": _renamed,
    "SVC002": _event(GUESS, channel="#card-oncall"),
    "SVC003": _service("redis", oncall_group="@cart-oncall"),
    "CAS001": _edge(target="mail"),
    "CAS002": _edge(offset_seconds=-91),
    "CAS003": _edge(source="mail"),
    "MET001": _metrics(hit_rate="104%"),
    "MET002": _metrics(p99_latency="0.9s"),
    "MET003": _after(hit_rate="40%"),
    "MET004": _metrics(p95_latency="500ms"),
    "MET005": _after(hit_rate="93%"),
    "ALR001": _event(ALERT, runbook=None),
    "PAG001": _plan(pages=(Page(person="ann", service="cart", at=61, acknowledged_at=60),)),
    "PAG002": _plan(pages=(Page(person="ann", service="cart", at=70, acknowledged_at=80),)),
    "PAG003": _label(GUESS, answers=ASKED),
    "RES001": _event(RESOLVED, offset_seconds=899),
    "RES002": _event(RESOLVED, metrics_after=None),
    "ACT001": _label(GUESS, cites=("outcome:flag-off",)),
    "KNO001": _label(OUTCOME, cites=("clue:nonesuch",)),
    "KNO002": _label(ANSWERED, reveals=("clue:evict",)),
    "KNO003": _plan(looks=(Look(person="cy", clue="evict", start=10, end=190), *PLAN.looks)),
    "KNO004": _labels(cause_first_stated=EVICTED),
    "KNO005": _says("ok, have it", EVICTED),
    "TXT001": _says("did **anyone** deploy?"),
    "TXT002": _says("Certainly! did anyone deploy?"),
    "TXT003": _says(" \n "),
    "TXT004": _says("did anyone deploy since {onset}?"),
    "TXT005": _says("Ann Lee: did anyone deploy?"),
    "TXT006": _says("p95 at 913ms, did anyone deploy?"),
    "TXT007": _says("is `cacheTinyTtl` on?"),
    "TXT008": _says("did <@U02ABCDEF> deploy?"),
    "PLN001": _event(GUESS, user="ben"),
    "LBL001": _label(GUESS, hypothesis_true=True),
    "FMT001": _event(GUESS, chanel="#cart-oncall"),
    "FMT002": _incident(start_time="2024-12-11T14:30:00"),
    "FMT003": _incident(metadata={"severity": "P2"}),
    "FMT004": _incident(metadata={"severity": "SEV-3", "customers": math.inf}),
}

OK: dict[str, Change] = {
    "TIM001": _event(ANSWERED, offset_seconds=180),
    "TIM002": _event(GUESS, edited=EditRecord(offset_seconds=121)),
    "THR001": _event(GUESS, thread_parent=None),
    "THR002": _event(GUESS, thread_parent=ALERT),
    "THR003": _event(CAUSE, thread_parent=TOLD_REDIS),
    "THR004": _event(ASKED, thread_parent=ALERT),
    "MEN001": _event(ASKED, mentions=("@cart-oncall", "ben")),
    "MEN002": _says("did anyone deploy, @ben? mail ann@cart.example, or see `@tailwind base`"),
    "MEN003": _both(_says("@redis-oncall @ben are you ok?", ASKED), _event(ASKED, mentions=("@redis-oncall", "@ben"))),
    "MEN004": _says("anyone here? not in the channel, mail me@here.example"),
    "SPK001": _event(ALERT, user="Grafana Bot"),
    "SPK002": _event(GUESS, user="ben"),
    "SVC001": NONE,
    "SVC002": _event(GUESS, channel="#inc-1234-cart"),
    "SVC003": _both(_without_provenance, _service("redis", channel="#redis-alert")),
    "CAS001": _edge(via="async"),
    "CAS002": _edge(offset_seconds=-90),
    "CAS003": _labels(cascade=()),
    "MET001": _metrics(hit_rate="100%", cpu_usage="340%"),
    "MET002": _metrics(p99_latency="1.43s", p50_checkout="2s"),
    "MET003": _after(hit_rate="80%"),
    "MET004": _both(_metrics(p95_latency="80ms"), _event(ALERT, state="resolved")),
    "MET005": NONE,
    "ALR001": _both(_without_provenance, _event(ALERT, runbook=None)),
    "PAG001": _plan(pages=(Page(person="ann", service="cart", at=60, acknowledged_at=60),)),
    "PAG002": _plan(pages=(Page(person="ann", service="cart", at=60, missed=True),)),
    "PAG003": _label(GUESS, answers=ALERT),
    "RES001": _event(RESOLVED, offset_seconds=900),
    "RES002": _both(_without_provenance, _event(RESOLVED, metrics_after=None)),
    "ACT001": _label(THANKS, cites=("outcome:flag-off",)),
    "KNO001": _label(THANKS, cites=("clue:flag", "outcome:flag-off", "past:INC-1", "task:any")),
    "KNO002": _label(THANKS, reveals=("clue:flag",)),
    "KNO003": _plan(looks=(Look(person="cy", clue="evict", start=10, end=200), *PLAN.looks)),
    "KNO004": _label(THANKS, cites=("clue:flag",)),
    "KNO005": _says("keys are all going at once", EVICTED),
    "TXT001": _says("did *anyone* deploy? 2**3, # of pods, `a **b** c`\n```\n## log\n```"),
    "TXT002": _says("sure, let me know if it breaks again. here is the thread, of course nobody deployed"),
    "TXT003": _says("?"),
    "TXT004": _says('deploy? (maybe) {"a": 1} none of us, see `sum(rate({job="x"}))` or (a) | (b)'),
    "TXT005": _says("ben: did anyone deploy? note: i did not"),
    "TXT006": _says("p95 is 912, p99 1,430ms, did anyone deploy?"),
    "TXT007": _says("ben, did anyone deploy cart or redis? ask @cart-oncall in #redis-oncall :white_check_mark:"),
    "TXT008": _says("did anyone deploy? see <https://grafana.example/d/x|the board>, a < b > c"),
    "PLN001": _says("did somebody deploy?"),
    "LBL001": NONE,
    "FMT001": _event(GUESS, client_msg_id="abc", blocks=[]),
    "FMT002": _incident(start_time="2024-12-11T14:30:00+01:00"),
    "FMT003": _incident(metadata={"severity": "SEV-4", "tags": ["P2"]}),
    "FMT004": _incident(metadata={"severity": "SEV-3", "customers": 1.5e300, "note": "NaN", "paged": True}),
}

ALSO_BAD: tuple[tuple[str, str, Change], ...] = (
    ("an edit before the message", "TIM002", _event(GUESS, edited=EditRecord(offset_seconds=100))),
    ("an offset that is none", "TIM002", _event(GUESS, offset_seconds=math.nan)),
    ("an offset without end", "TIM002", _event(GUESS, offset_seconds=math.inf)),
    ("an offset beyond all dates", "TIM002", _event(THANKS, offset_seconds=1e300)),
    ("a negative root", "THR001", _event(GUESS, thread_parent=-1)),
    ("a reply to itself", "THR002", _event(GUESS, thread_parent=GUESS)),
    ("a name in the text that is not listed", "MEN003", _says("@redis-oncall @ben are you ok?", ASKED)),
    ("an error against the calls' direction", "CAS001", _edge(via="load")),
    ("an alert before the fault", "CAS002", _labels(impact_start=30)),
    ("a metric that went up", "MET005", _after(p95_latency="912ms")),
    ("a runbook of blanks", "ALR001", _event(ALERT, runbook="  ", state="firing")),
    ("acknowledged before the alert", "PAG002", _event(ACK, offset_seconds=-5)),
    ("the resolution of what has no end", "RES001", _labels(impact_end=None)),
    ("a cause label without a cause", "KNO004", _label(GUESS, act=Act.CAUSE)),
    ("a fact read in a room one is not in", "KNO001", _label(RESOLVED, cites=("clue:flag",))),
    ("a name read in a room one is not in", "TXT007", _says("it was cacheTinyTtl", RESOLVED)),
    ("a made-up channel", "TXT007", _says("see #war-room")),
    ("somebody who takes no part", "TXT007", _says("ask dan")),
    ("a made-up command in code", "TXT007", _says("try `fooctl restart`")),
    ("an open slot in code", "TXT004", _says("see `{p95.peak}`")),
    ("an open choice", "TXT004", _says("(so |)did anyone deploy?")),
    ("a value that was not there", "TXT004", _says("None")),
    ("bold code", "TXT001", _says("is **`cart`** slow?")),
    ("a Markdown link", "TXT001", _says("see [the board](https://grafana.example)")),
    ("a clock in front", "TXT005", _says("[14:31] ann: did anyone deploy?")),
    ("an event that the plan does not have", "PLN001", _incident(timeline=tiny().events[:-1])),
    ("another ending", "LBL001", _labels(ending=Ending.OPEN)),
    ("another fact", "LBL001", _label(EVICTED, reveals=())),
    ("an answer to nothing", "LBL001", _label(DONE, answers=77)),
    ("a channel Slack cannot have", "FMT003", _event(GUESS, channel="cart oncall")),
    ("a date that is none", "FMT002", _incident(start_time="yesterday")),
    ("a metric that is none", "FMT004", _event(ALERT, metrics={"p95_latency": math.nan})),
    ("a metric after the end that is none", "FMT004", _event(RESOLVED, metrics_after={"hit_rate": -math.inf})),
    ("an edit at no time", "FMT004", _event(GUESS, edited=EditRecord(offset_seconds=math.nan))),
    ("a field of one's own, deep down", "FMT004", _event(GUESS, blocks=[{"size": [1, math.inf]}])),
    ("a number of a thousand digits", "FMT004", _incident(metadata={"customers": 10**1000})),
)
