"""What a person's own words hold: which known facts, whom they address, a yes or a no."""

from __future__ import annotations

import re

from slackincidents.planner.world import Responder, World
from slackincidents.schema.plan import Beat
from slackincidents.schema.skeleton import Clue

WORD = re.compile(r"[a-z0-9][a-z0-9_.%-]*[a-z0-9%]|[0-9]")
MENTION = re.compile(r"(?<![\w@])@([a-z][\w.-]*[\w])", re.IGNORECASE)
REFUSAL = re.compile(r"\b(?:no|nope|don'?t|do not|wait|stop|hold|not yet|rather not|nack)\b|-1", re.IGNORECASE)
FEWEST_LETTERS = 4
ENOUGH = 2
"""So many of a clue's own words in a line, and it tells the clue."""


def recognised(world: World, me: Responder, channel: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts the text reveals to a channel, having been found, and facts it only repeats, among those known."""
    spoken = _words(text)
    told = [
        f"clue:{key}"
        for key, clue in world.skeleton.clues.items()
        if world.knows(me, f"clue:{key}") and len(spoken & _own_words(world, clue)) >= ENOUGH
    ]
    public = world.posted.get(channel, {})
    new = tuple(fact for fact in told if fact in me.found and fact not in public)
    return new, tuple(fact for fact in told if fact not in new)


def mentioned(world: World, text: str) -> tuple[str, ...]:
    """The people and groups that a text addresses, as far as they exist."""
    groups = {service.oncall_group for service in world.setting.catalogue.services.values()}
    named = [f"@{name.lower()}" for name in MENTION.findall(text)]
    return tuple(dict.fromkeys(n for n in named if n in groups or n.removeprefix("@") in world.setting.people))


def refuses(beat: Beat) -> bool:
    """True for a person's own words that say no."""
    return beat.words.said is not None and bool(REFUSAL.search(beat.words.said))


def agrees(beat: Beat) -> bool:
    """True for a person's own words that do not say no."""
    return beat.words.said is not None and not REFUSAL.search(beat.words.said)


def _own_words(world: World, clue: Clue) -> set[str]:
    """The words that tell a clue from the others: long ones of its fact, and the figures of its signals."""
    figures = {
        value
        for name in clue.signals
        for part in ("peak", "rough")
        for value in _words(world.setting.figures[f"{name}.{part}"])
    }
    return {word for word in _words(clue.fact) if len(word) >= FEWEST_LETTERS} | figures


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))
