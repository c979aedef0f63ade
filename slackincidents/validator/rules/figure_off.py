"""MET005 figure-off."""

from __future__ import annotations

from collections.abc import Mapping

from slackincidents.schema.incident import AlertEvent, ResolutionEvent
from slackincidents.schema.plan import Plan
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    plan = context.course
    for index, event, beat in context.pairs():
        rule = plan.skeleton.alerts.get(beat.alert or "")
        if rule is not None and isinstance(event, AlertEvent):
            part = "recovered" if event.state == "resolved" else "peak"
            yield from _differences(index, event.metrics, _expected(plan, rule.signals, part))
        elif isinstance(event, ResolutionEvent) and event.metrics_after is not None:
            yield from _differences(
                index, event.metrics_after, _expected(plan, plan.skeleton.resolution.signals_after, "recovered")
            )


def _expected(plan: Plan, signals: tuple[str, ...], part: str) -> dict[str, str]:
    return {plan.skeleton.signals[name].metric: plan.figures[f"{name}.{part}"] for name in signals}


def _differences(index: int, found: Mapping[str, str | float], expected: Mapping[str, str]) -> Found:
    for metric in dict.fromkeys((*found, *expected)):
        if found.get(metric) != expected.get(metric):
            yield index, f"{metric} is {found.get(metric, 'missing')}, in the plan {expected.get(metric, 'unknown')}"


RULE = Rule(
    code="MET005",
    name="figure-off",
    what="Metrics in alerts and resolutions are those of the plan.",
    why="A number told twice must be the same number.",
    hint="Use the plan's figures.",
    check=_check,
    example="The card says 2300ms where the plan's peak is 2850ms.",
    needs_plan=True,
    of_words=True,
)
