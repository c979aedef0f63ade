"""THR004 nested-thread."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    timeline = context.incident.timeline
    for index, event in enumerate(timeline):
        if event.thread_parent is not None and 0 <= event.thread_parent < index:
            above = timeline[event.thread_parent].thread_parent
            if above is not None:
                yield index, f"replies to timeline[{event.thread_parent}], itself a reply to timeline[{above}]"


RULE = Rule(
    code="THR004",
    name="nested-thread",
    what="A thread's root is itself at the top level.",
    why="Slack has one level of threads.",
    hint="Point thread_parent at the root of the whole thread.",
    check=_check,
    example="timeline[6] replies to timeline[4], itself a reply to timeline[0].",
)
