"""CAS003 wrong-root."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels = context.incident.labels
    if labels is None:
        return
    reached = {labels.root_cause.service}
    for _ in labels.cascade:
        reached |= {edge.target for edge in labels.cascade if edge.source in reached}
    for edge in labels.cascade:
        if edge.source not in reached:
            yield None, f"cascade: {edge.source} is not reached from {labels.root_cause.service}"


RULE = Rule(
    code="CAS003",
    name="wrong-root",
    what="The cascade starts at the service of the root cause.",
    why="An effect that nothing leads to is another incident.",
    hint="Add the missing edge, or correct root_cause.service.",
    check=_check,
    example="Root cause redis, cascade starting at kafka.",
)
