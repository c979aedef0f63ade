"""TXT005 speaker-prefix."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

PREFIX = re.compile(
    r"\s*(?:\[[\d:]+\]\s*)?[*_<@]{0,2}([^\W\d][\w'. -]{0,30}?)[*_>]{0,2}"
    r"(?:\s*\([^)\n]{1,30}\)|\s*\[[\d:]+\])?\s*:(?=\s|$)"
)


def _check(context: Context) -> Found:
    for index, event, text in context.prose:
        match = PREFIX.match(text)
        if match and _is_speaker(match[1].strip().lower(), event.user, context):
            yield index, f"starts with {match[0].strip()!r}"


def _is_speaker(name: str, user: str, context: Context) -> bool:
    own = {user.lower(), "user", "assistant", "message", "reply", "monitoring bot", "incident bot"}
    if user in context.people:
        full = context.people[user].name.lower()
        own |= {full, full.split()[0]}
    return name in own


RULE = Rule(
    code="TXT005",
    name="speaker-prefix",
    what="No text starts with the name of its own speaker.",
    why="Slack shows the name already; twice is a transcript.",
    hint="Drop the name and the colon.",
    check=_check,
    example="alice: looking at the dashboard, posted by alice.",
    of_words=True,
)
