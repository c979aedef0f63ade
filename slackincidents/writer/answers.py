"""What a model answered: beat ids and texts, found in whatever came back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

from slackincidents.chat.base import Shape
from slackincidents.chat.objects import objects

LINES = Shape(
    name="lines",
    json_schema=json.dumps(
        {
            "type": "object",
            "properties": {
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"beat": {"type": "string"}, "text": {"type": "string"}},
                        "required": ["beat", "text"],
                        "additionalProperties": False,
                    },
                }
            },
            "required": ["lines"],
            "additionalProperties": False,
        },
        separators=(",", ":"),
    ),
)
"""The form of every answer, the same for each call, so that endpoints work it out once."""

LONGEST = 1500
"""Characters in one chat message; what is longer is no chat message and is not taken."""

_QUOTED = re.compile(r'^"(.*)"$', re.DOTALL)


def parse(text: str) -> dict[str, str]:
    """Beat id -> text, from the agreed form, from a plain mapping, or from either inside other text.

    Of a reply that was cut off, the whole lines are kept; a beat told twice keeps its first text.
    """
    found: dict[str, str] = {}
    for value in objects(text):
        for beat, said in _lines(value):
            found.setdefault(beat, said)
    return found


def _lines(value: JsonValue) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    lines = value.get("lines", value)
    if isinstance(lines, dict):
        lines = [lines] if {"beat", "text"} <= lines.keys() else [{"beat": b, "text": t} for b, t in lines.items()]
    for line in lines if isinstance(lines, list) else ():
        beat, said = (line.get("beat"), line.get("text")) if isinstance(line, dict) else (None, None)
        if isinstance(beat, str) and isinstance(said, str) and (clean := _clean(said)):
            yield beat.strip(), clean


def _clean(said: str) -> str:
    """Without blanks around it and without quotes around the whole; nothing when it is no chat message."""
    text = said.strip()
    if (quoted := _QUOTED.match(text)) and '"' not in quoted[1]:
        text = quoted[1].strip()
    return text if len(text) <= LONGEST else ""
