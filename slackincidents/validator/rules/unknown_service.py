"""SVC001 unknown-service."""

from __future__ import annotations

from slackincidents.errors import nearest
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    known = context.catalogue.services
    named = dict.fromkeys(context.incident.services)
    if labels := context.incident.labels:
        ends = (name for edge in labels.cascade for name in (edge.source, edge.target))
        named |= dict.fromkeys((labels.root_cause.service, *ends))
    for name in named:
        if name not in known:
            near = nearest(name, known, most=1)
            yield None, f"no service {name!r} in the catalogue" + (f"; near: {near}" if near else "")


RULE = Rule(
    code="SVC001",
    name="unknown-service",
    what="Every service of the file, and of its answer key, is in the catalogue.",
    why="A service nobody runs has no channel, no group and no place in the graph.",
    hint="Use a name of the catalogue: slackincidents services.",
    check=_check,
    example='services: {"recomendation": ...}',
)
