"""MEN002 stray-mention."""

from __future__ import annotations

from slackincidents.errors import nearest
from slackincidents.validator.context import Context
from slackincidents.validator.mentions import named
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    known = context.groups | context.persons
    for index, _, text in context.prose:
        for name in named(text):
            if name not in known:
                near = nearest(name, known, most=1)
                yield index, f"names @{name}, who does not exist" + (f"; near: {near}" if near else "")


RULE = Rule(
    code="MEN002",
    name="stray-mention",
    what="Every @name in a text is a group or a person that exists.",
    why="Readers take it for a person, Slack for plain text.",
    hint="Name somebody who exists, or drop the @.",
    check=_check,
    example="can you look, @redisteam?",
    of_words=True,
)
