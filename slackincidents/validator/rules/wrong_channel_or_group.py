"""SVC003 wrong-channel-or-group."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    if not context.ours:
        return
    for name, record in context.incident.services.items():
        service = context.catalogue.services.get(name)
        if service and record.channel != service.channel:
            yield None, f"{name} has the channel {record.channel}, not {service.channel}"
        if service and record.oncall_group != service.oncall_group:
            yield None, f"{name} has the group {record.oncall_group}, not {service.oncall_group}"


RULE = Rule(
    code="SVC003",
    name="wrong-channel-or-group",
    what="In a file of ours a service has the channel and group of the catalogue.",
    why="The catalogue decides who is called; a file that differs calls the wrong people.",
    hint="Copy channel and oncall_group from the catalogue.",
    check=_check,
    example="payment with the channel #checkout-oncall.",
)
