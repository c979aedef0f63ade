"""TXT001 markdown."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

MARKDOWN = re.compile(
    r"\*\*\S[^*\n]*\*\*|\*\* \*\*|^\s{0,3}#{1,6}[ \t]+\S.*|\[[^\]\n]+\]\([^)\s]+\)|^\s*\|?\s*:?-{3,}:?\s*\|",
    re.MULTILINE,
)
"""Bold stars with nothing between them held code, which is blanked out before the search."""


def _check(context: Context) -> Found:
    for index, text in context.texts:
        if match := MARKDOWN.search(text):
            yield index, f"has Markdown: {match[0].strip()[:40]!r}"


RULE = Rule(
    code="TXT001",
    name="markdown",
    what="Text is Slack mrkdwn: *bold*, <url|text>, no headings.",
    why="Slack shows **bold** with its stars.",
    hint="Write *bold*, <url|text>, and a plain line instead of a heading.",
    check=_check,
    example="the **root cause** is redis",
    of_words=True,
)
