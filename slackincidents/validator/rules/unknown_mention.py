"""MEN001 unknown-mention."""

from __future__ import annotations

from slackincidents.errors import nearest
from slackincidents.validator.context import Context
from slackincidents.validator.mentions import BROADCAST
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    known = context.groups | context.persons
    for index, event in context.spoken:
        for mention in event.mentions:
            if mention.lstrip("@") not in known and not BROADCAST.search(f"@{mention.lstrip('@')}"):
                near = nearest(mention.lstrip("@"), known, most=1)
                yield index, f"mentions {mention}, who does not exist" + (f"; near: {near}" if near else "")


RULE = Rule(
    code="MEN001",
    name="unknown-mention",
    what="Whoever is listed under mentions exists: a group of a service, a person on the roster or in the file.",
    why="A mention of nobody wakes nobody, and cannot be posted.",
    hint="Use an on-call group or a handle; list them: slackincidents services, slackincidents personas.",
    check=_check,
    example='mentions: ["@redis-on-call"] where the group is @redis-oncall.',
    of_words=True,
)
