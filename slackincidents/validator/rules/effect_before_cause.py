"""CAS002 effect-before-cause."""

from __future__ import annotations

from slackincidents.schema.incident import AlertEvent
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels = context.incident.labels
    if labels is None:
        return
    began = {labels.root_cause.service: labels.impact_start}
    for edge in labels.cascade:
        if edge.target != labels.root_cause.service:
            began[edge.target] = min(edge.offset_seconds, began.get(edge.target, edge.offset_seconds))
    for edge in labels.cascade:
        cause = began.get(edge.source, labels.impact_start)
        if edge.offset_seconds < cause:
            yield None, f"cascade: {edge.target} suffers at {edge.offset_seconds} s, before {edge.source} at {cause} s"
    for index, event in enumerate(context.incident.timeline):
        if isinstance(event, AlertEvent) and event.offset_seconds < labels.impact_start:
            yield index, f"alerts before the fault at {labels.impact_start} s"


RULE = Rule(
    code="CAS002",
    name="effect-before-cause",
    what="No effect begins before what caused it: no edge before its source, no alert before the fault.",
    why="Causes come first; the order is how a reader, or a machine, finds the root.",
    hint="Let the effect begin at or after its cause.",
    check=_check,
    example="checkout suffers at 40 s from redis, which fails at 90 s.",
)
