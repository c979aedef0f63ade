"""KNO002 reveal-without-look."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event, _ in context.pairs():
        label = context.labels.get(index)
        for fact in label.reveals if label else ():
            if fact.startswith("clue:") and not context.cone.has_found(event.speaker, fact, event.offset_seconds):
                yield index, f"{event.speaker} reveals {fact} without having looked"


RULE = Rule(
    code="KNO002",
    name="reveal-without-look",
    what="Whoever reveals a clue had looked for it and found it by then.",
    why="Facts come from somewhere: a dashboard, a log, a query that took its time.",
    hint="Add the look, or let the finder reveal it.",
    check=_check,
    example="omar reveals a clue that only priya looked for.",
    needs_plan=True,
)
