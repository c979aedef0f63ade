"""Reading an incident as a conversation."""

from __future__ import annotations

from typing import Any

from slackincidents.realism.conversation import from_incident, names_of
from slackincidents.schema.incident import IncidentRecord


def incident(*timeline: dict[str, Any]) -> IncidentRecord:
    """An incident of these events."""
    services = {"cart": {"channel": "#cart", "engineers": ["Carl Diaz"]}}
    return IncidentRecord.model_validate(
        {
            "scenario_id": "cart-001",
            "scenario_type": "cart",
            "title": "Cart",
            "start_time": "2025-01-01T00:00:00Z",
            "services": services,
            "timeline": timeline,
        }
    )


def event(offset: float, kind: str = "message", **fields: Any) -> dict[str, Any]:
    """Something ann typed."""
    plain = {"offset_seconds": offset, "type": kind, "channel": "#cart", "user": "ann", "content": "hi there"}
    return plain | fields


def alert(offset: float) -> dict[str, Any]:
    """A card from the monitoring system."""
    return {"offset_seconds": offset, "type": "alert", "channel": "#cart", "severity": "critical", "title": "Cart down"}


def test_only_people_speak() -> None:
    """Alerts, system lines and bots are no lines; a resolution by a person is one."""
    talk = from_incident(
        incident(
            alert(0),
            event(1, "system", content="joined #cart"),
            event(2, user="Incident Bot"),
            event(3),
            event(9, "resolution", content="all good"),
            event(10, "resolution", user="Monitoring Bot"),
        )
    )
    assert [(line.at, line.text) for line in talk.lines] == [(3, "hi there"), (9, "all good")]


def test_lines_stand_in_time_order_over_all_channels() -> None:
    """A line that stands late in the file but was said early comes early."""
    talk = from_incident(incident(event(30, content="late"), event(5, content="early", channel="#pay", user="bob")))
    assert [(line.text, line.channel) for line in talk.lines] == [("early", "#pay"), ("late", "#cart")]


def test_a_thread_reply_is_marked() -> None:
    """Only lines with a parent are in a thread."""
    talk = from_incident(incident(event(0), event(5, thread_parent=0)))
    assert [line.thread for line in talk.lines] == [False, True]


def test_an_action_without_content_shows_its_details() -> None:
    """The details stand in; lines without any text are dropped."""
    act = event(0, "action", content="", action_type="restart", action_details="Restarted cart")
    talk = from_incident(incident(act, event(5, content="  ")))
    assert [line.text for line in talk.lines] == ["Restarted cart"]


def test_the_opening_machine_is_remembered() -> None:
    """Only a machine that comes first opens the conversation."""
    assert from_incident(incident(alert(4), event(9))).machine_at == 4
    assert from_incident(incident(event(1), alert(4), event(9))).machine_at is None
    assert from_incident(incident()).machine_at is None


def test_silent_engineers_can_be_addressed() -> None:
    """Names are those of speakers and of the engineers on call, whole and in parts."""
    assert from_incident(incident(event(0))).names == {"ann", "carl diaz", "carl", "diaz"}
    assert names_of(["Al Fox"]) == {"al fox", "fox"}
