"""Hand-made incidents: a few words each, figures one can check by eye."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from slackincidents.schema.incident import IncidentRecord

Event = dict[str, JsonValue]

CAUSE: dict[str, JsonValue] = {
    "service": "redis", "component": "limit", "category": "capacity", "mechanism": "oom", "plain": "Too small.",
}  # fmt: skip


def alert(at: float, state: str | None = "firing", channel: str = "#shop", eyes: Sequence[str] = ()) -> Event:
    """An alert; `eyes` are those who put that emoji under it."""
    made: Event = {"type": "alert", "offset_seconds": at, "channel": channel, "severity": "critical", "title": "Slow"}
    if eyes:
        made["reactions"] = [{"emoji": "eyes", "users": list(eyes)}]
    return {**made, "state": state} if state else made


def say(at: float, user: str, text: str = "hm", act: str = "report", **more: JsonValue) -> Event:
    """A message; `act` goes into the labels."""
    return {
        "type": "message",
        "offset_seconds": at,
        "channel": "#shop",
        "user": user,
        "content": text,
        "act": act,
        **more,
    }


def call(at: float, user: str, *who: str) -> Event:
    """A mention."""
    return say(at, user, " ".join(who), "request", type="mention", mentions=list(who))


def do(at: float, user: str, name: str = "fix") -> Event:
    """An action."""
    return say(at, user, "done", "execute", type="action", action_type="run", reveals=[f"action:{name}"])


def over(at: float, user: str, text: str = "all good") -> Event:
    """A resolution."""
    return say(at, user, text, "resolve", type="resolution")


def bot(at: float, text: str) -> Event:
    """A line of the incident bot."""
    return say(at, "Incident Bot", text, "page", type="system")


def plain(
    *events: Event, start: str = "2024-12-11T14:30:00Z", severity: str | None = "SEV-2", **more: JsonValue
) -> Event:
    """An incident of the seed's dialect, without labels, as JSON has it."""
    timeline = [{k: v for k, v in event.items() if k not in ("act", "reveals", "answers")} for event in events]
    crew: JsonValue = ["ann", "ben"]
    shop: JsonValue = {"channel": "#shop", "oncall_group": "@shop-oncall", "role": "primary", "engineers": crew}
    return {
        "scenario_id": "made-1", "scenario_type": "made", "title": "Made", "start_time": start,
        "services": {"shop": shop},
        "timeline": list(timeline), "metadata": {"severity": severity} if severity else {}, **more,
    }  # fmt: skip


def labelled(
    *events: Event, cause: int | None = None, end: int | None = None, ending: str = "explained",
    failed: Sequence[str] = (),
) -> Event:  # fmt: skip
    """The same with labels."""
    marks: list[JsonValue] = [
        {
            "index": index, "act": event.get("act", "alert"), "phase": "triage",
            "reveals": event.get("reveals", []), "answers": event.get("answers"),
        }
        for index, event in enumerate(events)
    ]  # fmt: skip
    key: JsonValue = {
        "root_cause": CAUSE, "impact_start": -30, "impact_end": end, "ending": ending, "cause_first_stated": cause,
        "actions_failed": list(failed), "messages": marks,
    }  # fmt: skip
    return {**plain(*events), "labels": key}


def record(whole: Event) -> IncidentRecord:
    """It as the program has it."""
    return IncidentRecord.model_validate(whole)


def simple(ack: int = 60, cause: int = 300, end: int = 600, over_at: int = 900, **more: JsonValue) -> Event:
    """An incident with these four times, in seconds."""
    events = (
        alert(0),
        say(ack, "ann", "mine", "acknowledge", answers=0),
        say(cause, "ben", "redis is too small"),
        do(end - 20, "ben"),
        over(over_at, "ann"),
    )
    return {**labelled(*events, cause=2, end=end), **more}


def put(path: Path, whole: Event) -> Path:
    """It in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
