"""A stand-in for a model that rewords: it reads the prompt as a model would and keeps what it is told to keep."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from slackincidents.chat.base import ChatRequest

ASKED = re.compile(r"^\[(e\d+)\] [^:\n]*: (.*?)(?=^ {4}keep: |^ {4}wrong before: |^\[e\d+\] |\Z)", re.M | re.S)
Reword = Callable[[str, str, int], str | None]
"""Beat id, old text and attempt -> new text, or nothing."""


def asked(request: ChatRequest) -> dict[str, str]:
    """The lines a request wants reworded, by id."""
    return asked_in(request.messages[-1].content)


def asked_in(user: str) -> dict[str, str]:
    """The lines that the text of a request wants reworded, by id."""
    block = re.split(r"^(?:Reword these|Your text for these) .*$", user, flags=re.M)[-1]
    return {match[1]: match[2].rstrip("\n") for match in ASKED.finditer(block)}


def answering(reword: Reword) -> Callable[[ChatRequest], str]:
    """A script for `ScriptedChat` that rewords line by line."""

    def answer(request: ChatRequest) -> str:
        told = {beat: reword(beat, text, request.attempt) for beat, text in asked(request).items()}
        lines = [{"beat": beat, "text": text} for beat, text in told.items() if text is not None]
        return json.dumps({"lines": lines})

    return answer


def plainly(name: str = "so") -> Reword:
    """Puts a word in front: the least that is other words."""
    return lambda _beat, text, _attempt: f"{name} {text}"
