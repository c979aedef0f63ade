"""MEN003 silent-mention."""

from __future__ import annotations

from slackincidents.schema.incident import MentionEvent
from slackincidents.validator.context import Context
from slackincidents.validator.mentions import named
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    known = context.groups | context.persons
    for index, event, text in context.prose:
        if not (isinstance(event, MentionEvent) or event.mentions or context.ours):
            continue
        said = {name for name in named(text) if name in known}
        listed = {mention.lstrip("@") for mention in event.mentions}
        for name in sorted(listed - said):
            yield index, f"mentions @{name}, but the text does not say so"
        for name in sorted(said - listed):
            yield index, f"names @{name}, who is not listed under mentions"


RULE = Rule(
    code="MEN003",
    name="silent-mention",
    what="A mention's text names everybody it lists, and lists everybody it names.",
    why="Slack notifies whom the text names, not whom the list names.",
    hint="Put the @name into the text, or take it off the list.",
    check=_check,
    example='mentions: ["@redis-oncall"] with the text "anyone there?".',
    of_words=True,
)
