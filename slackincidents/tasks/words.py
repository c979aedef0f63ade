"""Words of free text: stems, identifiers, and whether something is named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHAPED = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}|\d[a-zA-Z]|[a-zA-Z]\d")
_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SMALL = """
a about after again all also always an and another any anything are as at back be because been before being but
by can come could did do does doing down each else even ever every few for from get gets got had has have having he
her here hers him his how i if in into is it its itself just keep kept last left let like made make makes many may
me might more most much must my never new no nobody none nor not nothing now of off often old on once one only onto
or other our ours out over own people per put quite said same say see seen set she should since so some somebody
something still such take takes taken than that the their them then there these they thing this those though
through till to too two under until up us very was we went were what when where whether which while who whose why
will with without would yet you your
"""
_STOP = frozenset(_SMALL.split())


def stem(word: str) -> str:
    """A lower-case word without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=8_000)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words without the small words; ``OOMKilled`` also counts as oom and killed."""
    found: set[str] = set()
    for token in _TOKEN.findall(text):
        parts = _PARTS.findall(token) if _SHAPED.search(token) else []
        for word in (token, *parts):
            lower = word.lower()
            if len(lower) > 1 and lower not in _STOP and (not lower.isdigit() or word is token):
                found.add(stem(lower))
    return frozenset(found)


@lru_cache(maxsize=8_000)
def identifiers(text: str) -> frozenset[str]:
    """The words of a text that nobody says by chance: ``adManualGc``, ``256Mi``; in lower case."""
    return frozenset(token.lower() for token in _TOKEN.findall(text) if _SHAPED.search(token) and len(token) > 3)


@lru_cache(maxsize=8_000)
def _naming(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s_-]+", name.strip()) if word]
    inner = r"[\s_-]*".join(words)
    return re.compile(rf"(?<![A-Za-z0-9]){inner}(?:'?s)?(?![A-Za-z0-9])", re.IGNORECASE)


def place_of(name: str, text: str) -> int | None:
    """Where a name first stands in a text, hyphens and blanks alike; None where it does not."""
    found = _naming(name).search(text) if name.strip() else None
    return found.start() if found else None


def names(text: str, known: Iterable[str]) -> bool:
    """Whether one of the names stands in the text."""
    return any(place_of(name, text) is not None for name in known)


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text."""
    return [part for part in _SENTENCE.split(text) if part.strip()]
