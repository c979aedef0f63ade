"""PAG002 acknowledgement-before-page."""

from __future__ import annotations

from slackincidents.schema.acts import Act
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    timeline = context.incident.timeline
    paged = _first_pages(context)
    for index, label in context.labels.items():
        if label.act is not Act.ACKNOWLEDGE or not 0 <= index < len(timeline):
            continue
        event, answered = timeline[index], label.answers
        if answered is not None and 0 <= answered < len(timeline):
            late = timeline[answered].offset_seconds > event.offset_seconds
            if answered > index or late:
                yield index, f"acknowledges timeline[{answered}], which is later"
        sent = paged.get(event.speaker)
        if sent is not None and sent > event.offset_seconds:
            yield index, f"{event.speaker} is paged only at {sent} s"


def _first_pages(context: Context) -> dict[str, int]:
    paged: dict[str, int] = {}
    for page in context.plan.pages if context.plan else ():
        paged[page.person] = min(page.at, paged.get(page.person, page.at))
    return paged


RULE = Rule(
    code="PAG002",
    name="acknowledgement-before-page",
    what="An acknowledgement comes after what it answers and, with the plan, after its speaker's page.",
    why="People react to a page; they do not foresee it.",
    hint="Move the acknowledgement after what it answers.",
    check=_check,
    example='"on it" stands before the alert.',
)
