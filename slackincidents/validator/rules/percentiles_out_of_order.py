"""MET002 percentiles-out-of-order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from slackincidents.validator.context import Context
from slackincidents.validator.quantities import parse
from slackincidents.validator.rule import Found, Rule

_NAME = re.compile(r"(.*?)p(\d\d(?:\.\d+)?)(?:_?)(.*)")


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        for metrics in (getattr(event, "metrics", None), event.metrics_after):
            for lower, higher in pairwise(sorted(_percentiles(metrics or {}))):
                if lower[:2] == higher[:2] and lower[3] > higher[3] * 1.0001:
                    yield index, f"p{lower[2]:g} is above p{higher[2]:g} of {lower[0] or 'the same'}"


def _percentiles(metrics: Mapping[str, str | float]) -> Iterator[tuple[str, str, float, float]]:
    for metric, figure in metrics.items():
        match, quantity = _NAME.fullmatch(metric), parse(figure)
        if match and quantity:
            yield match[1] + match[3], quantity.dimension, float(match[2]), quantity.value


RULE = Rule(
    code="MET002",
    name="percentiles-out-of-order",
    what="In one card p50 <= p95 <= p99 of the same thing.",
    why="A higher percentile is never smaller.",
    hint="Correct the values.",
    check=_check,
    example="p95_latency 900ms beside p99_latency 450ms.",
)
