"""Reading free answers: a choice by letter or words, a list, times, text, however a model puts them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from slackincidents.tasks.words import place_of

_LETTER = re.compile(
    r"(?:^|\b(?:answer|choice|option)\b\W*(?:is\b\W*)?)[(\[*\s]*([A-Za-z])(?:[)\].:,*\s]|$)", re.IGNORECASE
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?![\d:])")
_ELAPSED = re.compile(r"^\s*t?\+\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?\s*$", re.IGNORECASE)
_PAIR = re.compile(r"[\"'*]*([a-z_ ]+?)[\"'*]*\s*(?::|=|-|\bat\b)\s*(.+)", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s*")
DAY = 86_400.0


def as_choice(answer: JsonValue, choices: Sequence[str], aliases: Mapping[int, Sequence[str]]) -> int | None:
    """Which choice an answer means: its words, its letter, or the only one that the text names; else None."""
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    text = as_text(answer).strip()
    if not text:
        return None
    named = {place: (choice, *aliases.get(place, ())) for place, choice in enumerate(choices)}
    bare = _bare(text)
    exact = [place for place, words in named.items() if bare in map(_bare, words)]
    if exact:
        return exact[0]
    if letter := _LETTER.search(text):
        place = ord(letter[1].upper()) - ord("A")
        if place < len(choices) and (letter[1].isupper() or len(text) <= 3):
            return place
    inside = [place for place, words in named.items() if any(place_of(word, text) is not None for word in words)]
    return inside[0] if len(inside) == 1 else None


def as_text(answer: JsonValue) -> str:
    """Any answer as text; the values of a JSON object in their order, a line each."""
    if isinstance(answer, Mapping):
        return "\n".join(map(as_text, answer.values()))
    if isinstance(answer, list):
        return "\n".join(map(as_text, answer))
    return "" if answer is None else str(answer)


def as_list(answer: JsonValue) -> list[str]:
    """The items of a list: JSON, lines, or parted by commas, arrows or semicolons; numbers and bullets fall away."""
    if isinstance(answer, str):
        parsed = _json(answer)
        if isinstance(parsed, list):
            return as_list(parsed)
        parts = re.split(r"[\n,;]|->|→|>|\bthen\b", answer)
    elif isinstance(answer, list):
        parts = [as_text(item) for item in answer]
    else:
        parts = as_text(answer).split("\n")
    return [item for item in (_ITEM.sub("", part).strip() for part in parts) if item]


def as_times(answer: JsonValue) -> Mapping[str, JsonValue]:
    """A time for each name: a JSON object, one inside a text, or lines like ``detected: 14:03``."""
    if isinstance(answer, str):
        inner = re.search(r"\{.*\}", answer, re.DOTALL)
        parsed = _json(inner[0]) if inner else None
        answer = parsed if isinstance(parsed, Mapping) else dict(_pairs(answer))
    return {_name(name): value for name, value in answer.items()} if isinstance(answer, Mapping) else {}


def as_seconds(value: JsonValue, start: datetime, near: float) -> float | None:
    """A moment in seconds from the start: a number, ``T+12m``, ISO 8601 or a clock time (of the day nearest `near`)."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    text = as_text(value).strip()
    elapsed = _ELAPSED.match(text)
    if elapsed and any(elapsed.groups()):
        hours, minutes, seconds = (int(part or 0) for part in elapsed.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        return _dated(text, start)
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    of_day = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    began = start.astimezone(UTC)
    since = of_day - (began.hour * 3600 + began.minute * 60 + began.second)
    return float(since + DAY * round((near - since) / DAY))


def _dated(text: str, start: datetime) -> float | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - start).total_seconds()


def _pairs(text: str) -> Iterator[tuple[str, JsonValue]]:
    for line in text.splitlines():
        if found := _PAIR.match(_ITEM.sub("", line)):
            yield found[1], found[2]


def _name(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _json(text: str) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9:]+", " ", text.lower()).strip(" :")
