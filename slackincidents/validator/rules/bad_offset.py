"""TIM002 bad-offset."""

from __future__ import annotations

import math

from slackincidents.schema.incident import Spoken
from slackincidents.schema.numbers import beyond_all_dates
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    for index, event in enumerate(context.incident.timeline):
        if not math.isfinite(event.offset_seconds) or event.offset_seconds < 0:
            yield index, f"offset_seconds is {event.offset_seconds}"
        elif beyond_all_dates(context.incident, event):
            yield index, f"offset_seconds is {event.offset_seconds:g}, beyond all dates"
        elif isinstance(event, Spoken) and event.edited and event.edited.offset_seconds <= event.offset_seconds:
            yield index, f"was edited at {event.edited.offset_seconds:g} s, not after it was posted"


RULE = Rule(
    code="TIM002",
    name="bad-offset",
    what="An offset is a finite number of seconds, not below zero, that lead to a date; an edit comes after.",
    why="Anything else has no place on a clock.",
    hint="Give the seconds from start_time.",
    check=_check,
    example="An alert at offset_seconds -30.",
)
