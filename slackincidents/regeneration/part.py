"""A part of an incident by name: one message, one thread, one channel."""

from __future__ import annotations

import re

from slackincidents.errors import UnknownName, UsageError
from slackincidents.schema.incident import IncidentRecord

_MESSAGE = re.compile(r"(?P<thread>thread:)?(?P<index>\d{1,9})")


def part(incident: IncidentRecord, only: str) -> tuple[int, ...]:
    """The places of a part's events: ``12``, ``thread:12`` with its root, ``#channel``. Raises UsageError."""
    asked = only.strip()
    if asked.startswith("#"):
        return _channel(incident, asked)
    match = _MESSAGE.fullmatch(asked)
    if match is None:
        raise UsageError(f"{only!r} names no part of an incident", "Write 12, thread:12 or #channel.")
    index = int(match["index"])
    if index >= len(incident.timeline):
        last = len(incident.timeline) - 1
        raise UsageError(f"{incident.scenario_id} has no message {index}", f"They are counted from 0 to {last}.")
    return _thread(incident, index) if match["thread"] else (index,)


def _channel(incident: IncidentRecord, channel: str) -> tuple[int, ...]:
    found = tuple(place for place, event in enumerate(incident.timeline) if event.channel == channel)
    if not found:
        known = sorted({event.channel for event in incident.timeline})
        raise UnknownName("channel", channel, known, ", ".join(known))
    return found


def _thread(incident: IncidentRecord, root: int) -> tuple[int, ...]:
    replies = tuple(place for place, event in enumerate(incident.timeline) if event.thread_parent == root)
    if not replies:
        above = incident.timeline[root].thread_parent
        hint = f"It stands in one: thread:{above}" if above is not None else "Name the message that a thread hangs on."
        raise UsageError(f"{incident.scenario_id}: no thread hangs on message {root}", hint)
    return (root, *replies)
