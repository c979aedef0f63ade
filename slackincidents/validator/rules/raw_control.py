"""TXT008 raw-control."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

CONTROL = re.compile(r"<(?:@[UW][A-Z0-9]{4,}|#C[A-Z0-9]{4,}|!(?:subteam|date)\^[^>]*)(?:\|[^>]*)?>")


def _check(context: Context) -> Found:
    for index, text in context.texts:
        if match := CONTROL.search(text):
            yield index, f"holds {match[0]}"


RULE = Rule(
    code="TXT008",
    name="raw-control",
    what="No text holds Slack's raw controls: <@U...>, <#C...>, <!subteam^...>.",
    why="Ids belong to one workspace; the sink writes them, not the file.",
    hint="Write @name or #channel.",
    check=_check,
    example="ask <@U02ABCDEF>",
)
