"""KNO004 cause-before-evidence."""

from __future__ import annotations

from slackincidents.schema.acts import Act
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    labels, clues = context.incident.labels, context.course.skeleton.clues
    if labels is None:
        return
    causes = {f"clue:{key}" for key, clue in clues.items() if clue.states_cause}
    telling = [index for index, label in sorted(context.labels.items()) if causes & {*label.reveals, *label.cites}]
    first = telling[0] if telling else None
    if labels.cause_first_stated != first:
        yield (
            labels.cause_first_stated,
            f"cause_first_stated is {labels.cause_first_stated}, the cause is first told at {first}",
        )
    for index, label in context.labels.items():
        if label.act is Act.CAUSE and index not in telling:
            yield index, "is labelled cause, but tells none"


RULE = Rule(
    code="KNO004",
    name="cause-before-evidence",
    what="The answer key names the first event that states the true cause; no event is labelled cause without it.",
    why="It is what a solver is scored on.",
    hint="Set cause_first_stated to the first event that reveals or cites a clue that states the cause.",
    check=_check,
    example="cause_first_stated 4, but the cause is first told in timeline[31].",
    needs_plan=True,
)
