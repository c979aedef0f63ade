"""What models get wrong, done to a good answer: ``{"lines": [{"beat": ..., "text": ...}]}``."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from tests.chat.server import Question


class Line(TypedDict):
    """One line of an answer."""

    beat: str
    text: str


class Lines(TypedDict):
    """An answer."""

    lines: list[Line]


_LINES = TypeAdapter(Lines)
Spoil = Callable[[list[Line], random.Random], list[Line]]
Spoiler = Callable[[str, "Question", random.Random], str]

SPEAKER = "alice: "
STRANGER = "it is the deploy v9.9.9 of shadow-service, flag enable_everything"
MODEL = "Certainly! As an AI language model, I would say:"
ASSISTANT = "Sure! Here are the messages you asked for:"
INVENTED = "p99 is at 48213ms now, 7391 timeouts in the last 17 min"
BROADCAST = "<!channel>"


def _missing(lines: list[Line], rng: random.Random) -> list[Line]:
    """One line is not there."""
    gone = rng.randrange(len(lines))
    return [line for index, line in enumerate(lines) if index != gone]


def _extra(lines: list[Line], rng: random.Random) -> list[Line]:
    """A line that nobody asked for."""
    at = rng.randrange(len(lines) + 1)
    return [*lines[:at], Line(beat="b9999", text="one more thing, all good now"), *lines[at:]]


def _renamed(lines: list[Line], rng: random.Random) -> list[Line]:
    """A line under a wrong name."""
    return _one(lines, rng, lambda line: Line(beat=f"beat_{line['beat']}", text=line["text"]))


def _twice(lines: list[Line], rng: random.Random) -> list[Line]:
    """A line given twice, in other words."""
    line = rng.choice(lines)
    return [*lines, Line(beat=line["beat"], text=f"{line['text']} again")]


def _text(change: Callable[[str], str]) -> Spoil:
    """One line's text, changed."""
    return lambda lines, rng: _one(lines, rng, lambda line: Line(beat=line["beat"], text=change(line["text"])))


def _one(lines: list[Line], rng: random.Random, change: Callable[[Line], Line]) -> list[Line]:
    at = rng.randrange(len(lines))
    return [change(line) if index == at else line for index, line in enumerate(lines)]


_SPOILS: dict[str, Spoil] = {
    "missing": _missing,
    "extra": _extra,
    "renamed": _renamed,
    "twice": _twice,
    "speaker": _text(lambda text: f"{SPEAKER}{text}"),
    "invented": _text(lambda text: f"{text}, {INVENTED}"),
    "leaked": _text(lambda text: f"{text}, {STRANGER}"),
    "stranger": _text(lambda text: f"{text}, {STRANGER}"),
    "bold": _text(lambda text: f"**{text}**"),
    "broadcast": _text(lambda text: f"{BROADCAST} {text}"),
    "assistant": _text(lambda text: f"{MODEL} {text}"),
    "blank": _text(lambda _: "  "),
}


def read_lines(text: str) -> list[Line]:
    """The lines of a good answer."""
    return _LINES.validate_json(text)["lines"]


def _spoiler(spoil: Spoil) -> Spoiler:
    def spoilt(text: str, _: Question, rng: random.Random) -> str:
        lines = read_lines(text)
        return json.dumps({"lines": spoil(lines, rng)} if lines else {"lines": []})

    return spoilt


def _talk(text: str, _: Question, __: random.Random) -> str:
    """The answer in a fence, with talk around it."""
    return f"{ASSISTANT}\n```json\n{text}\n```\nLet me know if you need anything else!"


SPOILERS: dict[str, Spoiler] = {
    **{name: _spoiler(spoil) for name, spoil in _SPOILS.items()},
    "talk": _talk,
}
"""Fault -> what it does to a good answer."""

TRACES = (INVENTED, STRANGER, "**", BROADCAST, MODEL, ASSISTANT)
"""What no finished message may hold, outside of code."""
