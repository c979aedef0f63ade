"""ALR001 alert-without-runbook."""

from __future__ import annotations

from slackincidents.schema.incident import AlertEvent
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        if not context.ours or not isinstance(event, AlertEvent) or event.state == "resolved":
            continue
        if not (event.runbook or "").strip():
            yield index, f"{event.title or 'an alert'} fires without a runbook"


RULE = Rule(
    code="ALR001",
    name="alert-without-runbook",
    what="A firing alert in a file of ours links a runbook.",
    why="Whoever is woken by it must be able to see what to do.",
    hint="Link one; slackincidents runbook SCENARIO writes it.",
    check=_check,
    example="A critical alert with a dashboard and nothing else.",
)
