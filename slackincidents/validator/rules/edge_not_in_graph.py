"""CAS001 edge-not-in-graph."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels, services = context.incident.labels, context.catalogue.services
    calls = {(name, call.service) for name, service in services.items() for call in service.calls}
    for edge in labels.cascade if labels else ():
        along, against = (edge.source, edge.target) in calls, (edge.target, edge.source) in calls
        if not (along or against):
            yield None, f"cascade: {edge.source} and {edge.target} do not call each other"
        elif (edge.via == "load" and not along) or (edge.via == "error" and not against):
            yield None, f"cascade: {edge.via} does not travel from {edge.source} to {edge.target}"


RULE = Rule(
    code="CAS001",
    name="edge-not-in-graph",
    what="Every edge of the cascade lies along a call between the two services.",
    why="Trouble travels only where services talk to each other.",
    hint="Give an edge of the catalogue's graph, in the direction the trouble travels.",
    check=_check,
    example="email -> payment, which do not call each other.",
)
