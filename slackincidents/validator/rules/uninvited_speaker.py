"""SPK002 uninvited-speaker."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event, _ in context.pairs():
        who = event.speaker
        if not context.is_bot(who) and not context.cone.reads(who, event.channel, event.offset_seconds):
            yield index, f"{who} is not in {event.channel} at {event.offset_seconds:g} s"


RULE = Rule(
    code="SPK002",
    name="uninvited-speaker",
    what="Whoever posts in a channel had come there by then.",
    why="People must be paged, asked or join before they can speak.",
    hint="Move the message to a channel its speaker is in, or to a later time.",
    check=_check,
    example="quinn writes in #cart-oncall without ever joining it.",
    needs_plan=True,
)
