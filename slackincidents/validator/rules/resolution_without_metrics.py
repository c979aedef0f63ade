"""RES002 resolution-without-metrics."""

from __future__ import annotations

from slackincidents.schema.incident import ResolutionEvent
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        if context.ours and isinstance(event, ResolutionEvent) and not event.metrics_after:
            yield index, "has no metrics_after"


RULE = Rule(
    code="RES002",
    name="resolution-without-metrics",
    what="A resolution in a file of ours says what the metrics are now.",
    why="Without them nobody can tell that it is over.",
    hint="Add metrics_after.",
    check=_check,
    example="A resolution with no metrics_after.",
)
