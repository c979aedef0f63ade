"""KNO003 look-without-prerequisite."""

from __future__ import annotations

from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    plan, cone = context.course, context.cone
    for look in plan.looks:
        clue = plan.skeleton.clues.get(look.clue)
        if clue is None or look.end < look.start:
            yield None, f"{look.person} looked for {look.clue!r} from {look.start} to {look.end} s"
            continue
        for need in clue.needs:
            fact = f"alert:{need}" if need in plan.skeleton.alerts else f"clue:{need}"
            if not cone.has_found(look.person, fact, look.end) and not cone.has_read(look.person, fact, look.end):
                yield None, f"{look.person} found {look.clue!r} at {look.end} s without {fact}"


RULE = Rule(
    code="KNO003",
    name="look-without-prerequisite",
    what="Whoever finds a clue knew by then all that the clue needs.",
    why="One finds the query in the log after one knows which service to look at, not before.",
    hint="Look later, or learn the prerequisite first.",
    check=_check,
    example="The slow query is found by somebody who has not seen the latency alert.",
    needs_plan=True,
)
