"""What a judge answered: verdicts, found in whatever came back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from pydantic import JsonValue

from slackincidents.chat.objects import objects
from slackincidents.realism.judge_asking import OTHER, Kinds, Question
from slackincidents.realism.judge_pairing import Kind
from slackincidents.schema.base import Frozen

LONGEST = 300
"""Characters of a quote or a sentence that are kept."""

LEAST, MOST = 50.0, 100.0
"""Between a coin toss and no doubt."""

_SIDE = re.compile(r"\W*(?:(?:excerpt|side|option|conversation)\W+)?([ab])\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Given(Frozen):
    """A reason: its kind, what is quoted, and why."""

    tell: str
    quote: str = ""
    why: str = ""


class Verdict(Frozen):
    """One answer about one pair. `fooled`: the made-up excerpt was taken for real. `first`: A was."""

    pair: str
    kind: Kind
    sample: int
    swapped: bool
    fooled: bool
    first: bool
    confidence: float | None = None
    reasons: tuple[Given, ...] = ()


def verdicts(text: str, question: Question, known: Kinds) -> tuple[Verdict, ...]:
    """The usable verdicts of a reply, in the order of the pairs; the first of several about one pair."""
    shown = {one.number: one for one in question.shown}
    found: dict[int, Verdict] = {}
    for entry in _entries(text):
        number, side = _pair(entry, len(shown)), _side(entry)
        if number not in shown or side is None or number in found:
            continue
        one = shown[number]
        found[number] = Verdict(
            pair=one.pair.id,
            kind=one.pair.kind,
            sample=question.sample,
            swapped=question.swapped,
            fooled=(side == "a") == one.made_first,
            first=side == "a",
            confidence=_confidence(entry.get("confidence")),
            reasons=tuple(_reasons(entry.get("reasons", entry.get("reason")), known)),
        )
    return tuple(found[number] for number in sorted(found))


def _entries(text: str) -> Iterator[dict[str, JsonValue]]:
    """Everything in a reply that looks like a verdict: from the agreed form, a mapping by number, or a bare one."""
    for value in objects(text):
        listed = value.get("verdicts", value)
        if isinstance(listed, list):
            yield from (one for one in listed if isinstance(one, dict))
        elif isinstance(listed, dict) and "real" in listed:
            yield listed
        elif isinstance(listed, dict):
            for name, one in listed.items():
                yield {"pair": name, **(one if isinstance(one, dict) else {"real": one})}


def _pair(entry: dict[str, JsonValue], pairs: int) -> int:
    """The number of the pair; without one, the only pair there is. 0 for none."""
    said = entry.get("pair", "1" if pairs == 1 else "")
    number = _NUMBER.search(said if isinstance(said, str) else str(said) if isinstance(said, int | float) else "")
    return int(float(number[0])) if number else 0


def _side(entry: dict[str, JsonValue]) -> str | None:
    said = entry.get("real")
    found = _SIDE.fullmatch(said) if isinstance(said, str) else None
    return found[1].lower() if found else None


def _confidence(said: JsonValue) -> float | None:
    """50 to 100, from a number, a share or a text with one; None for none."""
    if isinstance(said, bool):
        return None
    if isinstance(said, str):
        number = _NUMBER.search(said)
        said = float(number[0]) if number else None
    if not isinstance(said, int | float) or math.isnan(said):
        return None
    return min(MOST, max(LEAST, 100.0 * said if said <= 1 else float(said)))


def _reasons(said: JsonValue, known: Kinds) -> Iterator[Given]:
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str) and one.strip():
            yield Given(tell=OTHER, why=_short(one))
        elif isinstance(one, dict):
            tell = one.get("tell")
            name = tell.strip().lower() if isinstance(tell, str) else ""
            given = Given(
                tell=name if name in known.meanings else OTHER,
                quote=_short(one.get("quote")),
                why=_short(one.get("why")),
            )
            if tell or given.quote or given.why:
                yield given


def _short(said: JsonValue) -> str:
    text = " ".join(said.split()) if isinstance(said, str) else ""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0]
