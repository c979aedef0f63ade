"""FMT001 unknown-field."""

from __future__ import annotations

from difflib import get_close_matches

from slackincidents.schema.incident import Open
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule


def _check(context: Context) -> Found:
    incident = context.incident
    yield from _misspelt(None, incident)
    for record in incident.services.values():
        yield from _misspelt(None, record)
    for index, event in enumerate(incident.timeline):
        yield from _misspelt(index, event)


def _misspelt(index: int | None, record: Open) -> Found:
    for field in record.unknown_fields:
        near = get_close_matches(field.lower(), type(record).model_fields, n=1, cutoff=0.8)
        if near:
            yield index, f"unknown field {field!r}; did you mean {near[0]!r}?"


RULE = Rule(
    code="FMT001",
    name="unknown-field",
    what="No field is a near miss of one the dialect has.",
    why="A misspelt key is silently ignored by every reader.",
    hint="Correct the spelling; fields that are near to none are left alone.",
    check=_check,
    example='"thread_parrent": 3',
)
