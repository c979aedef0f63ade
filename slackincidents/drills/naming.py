"""From what somebody typed to the name that was meant, or the nearest ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import get_args

from slackincidents.drills.lines import Mistyped
from slackincidents.drills.sight import Sight
from slackincidents.errors import nearest
from slackincidents.schema.skeleton import Source

SOURCES: tuple[Source, ...] = get_args(Source)
OTHER_WORDS: Mapping[str, Source] = {
    "dashboards": "dashboard", "metrics": "dashboard", "graphs": "dashboard", "board": "dashboard",
    "log": "logs", "trace": "traces", "tracing": "traces", "deploy": "deploys", "releases": "deploys",
    "flag": "flags", "configuration": "config", "settings": "config", "pod": "pods", "kubernetes": "pods",
    "k8s": "pods", "nodes": "pods", "queues": "queue", "db": "database", "user": "users", "reports": "users",
    "past": "history", "events": "history", "net": "network", "dns": "network", "source": "code",
}  # fmt: skip
"""Other words for places to look."""

WORD = re.compile(r"[a-z0-9]+")
SMALL = frozenset({"a", "an", "and", "by", "for", "in", "is", "it", "of", "on", "the", "there", "to", "was", "with"})
DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|h)?", re.IGNORECASE)
LONGEST_S = 24 * 3600.0


def source(word: str) -> Source | None:
    """A place to look, by its name or another word for it."""
    word = word.lower()
    return next((one for one in SOURCES if one == word), OTHER_WORDS.get(word))


def service(word: str, known: Sight) -> str | Mistyped:
    """A service by its name, its group, its channel, or what people call it."""
    bare = word.lower().lstrip("@#").removesuffix("-oncall")
    for name, one in known.services.items():
        if bare in (name, *(alias.lower() for alias in one.aliases)):
            return name
    return unknown("service", word, known.services)


def person(word: str, known: Sight) -> str | Mistyped:
    """A person by handle or first name."""
    bare = word.lower().lstrip("@").strip(",.")
    if bare in known.people:
        return bare
    named = [handle for handle, name in known.people.items() if bare in (name.lower(), name.lower().split()[0])]
    return named[0] if len(named) == 1 else unknown("person", word, known.people)


def channel(word: str, known: Sight) -> str | Mistyped:
    """A service's channel, as typed with its #."""
    channels = [one.channel for one in known.services.values()]
    return word.lower() if word.lower() in channels else unknown("channel", word, channels)


def one_of(kind: str, typed: str, options: Mapping[str, str]) -> str | Mistyped:
    """An option by its key, its number in the list, or words of what it says, all of them."""
    key = "-".join(WORD.findall(typed.lower()))
    if key in options:
        return key
    if typed.isdigit() and 1 <= int(typed) <= len(options):
        return list(options)[int(typed) - 1]
    wanted = _words(typed)
    best = [name for name, plain in options.items() if wanted and wanted <= _words(f"{name} {plain}")]
    if len(best) == 1:
        return best[0]
    if best:
        return Mistyped(f'"{typed}" may be more than one {kind}', f"Say which: {', '.join(best)}.")
    return unknown(kind, typed, options, key)


def unknown(kind: str, typed: str, known: Iterable[str], key: str = "") -> Mistyped:
    """No such name; the nearest ones."""
    near = nearest(key or typed.lstrip("@#"), [one.lstrip("#") for one in known])
    return Mistyped(f'no {kind} "{shown(typed)}"', f"Did you mean {near}?" if near else "")


def seconds(typed: str) -> float | None:
    """``90s``, ``5m``, ``1h 30m``; a bare number is minutes. None when it is no length of time, or over a day."""
    rest, total = typed.strip(), 0.0
    while rest:
        part = DURATION.match(rest)
        if part is None:
            return None
        unit = (part[2] or "m")[0].lower()
        total += float(part[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[unit]
        rest = rest[part.end() :].strip()
    return total if 0.0 < total <= LONGEST_S else None


def shown(typed: str) -> str:
    """What was typed, short and on one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") if len(word) > 3 else word for word in WORD.findall(text.lower())} - SMALL
