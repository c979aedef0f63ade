"""What a person's own words hold: which known facts, a guess, whom they address, a yes or a no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from slackincidents.planner.world import Responder, World
from slackincidents.schema.plan import Beat
from slackincidents.schema.skeleton import Clue
from slackincidents.tellings import fill

WORD = re.compile(r"[a-z0-9][a-z0-9_.%-]*[a-z0-9%]|[0-9]")
MENTION = re.compile(r"(?<![\w@])@([a-z][\w.-]*[\w])", re.IGNORECASE)
REFUSAL = re.compile(r"\b(?:no|nope|don'?t|do not|wait|stop|hold|not yet|rather not|nack)\b|-1", re.IGNORECASE)
GUESSING = re.compile(
    r"\b(?:i think|i guess|my guess|i suspect|suspect|i bet|my bet|maybe|perhaps|prob(?:ably)?|might|may be|could"
    r"|looks like|seems|must be|has to be|likely|feels like|smells like)\b",
    re.IGNORECASE,
)
TAKING_BACK = re.compile(
    r"\b(?:not the|it'?s not|it is not|isn'?t|wasn'?t|was not|ruled out|rule out|take (?:it|that) back|forget"
    r"|i was wrong|so not|can'?t be|cannot be)\b",
    re.IGNORECASE,
)
FEWEST_LETTERS = 4
STEM = 6
"""Letters of a word that must be the same."""

EVERYDAY = frozenset({"the", "and", "for", "that", "with", "has", "its", "not", "all", "are", "was", "which", "guess"})
ENOUGH = 2
"""So many of a clue's own words in a line, and it tells the clue; of a hypothesis, where its component counts twice."""


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


def guessed(world: World, text: str) -> str | None:
    """The one hypothesis that the text voices: it says that it guesses, and no other one's words fit as well."""
    if not GUESSING.search(text) or TAKING_BACK.search(text):
        return None
    return _meant(world, text, [key for key in world.skeleton.hypotheses if key not in world.raised])


def taken_back(world: World, me: Responder, text: str) -> str | None:
    """The one hypothesis of this person's own that the text takes back."""
    if not TAKING_BACK.search(text):
        return None
    return _meant(world, text, [k for k, who in world.raised.items() if who == me.handle and k not in world.withdrawn])


def _meant(world: World, text: str, keys: Sequence[str]) -> str | None:
    scores = {key: _likeness(world, key, text) for key in keys}
    best = max(scores.values(), default=0)
    fitting = [key for key, score in scores.items() if score == best]
    return fitting[0] if best >= ENOUGH and len(fitting) == 1 else None


def _likeness(world: World, key: str, text: str) -> int:
    """How many of a hypothesis's words are spoken; those of its key and component count twice."""
    guess = world.skeleton.hypotheses[key]
    values = {**world.setting.figures, **world.setting.particulars}
    names = _stems(f"{key.replace('-', ' ')} {guess.component}")
    spoken = _stems(text)
    return len(spoken & _stems(fill(guess.claim, values))) + 2 * len(spoken & names)


def _stems(text: str) -> set[str]:
    """Words of some length, without the ending of a plural or of `postgresql`."""
    return {word[:STEM] for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 2} - EVERYDAY


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
