"""Pairs, prompts and judges for the tests of this folder."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from slackincidents.chat.opening import Terms
from slackincidents.library import Library
from slackincidents.realism.base import Reading
from slackincidents.realism.conversation import Conversation, Line, names_of
from slackincidents.realism.judge import Judgement, Judging, NotJudged
from slackincidents.realism.judge_pairing import Pairing
from slackincidents.seeds import Seed
from slackincidents.settings import Settings
from slackincidents.writer.templates import Templates
from tests.chat.asking import SWIFT
from tests.chat.server import Question, Server

PROMPTS = Templates(Library(), folders=("judge",))
KEY = "sk-canary-judge-51f0"
SHOWN = re.compile(r"PAIR (\d+), EXCERPT ([AB])\n((?:\+.*\n?)+)")


def talk(name: str, word: str, lines: int = 10) -> Reading:
    """A conversation of which every line holds one word, so that a played judge can see whose it is."""
    own = "".join(chr(ord("a") + int(digit)) * 2 for digit in name if digit.isdigit())
    said = tuple(Line(60.0 * at, ("ann", "bob")[at % 2], f"{word} {own} line {at}", "#room") for at in range(lines))
    return Reading(name, Conversation(name, said, names_of(["ann", "bob"])))


def sides(made: int = 4, real: int = 6) -> tuple[list[Reading], list[Reading]]:
    """Made-up talk (every line says plastic) and real talk (every line says wood)."""
    return [talk(f"made-{n}", "plastic") for n in range(made)], [talk(f"real-{n}", "wood") for n in range(real)]


def judging(folder: Path, *, pairs: int = 4, controls: int = 0, samples: int = 2, per_call: int = 2) -> Judging:
    """A judge that is patient for seconds, not minutes."""
    terms = Terms(patience=SWIFT, timeout=20.0)
    pairing = Pairing(pairs, controls, window=10)
    return Judging(
        PROMPTS, pairing, samples=samples, per_call=per_call, model="judge", replies=folder / "replies", terms=terms
    )


def judged(server: Server, how: Judging, seed: str = "7", **sets: int) -> Judgement | NotJudged:
    """What the judge behind a server says about the two sets."""
    made, real = sides(**sets)
    settings = Settings(openai_api_key=SecretStr(KEY), openai_base_url=server.base_url)
    return asyncio.run(how.judged(real, made, Seed(seed), settings))


def playing(pick: Callable[[str, str], tuple[str, int]], tell: str = "formula") -> Callable[[Question], str]:
    """A judge that looks at the texts of A and B and says which is real, and how sure it is."""

    def answer(question: Question) -> str:
        shown: dict[str, dict[str, str]] = {}
        for number, side, text in SHOWN.findall(question.messages[-1].content):
            shown.setdefault(number, {})[side] = text
        told = []
        for number, texts in shown.items():
            real, sure = pick(texts["A"], texts["B"])
            reason = {"tell": tell, "quote": f"line {number}", "why": "It says so."}
            told.append({"pair": int(number), "reasons": [reason], "real": real, "confidence": sure})
        return json.dumps({"verdicts": told})

    return answer


def right(a: str, b: str) -> tuple[str, int]:
    """Always finds the made-up one."""
    return ("B" if "plastic" in a else "A"), 90


def fooled(a: str, b: str) -> tuple[str, int]:
    """Takes the made-up one for real, whenever there is one."""
    return ("A" if "plastic" in a else "B"), 70


def first(a: str, b: str) -> tuple[str, int]:
    """Says A, whatever stands there."""
    return "A", 60
