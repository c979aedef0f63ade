"""Small histories that the tests share, each made once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import cache

from slackincidents.pipeline import Workshop
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Entry, Mix, Order
from slackincidents.workspace.course import entries
from slackincidents.workspace.telling import tell

MONDAY = date(2025, 3, 3)
TWO_WEEKS = Order(seed="1", start=MONDAY, days=14, mix=Mix(noise=12.0, deploys=5.0, talk=6.0, incidents=8.0))


@cache
def workshop() -> Workshop:
    """The shipped library."""
    return Workshop.open()


@cache
def walked(order: Order = TWO_WEEKS) -> tuple[Entry, ...]:
    """Everything that happens in a history."""
    return tuple(entries(workshop(), order))


@cache
def told(order: Order = TWO_WEEKS) -> tuple[IncidentRecord, ...]:
    """Every incident file of a history."""
    return asyncio.run(_all(walked(order)))


async def _all(found: Sequence[Entry]) -> tuple[IncidentRecord, ...]:
    return tuple([await tell(workshop(), entry) for entry in found])
