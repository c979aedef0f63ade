"""A model for measuring, played by the offline writer: it reads the prompt for what to write and whose incident it is.

Good answers are the offline writer's texts for the beats asked for. The scenario and the seed are in the cache key, so
that this can be a process of its own: ``python -m tests.chat.server --answer evals.played_model:answer``.
"""

from __future__ import annotations

import json
import random
import re
from functools import cache, lru_cache

from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Pace, Plan
from slackincidents.writer import OfflineWriter
from tests.chat.server import Question
from tests.chat.spoiling import SPOILERS as PLAIN_SPOILERS
from tests.chat.spoiling import Lines, Spoiler, read_lines

WANTED = re.compile(r"^Write ((?:b\d+ ?)+?)(?: as \S+)?$", re.MULTILINE)
NAMED = re.compile(r"(?P<skeleton>[a-z0-9-]+)-(?P<seed>\d+)")
PACE: Pace = "real"
KEPT = 96
"""Incidents whose answers are kept ready: as many as are under way at once."""

SUSPECT = "fwiw I think it is"
"""How a leaked particular is brought in."""


@cache
def workshop() -> Workshop:
    """The library that ships, read once."""
    return Workshop.open(Library())


@lru_cache(maxsize=KEPT)
def good_texts(skeleton: str, seed: str) -> dict[str, str]:
    """The offline writer's text for every beat. Slips are left out: the engine puts them in."""
    plan = planned(skeleton, seed)
    steady = plan.model_copy(update={"beats": tuple(b.model_copy(update={"slip": False}) for b in plan.beats)})
    return OfflineWriter(workshop().banks).compose(steady).texts


@lru_cache(maxsize=KEPT)
def planned(skeleton: str, seed: str) -> Plan:
    """The plan of an incident."""
    return workshop().plan(skeleton, seed=seed, pace=PACE)


def whose(question: Question) -> tuple[str, str]:
    """Scenario and seed."""
    found = NAMED.fullmatch(question.prompt_cache_key or "")
    if found is None:
        raise ValueError(f"no incident in the cache key {question.prompt_cache_key!r}")
    return found["skeleton"], found["seed"]


def answer(question: Question) -> str:
    """A good answer: every beat asked for, none else."""
    asked = WANTED.findall(question.messages[-1].content)
    wanted = asked[-1].split() if asked else []
    texts = good_texts(*whose(question))
    return json.dumps({"lines": [{"beat": beat, "text": texts[beat]} for beat in wanted]}, ensure_ascii=False)


def _leaked(text: str, question: Question, rng: random.Random) -> str:
    """One line names something that only comes up at the end of the incident."""
    lines = read_lines(text)
    late = [part.value for beat in planned(*whose(question)).beats[-20:] for part in beat.particulars]
    if lines and late:
        line = rng.choice(lines)
        line["text"] = f"{line['text']}, {SUSPECT} {rng.choice(late)}"
    return json.dumps(Lines(lines=lines), ensure_ascii=False)


def _signed(text: str, question: Question, rng: random.Random) -> str:
    """One line begins with its own speaker's name."""
    lines = read_lines(text)
    speakers = {beat.id: beat.speaker for beat in planned(*whose(question)).beats}
    if lines:
        line = rng.choice(lines)
        line["text"] = f"{speakers[line['beat']]}: {line['text']}"
    return json.dumps(Lines(lines=lines), ensure_ascii=False)


SPOILERS: dict[str, Spoiler] = {**PLAIN_SPOILERS, "leaked": _leaked, "speaker": _signed}
"""What can be wrong with the content of a reply, leaks of this very incident among it."""
