"""The seam between the facts and the words."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from slackincidents.library import Library
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.plan import Plan

Complaints = Mapping[str, tuple[str, ...]]
"""Beat id -> what is wrong with its text."""


FIRST = Variation()
"""The only wording, or the first of several."""


class Writer(Protocol):
    """Turns beats into text. Never chooses speaker, time, order, thread, mention or number."""

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """One text for every beat of the plan that needs words."""
        ...

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """The draft with the named beats written again, or as it was where the writer has nothing better."""
        ...


@runtime_checkable
class ClosedWriter(Protocol):
    """A writer whose connections are opened where it is used, and closed after."""

    def opened(self, library: Library) -> AbstractAsyncContextManager[Writer]:
        """The writer, open until the block ends."""
        ...


AnyWriter = Writer | ClosedWriter
"""Whatever can be asked to write."""
