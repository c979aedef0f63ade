"""FMT003 bad-value."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

SEVERITY = re.compile(r"SEV-[1-4]")
CHANNEL = re.compile(r"#[a-z0-9_-]{1,79}")
GROUP = re.compile(r"@[a-z0-9_.-]{1,79}")


def _check(context: Context) -> Found:
    severity = context.incident.metadata.get("severity")
    if severity is not None and (not isinstance(severity, str) or not SEVERITY.fullmatch(severity)):
        yield None, f"metadata.severity is {severity!r}"
    for name, record in context.incident.services.items():
        if not CHANNEL.fullmatch(record.channel):
            yield None, f"{name} has the channel {record.channel!r}"
        if record.oncall_group and not GROUP.fullmatch(record.oncall_group):
            yield None, f"{name} has the group {record.oncall_group!r}"
    for index, event in enumerate(context.incident.timeline):
        if not CHANNEL.fullmatch(event.channel):
            yield index, f"is in the channel {event.channel!r}"


RULE = Rule(
    code="FMT003",
    name="bad-value",
    what="Severities, channels and groups have the form Slack and the dialect give them.",
    why="A sink cannot post to a channel that cannot exist.",
    hint="Write SEV-1 to SEV-4, #channel, @group.",
    check=_check,
    example='"severity": "P1" in metadata.',
)
