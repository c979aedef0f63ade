"""The small language of tellings: ``(a|b)`` is a choice, ``{name}`` a slot.

A choice may be empty (``(so |)redis is down``) and may nest. Parentheses without a bar are plain
text. Slots are ``{name}`` or ``{name.part}`` in lower case; any other brace is plain text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping

SLOT = re.compile(r"\{([a-z0-9]+(?:[-_][a-z0-9]+)*(?:\.[a-z_]+)?)\}")
_INNERMOST = re.compile(r"\(([^()]*\|[^()]*)\)")
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLAIN = re.compile(r"\(([^()|]*)\)")


def slots(telling: str) -> set[str]:
    """The slot names a telling uses."""
    return set(SLOT.findall(telling))


def fill(telling: str, values: Mapping[str, str]) -> str:
    """Put values into the slots. Raises KeyError with the slot's name when one is missing."""
    return SLOT.sub(lambda match: values[match[1]], telling)


def choose(telling: str, rng: random.Random, *, tidy: bool = True) -> str:
    """Settle every choice; `tidy` folds the blanks that empty choices leave."""
    settled = _settle(telling, lambda options: rng.choice(options))
    return _tidy(settled) if tidy else settled


def count(telling: str) -> int:
    """How many different texts a telling can become (an upper bound)."""
    return sum(1 for _ in expand(telling, limit=10_000))


def expand(telling: str, limit: int = 10_000) -> Iterator[str]:
    """Every text a telling can become, up to `limit`."""
    pending, seen = [_protect(telling)], 0
    while pending and seen < limit:
        text = pending.pop()
        match = _INNERMOST.search(text)
        if match is None:
            seen += 1
            yield _tidy(_restore(text))
            continue
        before, after = text[: match.start()], text[match.end() :]
        pending.extend(_protect(before + option + after) for option in reversed(match[1].split("|")))


def _settle(telling: str, pick: Callable[[list[str]], str]) -> str:
    text = _protect(telling)
    while match := _INNERMOST.search(text):
        text = _protect(text[: match.start()] + pick(match[1].split("|")) + text[match.end() :])
    return _restore(text)


def _protect(text: str) -> str:
    while _PLAIN.search(text):
        text = _PLAIN.sub(lambda match: f"{_OPEN}{match[1]}{_CLOSE}", text)
    return text


def _restore(text: str) -> str:
    return text.replace(_OPEN, "(").replace(_CLOSE, ")")


def _tidy(text: str) -> str:
    return re.sub(r" {2,}", " ", re.sub(r" +([,.?!])(?=\s|$)", r"\1", text)).strip()
