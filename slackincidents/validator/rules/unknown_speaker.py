"""SPK001 unknown-speaker."""

from __future__ import annotations

from slackincidents.errors import nearest
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        reacting = [user for reaction in event.reactions for user in reaction.users]
        for name in dict.fromkeys((event.speaker, *reacting)):
            if name not in context.persons and not context.is_bot(name):
                near = nearest(name, context.persons, most=1)
                yield index, f"{name} is nobody we know" + (f"; near: {near}" if near else "")


RULE = Rule(
    code="SPK001",
    name="unknown-speaker",
    what="Whoever posts or reacts is on the roster, an engineer in the file, or a bot.",
    why="Everybody has a persona, or at least a service they stand for.",
    hint="Use a handle of the roster, or list the engineer under the service.",
    check=_check,
    example='A message by "alise".',
)
