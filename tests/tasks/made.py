"""One hand-made incident, small enough to answer every question about it by eye."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import JsonValue

from slackincidents.library import Library
from slackincidents.schema.incident import IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker
from slackincidents.tasks.questions import Kind, Question

Json = dict[str, JsonValue]
RECO, CATALOG = "#recommendation-oncall", "#product-catalog-oncall"

BACKGROUND = Background(
    facts={
        "clue:no-deploy": "the last recommendation release is days old",
        "clue:oom": "the redis pod is OOM-killed at its 256Mi limit",
        "clue:edge": "traffic at the edge is as on other days",
    },
    trouble={"alert:p95": "recommendation", "alert:cpu": "product-catalog", "clue:oom": "redis"},
)


def say(at: int, user: str, text: str, act: str, **more: JsonValue) -> Json:
    """A message; what does not belong to events goes into its label."""
    return {"type": "message", "offset_seconds": at, "channel": RECO, "user": user, "content": text, "act": act, **more}


def alert(at: int, channel: str, title: str, fact: str) -> Json:
    """An alert that fires."""
    return {
        "type": "alert", "offset_seconds": at, "channel": channel, "severity": "critical", "title": title,
        "state": "firing", "act": "alert", "reveals": [fact],
    }  # fmt: skip


EVENTS: tuple[Json, ...] = (
    alert(0, RECO, "High p95 latency", "alert:p95"),
    say(60, "alice", "on it", "acknowledge", answers=0),
    say(120, "bob", "did a deploy do that?", "hypothesize", hypothesis="deploy", hypothesis_true=False),
    alert(180, CATALOG, "CPU usage too high", "alert:cpu"),
    say(300, "bob", "last release is days old", "report", reveals=["clue:no-deploy"]),
    say(600, "carol", "redis is OOMKilled at its 256Mi limit", "report", reveals=["clue:oom"]),
    say(700, "carol", "raised it", "execute", type="action", action_type="config", reveals=["action:raise"]),
    say(900, "alice", "back to normal", "resolve", type="resolution", metrics_after={"p95": "52ms"}),
)
LABEL = ("act", "reveals", "cites", "hypothesis", "hypothesis_true", "answers")


def incident(events: Iterable[Json] = EVENTS, name: str = "made-1", **key: JsonValue) -> IncidentRecord:
    """The incident with its labels; `key` replaces fields of the labels. Each name has a day of its own."""
    told, day = list(events), 3 + int(name.rpartition("-")[2])
    labels: Json = {
        "root_cause": {
            "service": "recommendation", "component": "redis cache pod of recommendation",
            "category": "resource_limit", "mechanism": "the redis pod is OOM-killed at its 256Mi limit",
            "plain": "The redis cache pod was OOM-killed at its 256Mi memory limit.",
        },
        "cascade": [
            {"source": "recommendation", "target": target, "via": "load", "effect": "slow", "offset_seconds": 9}
            for target in ("product-catalog", "frontend")
        ],
        "impact_start": -30, "impact_end": 760, "ending": "explained", "cause_first_stated": 5,
        "messages": [
            {"index": place, "phase": "triage", **{k: v for k, v in event.items() if k in LABEL}}
            for place, event in enumerate(told)
        ],
        **key,
    }  # fmt: skip
    return IncidentRecord.model_validate({
        "scenario_id": name, "scenario_type": "made", "title": "Redis out of memory", "description": "It is redis.",
        "start_time": f"2025-03-{day:02}T14:30:00Z", "labels": labels,
        "services": {
            service: {"channel": f"#{service}-oncall"} for service in ("recommendation", "product-catalog", "frontend")
        },
        "people": {"alice": "Alice Chen", "bob": "Bob Smith", "carol": "Carol Diaz"},
        "timeline": [{k: v for k, v in event.items() if k not in LABEL} for event in told],
    })  # fmt: skip


def maker(*kinds: Kind, seed: int = 0, background: Background = BACKGROUND) -> Maker:
    """A maker that knows the facts of the hand-made incident."""
    return Maker(Library().catalogue(), lambda _: background, kinds or tuple(Kind), Seed(str(seed)))


def ask(kind: Kind, record: IncidentRecord | None = None) -> list[Question]:
    """The questions of one kind about it."""
    return list(maker(kind).questions(record or incident()))


def only(kind: Kind, record: IncidentRecord | None = None) -> Question:
    """The one question of a kind."""
    (question,) = ask(kind, record)
    return question
