"""The seam between the facts and the words."""

from __future__ import annotations

from typing import Protocol

from slackincidents.schema.draft import Draft
from slackincidents.schema.plan import Plan


class Writer(Protocol):
    """Turns beats into text. Never chooses speaker, time, order, thread, mention or number."""

    async def write(self, plan: Plan) -> Draft:
        """One text for every beat of the plan that needs words."""
        ...
