"""RES001 resolution-before-fix."""

from __future__ import annotations

from slackincidents.schema.acts import Act
from slackincidents.schema.incident import ResolutionEvent
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels = context.incident.labels
    fixed = _fix(context)
    for index, event in enumerate(context.incident.timeline):
        if not isinstance(event, ResolutionEvent):
            continue
        if labels and labels.impact_end is not None and event.offset_seconds < labels.impact_end:
            yield index, f"resolves at {event.offset_seconds:g} s, but the impact ends at {labels.impact_end} s"
        elif labels and labels.impact_end is None and context.ours:
            yield index, "resolves an incident whose impact has no end"
        elif fixed is not None and index < fixed:
            yield index, f"resolves before the fix at timeline[{fixed}]"


def _fix(context: Context) -> int | None:
    if context.plan is None:
        return None
    actions = context.plan.skeleton.actions
    fixing = {key for key, action in actions.items() if action.effect == "fixes"}
    return next((i for i, _, beat in context.pairs() if beat.act is Act.EXECUTE and beat.action in fixing), None)


RULE = Rule(
    code="RES001",
    name="resolution-before-fix",
    what="The resolution comes after the impact ended and, with the plan, after the action that fixed it.",
    why="It is over when it is over.",
    hint="Move the resolution after the fix.",
    check=_check,
    example="Resolved at 900 s, impact until 1400 s.",
)
