"""THR002 thread-from-future."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    size = len(context.incident.timeline)
    for index, event in enumerate(context.incident.timeline):
        if event.thread_parent is not None and index <= event.thread_parent < size:
            yield index, f"replies to timeline[{event.thread_parent}], which is not earlier"


RULE = Rule(
    code="THR002",
    name="thread-from-future",
    what="A thread's root stands before its replies.",
    why="Nobody replies to what is not there yet.",
    hint="Point thread_parent at an earlier event.",
    check=_check,
    example="timeline[3] replies to timeline[8].",
)
