"""KNO001 leaked-fact."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event, _ in context.pairs():
        label = context.labels.get(index)
        if label is None or context.is_bot(event.speaker):
            continue
        for fact in (*label.reveals, *label.cites):
            if not context.cone.knows(event.speaker, fact, event.offset_seconds, index):
                yield index, f"{event.speaker} cannot know {fact} at {event.offset_seconds:g} s"


RULE = Rule(
    code="KNO001",
    name="leaked-fact",
    what="Whoever reveals or cites a fact had found it, done it, or could read it by then.",
    why="A responder who knows too much gives the answer away.",
    hint="Let the speaker find or read the fact first, or let somebody else say it.",
    check=_check,
    example="diana cites a clue that stands only in a channel she is not in.",
    needs_plan=True,
)
