"""PAG003 answer-before-question."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, label in context.labels.items():
        if label.answers is not None and label.answers >= index:
            yield index, f"answers timeline[{label.answers}], which is not earlier"


RULE = Rule(
    code="PAG003",
    name="answer-before-question",
    what="Every event that answers another stands after it.",
    why="Nobody answers what was not asked yet.",
    hint="Point answers at an earlier event.",
    check=_check,
    example="timeline[3] answers timeline[7].",
)
