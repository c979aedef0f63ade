"""THR003 thread-across-channels."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    timeline = context.incident.timeline
    for index, event in enumerate(timeline):
        if event.thread_parent is not None and 0 <= event.thread_parent < index:
            home = timeline[event.thread_parent].channel
            if home != event.channel:
                yield index, f"is in {event.channel}, its thread in {home}"


RULE = Rule(
    code="THR003",
    name="thread-across-channels",
    what="A reply is in its root's channel.",
    why="Slack threads do not cross channels.",
    hint="Use the root's channel, or post at the top level.",
    check=_check,
    example="A reply in #cart-oncall to an alert in #ad-oncall.",
)
