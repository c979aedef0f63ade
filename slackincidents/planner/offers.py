"""Offers: things a person could do now, each with a weight. Every module of the response makes some."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from slackincidents.schema.seat import Order


@dataclass(frozen=True)
class Offer:
    """One thing that could be done next, or nothing, and how likely people would choose it."""

    weight: float
    order: Order | None


def pick(offers: Sequence[Offer], rng: random.Random) -> Order | None:
    """One of the offers by weight; nothing when none is left."""
    live = [offer for offer in offers if offer.weight > 0]
    if not live:
        return None
    return rng.choices(live, [offer.weight for offer in live])[0].order
