"""TXT007 ungrounded-name."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for found in context.ungrounded:
        if not found.number:
            yield found.index, f"says {found.word!r}, {_reason(found.person)}"


def _reason(person: bool) -> str:
    return "who takes no part" if person else "which its speaker cannot know"


RULE = Rule(
    code="TXT007",
    name="ungrounded-name",
    what="Every identifier, host, flag, channel and person in a text comes from a fact its speaker could know then.",
    why="A name that comes too early gives the cause away; one that comes from nowhere leads astray.",
    hint="Use the names of the facts at hand, or say it without.",
    check=_check,
    example="it's `paymentFailure`, before the flag was found.",
    needs_plan=True,
    of_words=True,
)
