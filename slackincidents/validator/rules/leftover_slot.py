"""TXT004 leftover-slot."""

from __future__ import annotations

import re

from slackincidents.tellings import SLOT
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Found, Rule

ALWAYS = frozenset({"telling", "a", "b", "you", "lead", "now", "onset", "mins", "mention", "service", "topic", "box"})
LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|" + SLOT.pattern + r"|\([^()\n]*\|[^()\n]*\)|\b(?:None|nan|NaN)(?:ms|s|%)|\bUndefined\b"
)
VALUE = re.compile(r"None|nan|NaN|null|undefined", re.IGNORECASE)


def _check(context: Context) -> Found:
    slots = frozenset(context.plan.figures) if context.plan else frozenset()
    for index, text in context.texts:
        whole = context.incident.timeline[index].text
        value = None if _meant(context, index) else VALUE.fullmatch(whole.strip())
        match = LEFTOVER.search(text) or value or _open_slot(whole, slots)
        if match:
            yield index, f"shows {match[0].strip()!r}"


def _meant(context: Context, index: int) -> bool:
    """True when the plan has the speaker say "none" there: a fair answer to how many."""
    if context.plan is None or index >= len(context.plan.beats):
        return False
    beat = context.plan.beats[index]
    parents = [b for b in context.plan.beats if b.id == beat.continues]
    return any("none" in telling for b in (beat, *parents) for telling in (*b.words.tellings, *b.words.more))


def _open_slot(text: str, slots: frozenset[str]) -> re.Match[str] | None:
    matches = SLOT.finditer(text) if "{" in text else ()
    return next((match for match in matches if match[1] in slots or match[1] in ALWAYS), None)


RULE = Rule(
    code="TXT004",
    name="leftover-slot",
    what="No text shows the machinery: {slot}, (a|b), {{ }}, None, nan.",
    why="An open slot is a fault of the writer that every reader sees.",
    hint="Write the text again with its values.",
    check=_check,
    example="p95 is {p95.peak} (again|now)",
    of_words=True,
)
