"""FMT002 no-time-zone."""

from __future__ import annotations

from datetime import datetime

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    value = context.incident.start_time
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        yield None, f"start_time {value!r} is no date"
        return
    if start.tzinfo is None:
        yield None, f"start_time {value!r} has no zone"


RULE = Rule(
    code="FMT002",
    name="no-time-zone",
    what="start_time is an ISO 8601 date with a zone.",
    why="Without a zone the same file is another hour on another machine.",
    hint="Write it like 2024-12-11T14:30:00Z.",
    check=_check,
    example='"start_time": "2024-12-11T14:30:00"',
)
