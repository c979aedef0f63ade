"""What the answer keys say."""

from __future__ import annotations

from typing import Any

import pytest

from slackincidents.realism import causes, labels, structure
from slackincidents.schema.acts import Feature
from slackincidents.schema.incident import IncidentRecord

from .talk import keyed


def incident(messages: list[dict[str, Any]] | None = None, category: str = "deploy", **key: Any) -> IncidentRecord:
    """An alert, four lines, and this answer key."""
    cause = {
        "service": "cart",
        "component": "redis",
        "category": category,
        "mechanism": "oom",
        "plain": "out of memory",
    }
    plain = {"root_cause": cause, "impact_start": 0, "ending": "explained", "messages": messages or []}
    typed = {"type": "message", "channel": "#cart", "user": "ann", "content": "hm"}
    alarm = {"type": "alert", "channel": "#cart", "severity": "critical", "title": "down", "offset_seconds": 0}
    return IncidentRecord.model_validate(
        {
            "scenario_id": "cart-001",
            "scenario_type": "cart",
            "title": "Cart",
            "start_time": "2025-01-01T00:00:00Z",
            "services": {},
            "timeline": [alarm, *({"offset_seconds": 30 * place} | typed for place in range(1, 5))],
            "labels": plain | key,
        }
    )


def label(index: int, **fields: Any) -> dict[str, Any]:
    """The answer key of one event."""
    return {"index": index, "act": "look", "phase": "triage"} | fields


def test_no_fact_is_a_share_of_human_lines() -> None:
    """Of four human lines one reveals, one cites, two say nothing; the alert is not asked."""
    lines = [
        label(0, reveals=["alert:a"]),
        label(1, reveals=["clue:a"]),
        label(2, cites=["clue:a"]),
        label(3),
        label(4),
    ]
    assert keyed(labels, [incident(lines)]).no_fact == 2 / 4
    assert keyed(labels, [incident([*lines[:4], label(4, cites=["clue:a"])])]).no_fact == 1 / 4


def test_endings_are_shares_of_incidents() -> None:
    """Two explained, one unexplained, one open."""
    values = keyed(labels, [incident(), incident(), incident(ending="unexplained"), incident(ending="open")])
    assert (values.explained, values.unexplained, values.unresolved) == (2 / 4, 1 / 4, 1 / 4)


def test_something_went_wrong() -> None:
    """A withdrawn hypothesis or a failed action counts, both count once."""
    wrong = [
        incident(hypotheses_withdrawn=["dns"]),
        incident(actions_failed=["restart"]),
        incident(hypotheses_withdrawn=["dns"], actions_failed=["restart"]),
        incident(),
    ]
    assert keyed(labels, wrong).withdrawn_or_failed == 3 / 4
    assert keyed(labels, wrong[:3]).withdrawn_or_failed == 1


def test_the_cause_was_said() -> None:
    """In one of two."""
    assert keyed(labels, [incident(cause_first_stated=3), incident()]).cause_stated == 1 / 2


def test_the_largest_class_of_causes() -> None:
    """Three of four are deploys; one deploy less and it is half."""
    four = [incident(), incident(), incident(), incident(category="capacity")]
    found = keyed(causes, four)
    assert found.largest_cause == 3 / 4
    assert found.scores["largest_cause"].evidence[0].text == "deploy"
    assert keyed(causes, [*four[:2], *[incident(category="capacity")] * 2]).largest_cause == 1 / 2


def test_vendi_by_hand() -> None:
    """One cause four times is one of four; four that share no word are four of four."""
    assert causes.vendi(["redis oom"] * 4) == pytest.approx(1 / 4)
    assert causes.vendi(["redis oom", "bad deploy", "dns down", "cert old"]) == pytest.approx(1)
    assert causes.vendi(["redis oom", "redis oom", "dns down", "dns down"]) == pytest.approx(2 / 4)


def test_features_of_room_and_lines_are_covered() -> None:
    """Three of twenty-five show, two in one incident and two in the other; the rest is listed as missing."""
    first = incident([label(1, features=["slip"])], features=["handoff"])
    found = keyed(structure, [first, incident(features=["levity", "slip"])])
    assert found.features_median == 2
    assert found.features_covered == pytest.approx(3 / len(Feature))
    assert (found.feature_slip, found.feature_handoff, found.feature_status_clock) == (1, 1 / 2, 0)
    missing = {one.note.split()[-1] for one in found.scores["features_covered"].evidence}
    assert missing == set(Feature) - {Feature.SLIP, Feature.HANDOFF, Feature.LEVITY}


def test_without_labels_nothing_is_measured() -> None:
    """A file of the seed has no answer key."""
    bare = incident().model_copy(update={"labels": None})
    assert keyed(labels, [bare]).no_fact is None
    assert keyed(labels, [bare]).explained is None
    assert keyed(structure, [bare]).features_covered is None
    assert keyed(structure, [bare]).feature_slip is None
    assert keyed(causes, [bare]).largest_cause is None
