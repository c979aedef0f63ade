"""MET001 impossible-percent."""

from __future__ import annotations

import re

from slackincidents.validator.context import Context
from slackincidents.validator.quantities import figures_of, parse
from slackincidents.validator.rule import Found, Rule

MAY_EXCEED = re.compile(r"cpu|change|increase|growth|delta|threshold|current_value")
PERCENT = re.compile(r"percent|pct")


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        for metric, figure in figures_of(event):
            quantity = parse(figure)
            if (
                quantity is None
                or MAY_EXCEED.search(metric)
                or not (quantity.dimension == "%" or PERCENT.search(metric))
            ):
                continue
            if not 0 <= quantity.value <= 100:
                yield index, f"{metric} is {figure}"


RULE = Rule(
    code="MET001",
    name="impossible-percent",
    what="A share is between 0 and 100 percent.",
    why="No error rate is above 100%.",
    hint="Correct the value.",
    check=_check,
    example='error_rate: "140%"',
    of_words=True,
)
