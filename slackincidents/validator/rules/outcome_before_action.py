"""ACT001 outcome-before-action."""

from __future__ import annotations

from slackincidents.schema.acts import Act
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    done: set[str] = set()
    for index, label in sorted(context.labels.items()):
        facts = (*label.reveals, *label.cites)
        done |= {fact.partition(":")[2] for fact in facts if fact.startswith("action:")}
        wanted = {fact.partition(":")[2] for fact in facts if fact.startswith("outcome:")}
        if context.plan and label.act is Act.OUTCOME and 0 <= index < len(context.plan.beats):
            wanted |= {context.plan.beats[index].action or ""} - {""}
        for name in sorted(wanted - done):
            yield index, f"tells what came of {name!r}, which nobody has done"


RULE = Rule(
    code="ACT001",
    name="outcome-before-action",
    what="An outcome is told only of an action that was carried out before.",
    why="What was not done has no effect.",
    hint="Tell the outcome after the action, or label it otherwise.",
    check=_check,
    example='"restart helped" before anybody restarted.',
)
