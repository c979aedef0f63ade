"""MET003 not-recovered."""

from __future__ import annotations

from collections.abc import Mapping

from slackincidents.schema.incident import AlertEvent, ResolutionEvent
from slackincidents.schema.plan import Plan
from slackincidents.validator.context import Context
from slackincidents.validator.quantities import no_better, parse
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        if not isinstance(event, ResolutionEvent) or not event.metrics_after:
            continue
        if context.plan is not None:
            yield from _against_signals(index, event.metrics_after, context.plan)
        else:
            yield from _against_alerts(index, event, context)


def _against_signals(index: int, after: Mapping[str, str | float], plan: Plan) -> Found:
    for name in plan.skeleton.resolution.signals_after:
        metric = plan.skeleton.signals[name].metric
        normal, worst = parse(plan.figures[f"{name}.baseline"]), parse(plan.figures[f"{name}.peak"])
        value = parse(after[metric]) if metric in after else None
        if value is None or normal is None or worst is None:
            continue
        if abs(value.value - normal.value) >= abs(value.value - worst.value):
            yield index, f"{metric} is {after[metric]}; normal is {plan.figures[f'{name}.baseline']}"


def _against_alerts(index: int, event: ResolutionEvent, context: Context) -> Found:
    alarms = {
        (alert.channel, metric): value
        for alert in context.incident.timeline[:index]
        if isinstance(alert, AlertEvent) and alert.state != "resolved"
        for metric, value in alert.metrics.items()
    }
    for metric, figure in (event.metrics_after or {}).items():
        after, alarm = parse(figure), parse(alarms.get((event.channel, metric), ""))
        if after and alarm and no_better(metric, after, alarm):
            yield index, f"{metric} is {figure}, no better than in the alert"


RULE = Rule(
    code="MET003",
    name="not-recovered",
    what="After the resolution every metric is nearer its normal value than its worst.",
    why="Nobody resolves an incident whose numbers are still bad.",
    hint="Give the recovered value, or resolve later.",
    check=_check,
    example="metrics_after with the p95 of the alert.",
)
