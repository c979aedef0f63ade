"""TXT006 ungrounded-number."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for found in context.ungrounded:
        if found.number:
            yield found.index, f"says {found.word!r}, which its speaker cannot know"


RULE = Rule(
    code="TXT006",
    name="ungrounded-number",
    what="Every figure in a text comes from a fact its speaker could know then.",
    why="A made-up number contradicts the card, or gives away what is not known yet.",
    hint="Use the figures of the facts at hand, or none.",
    check=_check,
    example="p95 is at 4100ms, where no alert, clue or message the speaker can read says so.",
    needs_plan=True,
    of_words=True,
)
