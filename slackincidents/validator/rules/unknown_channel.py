"""SVC002 unknown-channel."""

from __future__ import annotations

from slackincidents.errors import nearest
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        if event.channel not in context.places and not event.channel.startswith("#inc-"):
            near = nearest(event.channel, context.places, most=1)
            yield index, f"is in {event.channel}, which is no channel we know" + (f"; near: {near}" if near else "")


RULE = Rule(
    code="SVC002",
    name="unknown-channel",
    what="Every event is in a service's channel or in an #inc-... channel.",
    why="It must be clear where to post it, and who reads it there.",
    hint="Use the channel of a service in the file or the catalogue.",
    check=_check,
    example="An event in #recomendation-oncall.",
)
