"""LBL001 broken-label."""

from __future__ import annotations

from collections import Counter

from slackincidents.schema.incident import Labels, MessageLabel
from slackincidents.schema.plan import Beat, Plan
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels = context.incident.labels
    if labels is None:
        return
    size = len(context.incident.timeline)
    counted = Counter(label.index for label in labels.messages)
    for index, times in counted.items():
        if not 0 <= index < size:
            yield None, f"labels: there is no timeline[{index}]"
        elif times > 1:
            yield index, f"is labelled {times} times"
    yield from ((index, "has no label") for index in range(size) if index not in counted)
    yield from _pointers(labels, size)
    if context.plan is not None:
        yield from _whole(labels, context.plan)
        place = {beat.id: index for index, beat in enumerate(context.plan.beats)}
        for index, _, beat in context.pairs():
            if index in context.labels:
                answered = place.get(beat.answers) if beat.answers else None
                yield from _one(context.labels[index], beat, answered, context.plan)


def _pointers(labels: Labels, size: int) -> Found:
    if labels.cause_first_stated is not None and not 0 <= labels.cause_first_stated < size:
        yield None, f"cause_first_stated is {labels.cause_first_stated}, there is no such event"
    if labels.impact_end is not None and labels.impact_end < labels.impact_start:
        yield None, f"impact ends at {labels.impact_end} s, before it starts at {labels.impact_start} s"
    for label in labels.messages:
        if label.answers is not None and not 0 <= label.answers < size:
            yield label.index, f"answers timeline[{label.answers}], there is no such event"


def _whole(labels: Labels, plan: Plan) -> Found:
    cause = plan.skeleton.root_cause
    wanted = {
        "impact_start": (labels.impact_start, plan.impact_start),
        "impact_end": (labels.impact_end, plan.impact_end),
        "ending": (labels.ending, plan.ending),
        "root_cause.service": (labels.root_cause.service, cause.service),
        "root_cause.component": (labels.root_cause.component, cause.component),
        "root_cause.category": (labels.root_cause.category, cause.category.value),
        "cascade": (
            {(e.source, e.target) for e in labels.cascade},
            {(s.source, s.target) for s in plan.skeleton.cascade},
        ),
    }
    for name, (found, planned) in wanted.items():
        if found != planned:
            yield None, f"labels: {name} is {found!r}, in the plan {planned!r}"
    for name in labels.hypotheses_withdrawn:
        if name not in plan.skeleton.hypotheses:
            yield None, f"hypotheses_withdrawn: no hypothesis {name!r}"
    for name in labels.actions_failed:
        if name not in plan.skeleton.actions:
            yield None, f"actions_failed: no action {name!r}"


def _one(label: MessageLabel, beat: Beat, answered: int | None, plan: Plan) -> Found:
    guess = plan.skeleton.hypotheses.get(label.hypothesis or "")
    true = guess.true if guess else None
    wanted = {
        "act": (label.act, beat.act),
        "phase": (label.phase, beat.phase),
        "reveals": (label.reveals, beat.reveals),
        "cites": (label.cites, beat.cites),
        "hypothesis": (label.hypothesis, beat.hypothesis),
        "hypothesis_true": (label.hypothesis_true, true),
        "exchange": (label.exchange, beat.exchange),
        "answers": (label.answers, answered),
    }
    for name, (found, planned) in wanted.items():
        if found != planned:
            yield label.index, f"label: {name} is {found!r}, in the plan {planned!r}"


RULE = Rule(
    code="LBL001",
    name="broken-label",
    what="Labels name every event once, point into the timeline and, with the plan, say what the plan says.",
    why="The answer key is what the file is for.",
    hint="Make the labels from the plan again.",
    check=_check,
    example="Two labels with index 7, none with index 8.",
)
