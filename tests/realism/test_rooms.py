"""Features seen from outside, and what the validator says of facts."""

from __future__ import annotations

from typing import Any

import pytest

from slackincidents.realism import grounding
from slackincidents.realism.base import Reading, Traced
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.detectors import DETECTED, seen
from slackincidents.schema.acts import Feature
from slackincidents.schema.findings import Finding, Report
from slackincidents.schema.incident import IncidentRecord

from .talk import Numbers, said


def record(*timeline: dict[str, Any]) -> IncidentRecord:
    """An incident of these events."""
    return IncidentRecord.model_validate(
        {
            "scenario_id": "cart-001",
            "scenario_type": "cart",
            "title": "Cart",
            "start_time": "2025-01-01T00:00:00Z",
            "services": {},
            "timeline": timeline,
        }
    )


def line(at: float, text: str, kind: str = "message", channel: str = "#cart", **more: Any) -> dict[str, Any]:
    """Something ann typed."""
    plain = {"offset_seconds": at, "type": kind, "channel": channel, "user": "ann", "content": text}
    return plain | more


def alert(at: float, **more: Any) -> dict[str, Any]:
    """A card."""
    card = {"offset_seconds": at, "type": "alert", "channel": "#cart", "severity": "critical", "title": "Cart down"}
    return card | more


HM = [line(9 * place, "hm") for place in range(2)]
DONE = line(10, "", "action", action_type="restart", action_details="restarted cart")

CASES: dict[Feature, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    Feature.DECLARED_CHANNEL: ([line(0, "hm", channel="#inc-42-cart")], HM),
    Feature.BOT_PREAMBLE: ([line(0, "joined", "system"), line(1, "set the topic", "system")], HM),
    Feature.ROLE_CLAIM: ([line(0, "i'll take comms")], [line(0, "i'll take a look")]),
    Feature.SEVERITY_CHANGE: ([line(0, "bumping this to SEV-2")], [line(0, "it is a SEV-2")]),
    Feature.HYPOTHESIS_BURST: (
        [line(at, "maybe redis") for at in (0, 100, 300)],
        [line(at, "maybe redis") for at in (0, 100, 301)],
    ),
    Feature.USER_REPORT: ([line(0, "customers are reporting blank carts")], [line(0, "users table is fine")]),
    Feature.SUPPORT_ASKS: ([line(0, "support is asking")], [line(0, "we support that")]),
    Feature.ALERT_NOISE: ([alert(0), alert(60)], [alert(0), alert(60, state="resolved")]),
    Feature.IS_IT_RELATED: ([line(0, "is that related?")], [line(0, "is that it?")]),
    Feature.SPLIT_TALK: ([*HM, *(line(at, "hm", channel="#pay") for at in (3, 4))], HM),
    Feature.STATUS_CLOCK: ([line(0, "all down", "status_update"), line(900, "still", "status_update")], HM),
    Feature.EXEC_ETA: ([line(0, "do we have an ETA")], [line(0, "beta is fine")]),
    Feature.LATE_JOINER: (
        [line(0, "hm"), line(1800, "just got here, tl;dr?")],
        [line(0, "hm"), line(60, "just got here, tl;dr?")],
    ),
    Feature.TIME_BOX: ([line(0, "give me ten minutes")], [line(0, "give me the logs")]),
    Feature.UNLESS_OBJECTION: ([line(0, "rolling back unless somebody objects")], [line(0, "rolling back")]),
    Feature.BARE_EVIDENCE: ([line(0, "```ERROR oom```")], [line(0, "it says `oom` all over the place")]),
    Feature.DEPLOY_SILENCE: ([DONE, line(311, "up?")], [DONE, line(310, "up?")]),
    Feature.FALSE_RECOVERY: ([alert(0), line(5, "over", "resolution"), alert(9)], [alert(0), line(5, "over")]),
    Feature.SLIP: ([line(0, "*cache")], [line(0, "*cache* is empty")]),
    Feature.HANDOFF: ([line(0, "handing over to carl")], [line(0, "hands off the cart")]),
    Feature.LEVITY: ([line(0, "lol")], [line(0, "lolcat is down")]),
    Feature.WINDING_DOWN: ([line(0, "postmortem on monday")], [line(0, "on monday")]),
}


@pytest.mark.parametrize("feature", list(DETECTED))
def test_a_feature_is_seen_and_not_imagined(feature: Feature) -> None:
    """The first room shows it, the second, much like it, does not."""
    with_it, without = (dict(seen(Reading.of(record(*events)))) for events in CASES[feature])
    assert with_it[feature] is not None
    assert without[feature] is None


def test_a_bare_log_is_not_asked_for_events() -> None:
    """Channels, cards and joins cannot show there: such features are not counted, others are."""
    asked = {feature for feature, _ in seen(Reading("log", said("lol", "ok")))}
    assert Feature.DECLARED_CHANNEL not in asked
    assert Feature.LEVITY in asked


def checked(*reports: Traced) -> Numbers:
    """What grounding makes of these reports, one an incident."""
    incidents = [Reading.of(record(*HM), name=f"cart-{place}") for place in range(len(reports))]
    each = iter(reports)
    return Numbers(grounding.measure(incidents, Bootstrap(draws=20), lambda _: next(each)))


def finding(code: str) -> Finding:
    """One thing wrong."""
    return Finding(code=code, name="x", message="wrong", hint="", index=1)


def test_grounding_by_hand() -> None:
    """Ten words and ten that need a fact, one number and one name without: 18 of 20."""
    loose = Report(findings=(finding("TXT006"), finding("TXT007")))
    found = checked(Traced(report=loose, claims=10), Traced(report=Report(), claims=10))
    assert found.grounded == 18 / 20
    assert found.scores["grounded"].evidence[0].note == "TXT006: wrong"
    assert (found.known, found.data_sound) == (1, 1)


def test_a_leaked_fact_and_a_bad_time_are_counted_apart() -> None:
    """Each in one of two incidents."""
    leak, late = Report(findings=(finding("KNO001"),)), Report(findings=(finding("TIM001"),))
    found = checked(Traced(report=leak, claims=1), Traced(report=late, claims=1))
    assert (found.grounded, found.known, found.data_sound) == (1, 1 / 2, 1 / 2)


def test_without_the_plan_grounding_is_not_known() -> None:
    """What the validator skipped is not counted as passed; without a validator there is nothing at all."""
    blind = Report(skipped=("TXT006", "TXT007", "KNO001"))
    found = checked(Traced(report=blind, claims=5))
    assert (found.grounded, found.known, found.data_sound) == (None, None, 1)
    nobody = Numbers(grounding.measure([Reading.of(record(*HM))], Bootstrap(draws=20)))
    assert nobody.data_sound is None
