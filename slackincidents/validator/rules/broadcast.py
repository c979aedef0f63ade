"""MEN004 broadcast."""

from __future__ import annotations

from slackincidents.schema.incident import Spoken
from slackincidents.validator.context import Context
from slackincidents.validator.mentions import BROADCAST
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        texts = (event.text, *event.mentions) if isinstance(event, Spoken) else (event.text,)
        for text in texts:
            if match := BROADCAST.search(text):
                yield index, f"calls everybody with {match[0]}"
                break


RULE = Rule(
    code="MEN004",
    name="broadcast",
    what="No text calls a whole channel: @channel, @here, @everyone.",
    why="A made-up incident must never wake a real person.",
    hint="Mention the on-call group instead.",
    check=_check,
    example="@here redis is down",
)
