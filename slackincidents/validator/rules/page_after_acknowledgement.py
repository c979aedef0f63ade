"""PAG001 page-after-acknowledgement."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for page in context.course.pages:
        if page.acknowledged_at is not None and page.acknowledged_at < page.at:
            yield None, f"{page.person} acknowledged at {page.acknowledged_at} s a page of {page.at} s"


RULE = Rule(
    code="PAG001",
    name="page-after-acknowledgement",
    what="Nobody acknowledges a page before it was sent.",
    why="Time to acknowledge would be negative.",
    hint="Let the page come first.",
    check=_check,
    example="Paged at 300 s, acknowledged at 240 s.",
    needs_plan=True,
)
