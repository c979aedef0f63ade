"""TIM001 out-of-order."""

from __future__ import annotations

from itertools import pairwise

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, (before, event) in enumerate(pairwise(context.incident.timeline), start=1):
        if event.offset_seconds < before.offset_seconds:
            yield index, f"is at {event.offset_seconds:g} s, after an event at {before.offset_seconds:g} s"


RULE = Rule(
    code="TIM001",
    name="out-of-order",
    what="Offsets never decrease along the timeline.",
    why="Replies stand below what they answer, and a live posting waits for each event in turn.",
    hint="Sort the timeline by offset_seconds and mend thread_parent.",
    check=_check,
    example="timeline[4] at 300 s stands after timeline[3] at 420 s.",
)
