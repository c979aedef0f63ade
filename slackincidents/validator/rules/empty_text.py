"""TXT003 empty-text."""

from __future__ import annotations

from slackincidents.schema.incident import ActionEvent
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        silent = isinstance(event, ActionEvent) and event.action_details.strip() and not context.ours
        if not event.text.strip(" \t\n`") and not silent:
            yield index, "has no text"


RULE = Rule(
    code="TXT003",
    name="empty-text",
    what="Every message says something; an alert has a title.",
    why="Slack refuses an empty message.",
    hint="Write the text again.",
    check=_check,
    example="A message whose content is two spaces.",
)
