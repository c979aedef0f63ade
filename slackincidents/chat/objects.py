"""JSON in what a model said: inside other text, or in a reply that was cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import JsonValue

_DECODER = json.JSONDecoder()


def objects(text: str) -> Iterator[dict[str, JsonValue]]:
    """Every JSON object in a text, the outermost that can be read: of a reply cut off, the whole entries."""
    place = text.find("{")
    while place >= 0:
        try:
            value, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            yield value
        place = text.find("{", end)
