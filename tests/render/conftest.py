"""Incidents to render: a full one with labels, a hostile one, and the seed's public files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from slackincidents.schema.incident import IncidentRecord

FOREIGN = sorted((Path(__file__).parent / "foreign").glob("*.json"))
"""Public files of the seed's dialect (Apache-2.0, from a fork of the OpenTelemetry demo)."""


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare with a stored text; UPDATE_SNAPSHOTS=1 stores it."""

    def check(name: str, got: str) -> None:
        path = Path(__file__).parent / "snapshots" / name
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            path.write_text(got, encoding="utf-8")
        assert got == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def rich() -> IncidentRecord:
    """A small incident with everything: threads, a hand-over past midnight, labels."""
    return IncidentRecord.model_validate(_rich())


@pytest.fixture(params=FOREIGN, ids=lambda path: path.stem)
def foreign(request: pytest.FixtureRequest) -> IncidentRecord:
    """A public file of the seed's dialect."""
    path: Path = request.param
    return IncidentRecord.model_validate_json(path.read_text(encoding="utf-8"))


@pytest.fixture
def hostile() -> IncidentRecord:
    """An incident whose every text tries to become markup."""
    return IncidentRecord.model_validate(_hostile())


@pytest.fixture
def names() -> dict[str, str]:
    """Display names by handle."""
    return {"alice": "Alice Chen", "bob": "Bob Okafor", "charlie": "Charlie Diaz"}


def _rich() -> dict[str, object]:
    return {
        "scenario_id": "cache-failure-7",
        "scenario_type": "cache-failure",
        "title": "Recommendations slow: cache is gone",
        "start_time": "2026-03-02T23:40:00+00:00",
        "services": {
            "recommendation": {"channel": "#recommendation-alert", "oncall_group": "@reco-oncall", "role": "primary"},
            "product-catalog": {"channel": "#product-catalog-alert", "oncall_group": "@catalog-oncall", "role": "hit"},
        },
        "timeline": [
            {
                "offset_seconds": 0, "type": "alert", "channel": "#recommendation-alert", "severity": "critical",
                "title": "🔴 High p95 latency", "details": "p95 went from *50ms* to *520ms*",
                "metrics": {"p95_latency": "520ms", "cpu_usage": 61.0},
                "runbook": "https://wiki.example.com/reco", "dashboard": "https://grafana.example.com/d/reco",
            },
            {"offset_seconds": 40, "type": "message", "channel": "#recommendation-alert", "user": "alice",
             "content": "on it", "thread_parent": 0},
            {"offset_seconds": 70, "type": "system", "channel": "#inc-0302-reco", "user": "Incident Bot",
             "content": "set the channel topic: Recommendations slow"},
            {"offset_seconds": 75, "type": "system", "channel": "#inc-0302-reco", "user": "bob",
             "content": "joined #inc-0302-reco"},
            {"offset_seconds": 95, "type": "message", "channel": "#inc-0302-reco", "user": "bob",
             "content": "is it the deploy from 23:31? `reco-7f9c` see <https://ci.example.com/b/881|build 881>"},
            {"offset_seconds": 110, "type": "message", "channel": "#inc-0302-reco", "user": "alice",
             "content": "no, that one only touched docs", "thread_parent": 4,
             "reactions": [{"emoji": "+1", "users": ["bob"]}]},
            {"offset_seconds": 130, "type": "mention", "channel": "#inc-0302-reco", "user": "alice",
             "content": "@catalog-oncall are you seeing 10x traffic in #product-catalog-alert?",
             "mentions": ["@catalog-oncall"]},
            {"offset_seconds": 150, "type": "message", "channel": "#inc-0302-reco", "user": "alice",
             "content": "redis is gone, every request goes to the catalogue :eyes:",
             "reactions": [{"emoji": "eyes", "users": ["bob", "charlie"]}, {"emoji": "fire", "users": ["bob"]}]},
            {"offset_seconds": 170, "type": "message", "channel": "#product-catalog-alert", "user": "charlie",
             "content": "yes, 980 req/s, was 95", "thread_parent": 6},
            {"offset_seconds": 600, "type": "status_update", "channel": "#inc-0302-reco", "user": "bob",
             "content": "*Impact:* recommendations slow for all\n*Next update:* 00:05"},
            {"offset_seconds": 1260, "type": "action", "channel": "#inc-0302-reco", "user": "alice",
             "action_type": "scale", "action_details": "Redis memory limit 256Mi -> 512Mi",
             "content": "$ kubectl set resources deployment/redis --limits=memory=512Mi\nresources updated"},
            {"offset_seconds": 1500, "type": "alert", "channel": "#recommendation-alert", "severity": "critical",
             "state": "resolved", "title": "High p95 latency", "details": "p95 is 48ms"},
            {"offset_seconds": 1560, "type": "resolution", "channel": "#inc-0302-reco", "user": "alice",
             "content": ":white_check_mark: *Resolved*\n• cause: redis OOM\n• fix: limit is 512Mi now",
             "metrics_after": {"p95_latency": "48ms"}, "edited": {"offset_seconds": 1600},
             "reactions": [{"emoji": "tada", "users": ["bob", "charlie"]}]},
        ],
        "metadata": {"severity": "SEV-2", "synthetic": True},
        "labels": _labels(),
    }  # fmt: skip


def _labels() -> dict[str, object]:
    return {
        "root_cause": {
            "service": "redis", "component": "memory limit", "category": "resource", "mechanism": "OOM kill",
            "plain": "Redis ran out of memory and was killed again and again",
        },
        "cascade": [
            {"source": "redis", "target": "recommendation", "via": "cache misses", "effect": "p95 x10",
             "offset_seconds": 0},
            {"source": "recommendation", "target": "product-catalog", "via": "direct calls", "effect": "10x traffic",
             "offset_seconds": 60},
            {"source": "recommendation", "target": "frontend", "via": "slow page", "effect": "timeouts",
             "offset_seconds": 75},
        ],
        "impact_start": -60, "impact_end": 1490, "ending": "explained", "cause_first_stated": 7,
        "hypotheses_withdrawn": ["bad-deploy"], "features": ["split-talk", "status-clock"],
        "messages": [
            {"index": 4, "act": "hypothesize", "phase": "investigate", "hypothesis": "bad-deploy",
             "hypothesis_true": False},
            {"index": 5, "act": "refute", "phase": "investigate", "reveals": ["clue:deploy-was-docs"]},
            {"index": 7, "act": "cause", "phase": "investigate", "reveals": ["clue:oom"], "cites": ["alert:p95"],
             "hypothesis": "redis-oom", "hypothesis_true": True, "features": ["bare-evidence"]},
        ],
    }  # fmt: skip


EVIL = (
    '<script>document.title="owned"</script><img src=x onerror="alert(1)">"\'>{{ 7*7 }}{% raw %}\x1b]0;owned\x07\u202e'
)


def _hostile() -> dict[str, object]:
    where = f"#{EVIL}"
    return {
        "scenario_id": EVIL,
        "scenario_type": EVIL,
        "title": EVIL,
        "description": EVIL,
        "start_time": "2026-03-02T23:40:00",
        "services": {EVIL: {"channel": where, "oncall_group": EVIL, "role": EVIL}},
        "timeline": [
            {
                "offset_seconds": 0, "type": "alert", "channel": where, "severity": "info", "title": EVIL,
                "details": EVIL, "metrics": {EVIL: EVIL}, "runbook": "javascript:alert(1)",
                "dashboard": 'https://example.com/"onmouseover="alert(1)', "thread_parent": 0,
            },
            {"offset_seconds": 5, "type": "message", "channel": where, "user": EVIL, "content": _links(),
             "thread_parent": 0, "reactions": [{"emoji": EVIL, "users": [EVIL]}, {"emoji": "+1", "users": []}]},
            {"offset_seconds": 6, "type": "action", "channel": "#b", "user": "bob", "action_type": EVIL,
             "action_details": EVIL, "content": f"```{EVIL}```", "thread_parent": 99},
            {"offset_seconds": 4, "type": "message", "channel": "#b", "user": "bob", "content": "", "thread_parent": 4},
            {"offset_seconds": 3, "type": "message", "channel": "#b", "user": "bob", "content": "a",
             "thread_parent": 3},
            {"offset_seconds": 9, "type": "resolution", "channel": "#b", "user": "bob", "content": f"> {EVIL}",
             "metrics_after": {EVIL: EVIL}, "thread_parent": 0},
        ],
        "metadata": {"severity": EVIL, "synthetic": True, "duration_seconds": EVIL},
        "labels": {
            "root_cause": dict.fromkeys(("service", "component", "category", "mechanism", "plain"), EVIL),
            "cascade": [
                {"source": "a", "target": EVIL, "via": EVIL, "effect": EVIL, "offset_seconds": 0},
                {"source": EVIL, "target": "a", "via": EVIL, "effect": EVIL, "offset_seconds": 5},
                {"source": "a", "target": "a", "via": EVIL, "effect": EVIL, "offset_seconds": 5},
            ],
            "impact_start": 0, "ending": "open", "cause_first_stated": 77,
            "messages": [{"index": 1, "act": "report", "phase": "triage", "reveals": [EVIL], "hypothesis": EVIL},
                         {"index": 77, "act": "report", "phase": "triage"}],
        },
    }  # fmt: skip


def _links() -> str:
    return " ".join((
        EVIL, "<javascript:alert(1)|click>", "javascript:alert(1)", "<data:text/html,x|click>",
        "<https://a.example/|<b>label</b>>", 'https://a.example/"onclick=alert(1)', f"`{EVIL}`", f"*{EVIL}*",
        "<https://ok.example/?a=1&amp;b=2|fine>", f"@{EVIL}", "[click](javascript:alert(1))", "<vbscript:x>",
    ))  # fmt: skip
