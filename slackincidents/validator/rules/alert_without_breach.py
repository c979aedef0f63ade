"""MET004 alert-without-breach."""

from __future__ import annotations

from slackincidents.schema.incident import AlertEvent
from slackincidents.validator.context import Context
from slackincidents.validator.quantities import parse, text
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    plan = context.course
    for index, event, beat in context.pairs():
        rule = plan.skeleton.alerts.get(beat.alert or "")
        if rule is None or not isinstance(event, AlertEvent) or event.state == "resolved":
            continue
        signal = plan.skeleton.signals[rule.threshold.signal]
        figure = event.metrics.get(signal.metric) or plan.figures[f"{rule.threshold.signal}.peak"]
        value = parse(figure)
        below, above = (parse(text(signal.unit, bound)) for bound in (rule.threshold.below, rule.threshold.above))
        if value and ((above and value.value <= above.value) or (below and value.value >= below.value)):
            yield index, f"{signal.metric} is {figure}, which breaches no threshold"


RULE = Rule(
    code="MET004",
    name="alert-without-breach",
    what="A firing alert's value is past its threshold.",
    why="A monitor fires for a reason.",
    hint="Correct the value, or drop the alert.",
    check=_check,
    example="Success rate 96% in an alert for success below 90%.",
    needs_plan=True,
)
