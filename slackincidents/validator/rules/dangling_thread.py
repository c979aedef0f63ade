"""THR001 dangling-thread."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    size = len(context.incident.timeline)
    for index, event in enumerate(context.incident.timeline):
        if event.thread_parent is not None and not 0 <= event.thread_parent < size:
            yield index, f"thread_parent {event.thread_parent} is no event of this timeline"


RULE = Rule(
    code="THR001",
    name="dangling-thread",
    what="thread_parent is the index of an event in this file.",
    why="A reply without its root cannot be posted.",
    hint="Give the index of the root event, from 0.",
    check=_check,
    example="thread_parent 99 in a timeline of 40 events.",
)
