"""FMT004 not-a-number."""

from __future__ import annotations

from slackincidents.schema.numbers import not_numbers
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for place, value in not_numbers(context.incident.model_dump(exclude={"timeline"})):
        yield None, _told(place, value)
    for index, event in enumerate(context.incident.timeline):
        for place, value in not_numbers(event.model_dump(exclude={"offset_seconds"})):
            yield index, _told(place, value)


def _told(place: str, value: float) -> str:
    return f"{place} is {value if isinstance(value, float) else 'too large to reckon with'}"


RULE = Rule(
    code="FMT004",
    name="not-a-number",
    what="Every number in the file is finite: metrics, metadata and all other fields.",
    why="NaN and Infinity are not JSON; other readers refuse the file.",
    hint="Give the number, or leave the field out.",
    check=_check,
    example='"metrics": {"cpu_usage": NaN}',
)
