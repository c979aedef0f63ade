"""How long things take: typing, thinking, answering. Heavy-tailed, as measured in real rooms."""

from __future__ import annotations

import math
import random

from slackincidents.planner.world import Responder, World
from slackincidents.schema.plan import Words

CHARACTERS_A_SECOND = 5.5
SPEED = {"fast": 0.6, "medium": 1.0, "slow": 1.7}
PRESSING_S = 120.0
"""Nobody rests longer than this once the cause is known and nothing is being done about it."""

PAUSES = {
    "burst": (5.0, 0.5),
    "quick": (14.0, 0.6),
    "normal": (26.0, 0.8),
    "slow": (260.0, 0.7),
    "late": (900.0, 0.5),
    "afterwards": (3000.0, 0.6),
}
"""Median seconds and log-spread of each kind of pause."""


def lognormal(rng: random.Random, median: float, spread: float) -> float:
    """A positive, heavy-tailed number of seconds."""
    return median * math.exp(rng.gauss(0.0, spread))


def pause(world: World, kind: str) -> float:
    """Seconds of one of the named pauses."""
    median, spread = PAUSES[kind]
    factor = 1.0 if kind == "burst" else world.tempo.talk
    return max(1.0, lognormal(world.rng("pauses"), median, spread) * factor)


def reaction_time(world: World, person: Responder) -> float:
    """Seconds until a person answers something addressed to the room."""
    median = 19.0 * SPEED[person.persona.response_time] * (1.5 if person.night else 1.0)
    return max(2.0, lognormal(world.rng("reaction"), median, 0.9) * world.tempo.talk)


def typing_time(words: Words, rng: random.Random) -> float:
    """Seconds to type what the words will be, judged by their usual length."""
    length = sum(map(len, words.tellings)) / len(words.tellings) * 0.62 if words.tellings else 18.0
    if words.literal:
        return rng.uniform(3.0, 9.0)
    return min(60.0, length / CHARACTERS_A_SECOND * rng.uniform(0.8, 1.5))


def search_time(world: World, person: Responder, bounds: tuple[int, int]) -> float:
    """Seconds a search takes: within the clue's bounds, longer at night and for the slow."""
    low, high = bounds
    drawn = world.rng("search").triangular(low, high, low + (high - low) * 0.3)
    factor = (SPEED[person.persona.response_time] + 1) / 2 * (1.25 if person.night else 1.0)
    return drawn * factor * world.tempo.work


def rest(world: World, person: Responder) -> float:
    """Seconds between two things a person does; the leading ones rest less."""
    median = 19.0 / max(0.05, person.drive) * _slackness(world)
    drawn = min(lognormal(world.rng("rest"), median, 1.75), 600.0 / max(0.05, person.drive))
    if world.is_pressing():
        drawn = min(drawn, PRESSING_S)
    lull = max(0.0, world.quiet_until - world.now) * world.rng("rest").uniform(0.85, 1.1)
    return max(2.0, drawn * world.tempo.think, lull)


def _slackness(world: World) -> float:
    """How much less people do: once it is over, or while something is being tried."""
    if world.is_fixed():
        return 2.5
    if world.is_pressing():
        return 0.6
    return 2.0 if world.trouble.acting is not None else 1.0
