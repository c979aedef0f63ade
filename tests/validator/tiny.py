"""A tiny incident, written by hand: one cache, one flag, three people, clean by every rule."""

from __future__ import annotations

from evals.breaking import Case
from slackincidents.assembly import assemble
from slackincidents.schema.acts import Act, Phase
from slackincidents.schema.draft import Draft, WriterNote
from slackincidents.schema.people import Call, Catalogue, Persona, Service
from slackincidents.schema.plan import (
    MONITOR,
    Beat,
    Ending,
    Kind,
    Look,
    Page,
    Particular,
    Plan,
    Presence,
    Request,
    Words,
)
from slackincidents.schema.skeleton import (
    Action,
    AlertRule,
    Audience,
    CascadeStep,
    CauseCategory,
    Clue,
    ClueTellings,
    Hypothesis,
    Resolution,
    RootCause,
    Signal,
    Skeleton,
    Threshold,
    Updates,
)

ALERT, ACK, GUESS, ASKED, ANSWERED, EVICTED, TOLD_REDIS, CAUSE, DONE, OUTCOME, RESOLVED, THANKS = range(12)
"""The events of the tiny incident, by place."""


def _ways(*texts: str) -> tuple[str, ...]:
    return tuple(texts) * 6


def _clue_ways(*texts: str) -> ClueTellings:
    return ClueTellings(terse=_ways(*texts), casual=_ways(*texts), formal=_ways(*texts))


CATALOGUE = Catalogue(
    services={
        "cart": Service(
            channel="#cart-oncall",
            oncall_group="@cart-oncall",
            engineers=("ann", "ben"),
            calls=(Call(service="redis"),),
        ),
        "redis": Service(channel="#redis-oncall", oncall_group="@redis-oncall", engineers=("cy",)),
        "mail": Service(channel="#mail-oncall", oncall_group="@mail-oncall", engineers=("dan",)),
    }
)
PEOPLE = {
    h: Persona(name=n, style="plain")
    for h, n in {"ann": "Ann Lee", "ben": "Ben Roe", "cy": "Cy Day", "dan": "Dan Orr"}.items()
}
SKELETON = Skeleton(
    id="tiny",
    title="Cart slow",
    description="A flag shortens the cache's time to live.",
    severity="SEV-3",
    difficulty="easy",
    services={"redis": "primary", "cart": "downstream"},
    root_cause=RootCause(
        service="redis",
        component="feature flag",
        category=CauseCategory.FEATURE_FLAG,
        mechanism="keys expire at once",
        trigger="a test",
        plain="the flag cacheTinyTtl was on",
    ),
    signals={
        "p95": Signal(
            service="cart", metric="p95_latency", label="P95", unit="ms", baseline=80, peak=912, recovered=85
        ),
        "p99": Signal(
            service="cart", metric="p99_latency", label="P99", unit="ms", baseline=120, peak=1430, recovered=125
        ),
        "hit": Signal(
            service="redis", metric="hit_rate", label="Hit rate", unit="%", baseline=95, peak=21, recovered=94
        ),
    },
    alerts={
        "slow": AlertRule(
            service="cart",
            severity="critical",
            title="Cart slow",
            details="P95 latency is {p95.peak} (threshold 500ms)",
            signals=("p95", "p99", "hit"),
            threshold=Threshold(signal="p95", above=500),
            runbook="https://wiki.example/cart-slow",
        )
    },
    cascade=(
        CascadeStep(
            source="redis",
            target="cart",
            via="error",
            effect="slow carts",
            lag_s=(10, 30),
            ask=_ways("are you ok?"),
            unaware=_ways("looking"),
            aware=_ways("we see it"),
        ),
    ),
    clues={
        "evict": Clue(
            fact="keys expire at once",
            where="dashboard",
            service="redis",
            needs=("slow",),
            tellings=_clue_ways("evictions at {hit.low}"),
        ),
        "flag": Clue(
            fact="the flag cacheTinyTtl is on",
            where="flags",
            service="redis",
            needs=("evict",),
            tellings=_clue_ways("the flag `cacheTinyTtl` is on"),
            states_cause=True,
        ),
    },
    hypotheses={
        "deploy": Hypothesis(
            claim="a deploy",
            component="cart",
            refuted_by=("evict",),
            raised=_ways("did anyone deploy?"),
            doubted=_ways("no"),
            withdrawn=_ways("not a deploy"),
        ),
        "ttl": Hypothesis(
            claim="a flag",
            true=True,
            component="redis",
            raised=_ways("a flag?"),
            doubted=_ways("hm"),
            withdrawn=_ways("no flag"),
        ),
    },
    actions={
        "flag-off": Action(
            label="turn the flag off",
            type="flag_toggle",
            service="redis",
            effect="fixes",
            command="flags off",
            output="ok",
            details="cacheTinyTtl off",
            proposed=_ways("off?"),
            objected=_ways("wait"),
            done=_ways("it's off"),
            outcome=_ways("better"),
        ),
        "restart": Action(
            label="restart redis",
            type="restart",
            service="redis",
            effect="nothing",
            command="kubectl delete pod",
            output="deleted",
            details="restart",
            proposed=_ways("restart?"),
            objected=_ways("wait"),
            done=_ways("restarted"),
            outcome=_ways("the same"),
        ),
    },
    resolution=Resolution(plain=_ways("it was the flag"), vague=_ways("it is over"), signals_after=("p95", "hit")),
    updates=Updates(investigating=_ways("looking"), identified=_ways("a flag"), monitoring=_ways("watching")),
    audience=Audience(users=_ways("slow"), support=_ways("what do we say?"), answer=_ways("slow carts")),
)
FIGURES = {
    **{
        f"p95.{part}": v
        for part, v in {"baseline": "80ms", "peak": "912ms", "recovered": "85ms", "low": "340ms"}.items()
    },
    **{
        f"p99.{part}": v
        for part, v in {"baseline": "120ms", "peak": "1430ms", "recovered": "125ms", "low": "400ms"}.items()
    },
    **{f"hit.{part}": v for part, v in {"baseline": "95%", "peak": "21%", "recovered": "94%", "low": "38%"}.items()},
}


def _beat(place: int, at: int, speaker: str, act: Act, channel: str = "#cart-oncall", **more: object) -> Beat:
    fields = {"kind": Kind.MESSAGE, "phase": Phase.INVESTIGATE, **more}
    return Beat.model_validate(
        {"id": f"b{place}", "at": at, "speaker": speaker, "act": act, "channel": channel, **fields}
    )


BEATS = (
    _beat(ALERT, 0, MONITOR, Act.ALERT, kind=Kind.ALERT, alert="slow", reveals=("alert:slow",)),
    _beat(ACK, 60, "ann", Act.ACKNOWLEDGE, thread="b0", answers="b0"),
    _beat(GUESS, 120, "ann", Act.HYPOTHESIZE, thread="b0", hypothesis="deploy"),
    _beat(ASKED, 180, "ann", Act.REQUEST, kind=Kind.MENTION, mentions=("@redis-oncall",)),
    _beat(ANSWERED, 240, "cy", Act.ANSWER, answers="b3"),
    _beat(EVICTED, 400, "cy", Act.REPORT, reveals=("clue:evict",), words=Words(tellings=("evictions at {hit.low}",))),
    _beat(TOLD_REDIS, 420, "cy", Act.LOOK, channel="#redis-oncall"),
    _beat(CAUSE, 700, "cy", Act.CAUSE, channel="#redis-oncall", reveals=("clue:flag",)),
    _beat(
        DONE,
        800,
        "cy",
        Act.EXECUTE,
        channel="#redis-oncall",
        kind=Kind.ACTION,
        action="flag-off",
        reveals=("action:flag-off",),
    ),
    _beat(OUTCOME, 1000, "cy", Act.OUTCOME, action="flag-off", reveals=("outcome:flag-off",)),
    _beat(RESOLVED, 1300, "ann", Act.RESOLVE, kind=Kind.RESOLUTION, reveals=("recovery",)),
    _beat(THANKS, 1400, "cy", Act.THANKS, particulars=(Particular(name="when", value="14:07"),)),
)
TEXTS = (
    "",
    "on it",
    "did anyone deploy?",
    "@redis-oncall are you ok?",
    "looking",
    "evictions at 38%",
    "evictions here, p95 at cart is 912ms",
    "the flag `cacheTinyTtl` is on",
    "it's off",
    "better",
    "it is over",
    "thanks, out since 14:07",
)
PLAN = Plan(
    request=Request(scenario="tiny", seed="0", start_time="2024-12-11T14:30:00+00:00", pace="real"),
    skeleton=SKELETON,
    skeleton_sha256="0",
    catalogue=CATALOGUE,
    people={h: PEOPLE[h] for h in ("ann", "ben", "cy")},
    engineers={name: service.engineers for name, service in CATALOGUE.services.items()},
    ending=Ending.EXPLAINED,
    impact_start=-90,
    impact_end=900,
    figures=FIGURES,
    beats=BEATS,
    looks=(Look(person="cy", clue="evict", start=260, end=390), Look(person="cy", clue="flag", start=430, end=690)),
    presence=(
        Presence(person="ann", channel="#cart-oncall", at=0, reason="owner"),
        Presence(person="ben", channel="#cart-oncall", at=0, reason="owner"),
        Presence(person="cy", channel="#redis-oncall", at=0, reason="owner"),
        Presence(person="cy", channel="#cart-oncall", at=200, reason="mentioned"),
    ),
    pages=(
        Page(person="ann", service="cart", at=5, acknowledged_at=60),
        Page(person="cy", service="redis", at=180, acknowledged_at=240),
    ),
)


def tiny() -> Case:
    """The tiny incident with its plan."""
    draft = Draft(texts={f"b{i}": text for i, text in enumerate(TEXTS) if i}, note=WriterNote(writer="hand"))
    return Case(assemble(PLAN, draft), PLAN, CATALOGUE, PEOPLE)
