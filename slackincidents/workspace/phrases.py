"""What people say between the incidents, from the banks, in their own voices."""

from __future__ import annotations

import random
from collections.abc import Mapping

from slackincidents.pipeline import Workshop
from slackincidents.schema.acts import Act
from slackincidents.schema.people import Persona
from slackincidents.tellings import choose, fill
from slackincidents.writer.voice import voiced

LOST = ""
"""Nothing to say."""


def said(
    workshop: Workshop, bank: str, person: Persona, rng: random.Random, values: Mapping[str, str], *, night: bool
) -> str:
    """One phrase of a bank, as this person would type it."""
    lines = workshop.banks.lines(bank, person.voice.manner, night)
    return typed(fill(choose(rng.choice(lines), rng), values), person, rng)


def typed(text: str, person: Persona, rng: random.Random, act: Act = Act.INFORM) -> str:
    """Plain words as this person would type them."""
    return voiced(text, person, act, rng, hedge=False)


def ticket(rng: random.Random) -> str:
    """A ticket that nobody will look up."""
    return f"{rng.choice(('OPS', 'SRE', 'PLAT', 'SHOP'))}-{rng.randrange(1100, 9800)}"
