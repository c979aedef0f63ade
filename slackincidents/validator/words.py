"""Words: how a text is cut up, which of its words must be backed by a fact, what a telling offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from slackincidents.tellings import expand

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_EMOJI = re.compile(r":[a-z+-][a-z0-9_+-]*:")
_WORD = re.compile(r"\w+(?:[.,:/-]\w+)*%?")
_SHAPED = re.compile(r"\d|[a-zA-Z]_[a-zA-Z]|[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_CODELIKE = re.compile(r"[A-Za-z]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_UNIT = re.compile(r"(\d+(?:\.\d+)?)(?:%|ms|s|k|m|h|mb|gb|mib|gib|min|mins|x)")
_GLUED = re.compile(r"[\w.:/@#-]\([^()]*\||\|[^()]*\)[\w%.:/(-]")
GLUED_AT_MOST = 2000
"""Texts worked out for one word with choices inside, as ``email-(5d|7c)(f4|b9)``."""

KEPT = 8_000
"""Texts whose words are remembered: enough for the skeletons in use, little enough for memory to stay flat."""

_CHOICE = str.maketrans("(|)", "   ")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)?(?:%|[a-z]{1,6})?")


def without_code(text: str) -> str:
    """The text with code, inline and fenced, blanked out."""
    return CODE.sub(" ", text) if "`" in text else text


@lru_cache(maxsize=KEPT)
def words(text: str) -> frozenset[str]:
    """Every word of a text as it may be repeated: lower case, figures also without their unit."""
    found: set[str] = set()
    for word in _WORD.findall(_THOUSANDS.sub("", text.lower())):
        word = word.strip("_")
        found.add(word)
        if bare := _UNIT.fullmatch(word):
            found.add(bare[1])
        elif ("/" in word or ":" in word) and _CODELIKE.search(word):
            found.update(re.split(r"[/:]", word))
    return frozenset(found)


@lru_cache(maxsize=KEPT)
def telling_words(telling: str) -> frozenset[str]:
    """Every word that one telling, its slots filled, can become."""
    found = words(telling.translate(_CHOICE))
    if not _GLUED.search(telling):
        return found
    glued = (chunk for chunk in _chunks(telling) if _GLUED.search(chunk))
    return found.union(*(words(text) for chunk in glued for text in expand(chunk, limit=GLUED_AT_MOST)))


def _chunks(telling: str) -> Iterator[str]:
    """The parts of a telling between the spaces outside its choices."""
    depth, start = 0, 0
    for place, sign in enumerate(telling):
        depth += (sign == "(") - (sign == ")")
        if sign.isspace() and depth <= 0:
            yield telling[start:place]
            start = place + 1
    yield telling[start:]


@lru_cache(maxsize=KEPT)
def guarded(text: str) -> tuple[str, ...]:
    """The words of a text that need a fact behind them by their shape: figures, identifiers, code."""
    return tuple(_guarded(text))


def _guarded(text: str) -> Iterator[str]:
    plain = _THOUSANDS.sub("", _EMOJI.sub(" ", text) if ":" in text else text)
    for word in _WORD.findall(plain):
        if _SHAPED.search(word):
            yield word.strip("_").lower()
    if "`" in plain:
        for code in _INLINE.findall(plain):
            yield from (word.strip("_").lower() for word in _WORD.findall(code))


def is_number(word: str) -> bool:
    """True for a figure, a clock time or a range; false for a name with digits in it."""
    return bool(_NUMBER.fullmatch(word))
