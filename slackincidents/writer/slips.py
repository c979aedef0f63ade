"""Typing slips and splits: the small accidents of typing."""

from __future__ import annotations

import random
import re

NEIGHBOURS = {
    "a": "s",
    "b": "v",
    "c": "x",
    "d": "f",
    "e": "r",
    "f": "d",
    "g": "h",
    "h": "j",
    "i": "o",
    "j": "k",
    "k": "l",
    "l": "k",
    "m": "n",
    "n": "m",
    "o": "i",
    "p": "o",
    "q": "w",
    "r": "t",
    "s": "a",
    "t": "r",
    "u": "y",
    "v": "b",
    "w": "e",
    "x": "z",
    "y": "t",
    "z": "x",
}
CLAUSE = r"(?: (?:i|you|it|we|they|he|she|that|this|there|the|a|my|your|our|no|not|now|if|what|who|maybe|let|do|is)\b)"
BREAKS = re.compile(rf"(?<=,) |(?<=\?) |(?<=\.) | (?=(?:but|because|bc|unless|though)\b)| (?=so{CLAUSE})")
"""Where a thought can be parted: before a clause, not inside of "only so many"."""


def slip(text: str, rng: random.Random) -> tuple[str, str]:
    """The text with one mistyped word, and that word as it should be; ("", "") words stay as is.

    Only plain lower-case words of five letters or more are hit, never a name or figure.
    """
    words = list(re.finditer(r"(?<![\w`@#/.-])[a-z]{5,}(?![\w`/.-])", text))
    if not words:
        return text, ""
    word = rng.choice(words)
    return f"{text[: word.start()]}{_mistyped(word[0], rng)}{text[word.end() :]}", word[0]


def _mistyped(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swap", "swap", "swap", "drop", "neighbour"))
    if kind == "swap" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    return word[:at] + NEIGHBOURS[word[at]] + word[at + 1 :]


def split(text: str, rng: random.Random) -> tuple[str, str]:
    """The text in two parts at the end of a clause; the second is empty when there is none."""
    places = [m for m in BREAKS.finditer(text) if 6 <= m.start() <= len(text) - 5 and not _inside(text[: m.start()])]
    if places and text.count("`") == 0:
        at = rng.choice(places)
        return text[: at.start()].rstrip(","), text[at.end() :]
    return text, ""


def _inside(before: str) -> bool:
    """True within brackets or quotes that are still open."""
    return before.count("(") > before.count(")") or before.count('"') % 2 == 1
