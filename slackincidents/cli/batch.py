"""Making many incidents in one call: side by side, each file whole, what is done stays done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from slackincidents.cli.output import Destination
from slackincidents.cli.terminal import complain, note, progress
from slackincidents.cli.writing import Bill
from slackincidents.errors import BudgetSpent, CheckFailed, OutsideError, WriteFailed
from slackincidents.incident import Incident
from slackincidents.pipeline import Repair, Workshop
from slackincidents.schema.plan import Plan
from slackincidents.writer.base import Writer
from slackincidents.writer.opening import OpenAIWriter

SIDE_BY_SIDE = 2
"""Incidents at a time for each call in flight: while one is checked or stored, another asks."""


@dataclass(frozen=True)
class Order:
    """One incident to make: the name of its file, and how its plan comes about."""

    name: str
    plan: Callable[[], Plan]


@dataclass
class Batch:
    """Orders, where they go, and what has become of them.

    With `kept` the incidents are kept there by their places, and nothing goes to stdout.
    """

    orders: Sequence[Order]
    target: Destination
    workshop: Workshop
    repair: Repair = field(default_factory=Repair)
    written: list[Path] = field(default_factory=list)
    failures: list[CheckFailed] = field(default_factory=list)
    kept: dict[int, Incident] | None = None
    _early: dict[int, Incident] = field(default_factory=dict)
    _next: int = 0

    async def make(self, model: OpenAIWriter | None) -> None:
        """Make them all, with a model or offline. Raises the last CheckFailed, or what stopped it."""
        if model is None:
            await self._finish(None, side_by_side=1)
        else:
            bill = Bill()
            async with model.chat() as chat:
                try:
                    writer = model.over(chat, self.workshop.library)
                    await self._finish(writer, SIDE_BY_SIDE * model.concurrency, bill)
                except (BudgetSpent, OutsideError) as error:
                    raise self._with_way_on(error) from None
                finally:
                    for warning in chat.warnings:
                        note(warning)
                    note(bill.line(chat.counts))
        for failure in self.failures[:-1]:
            complain(str(failure))
        if self.failures:
            raise self.failures[-1]

    async def _finish(self, writer: Writer | None, side_by_side: int, bill: Bill | None = None) -> None:
        plans = (order.plan() for order in self.orders)
        finished = self.workshop.finish_all(plans, writer, side_by_side=side_by_side, repair=self.repair)
        with progress(len(self.orders), "generating") as step:
            async with aclosing(finished) as results:
                async for place, result in results:
                    if isinstance(result, CheckFailed):
                        self.failures.append(result)
                    else:
                        self._put(place, result)
                        if bill:
                            bill.add(result)
                    step()

    def _put(self, place: int, incident: Incident) -> None:
        """Write to its file, or to stdout in the order asked for."""
        if self.kept is not None:
            self.kept[place] = incident
        if self.target.to_file:
            path = self.target.put(self.orders[place].name, incident)
            self.written += [path] if path else []
            return
        if self.kept is not None:
            return
        self._early[place] = incident
        while self._next in self._early:
            self.target.put(self.orders[self._next].name, self._early.pop(self._next), first=self._next == 0)
            self._next += 1

    def _with_way_on(self, error: BudgetSpent | OutsideError) -> BudgetSpent | OutsideError:
        if isinstance(error, WriteFailed):
            return error
        done = f"{error.message} ({len(self.written)} of {len(self.orders)} incidents written)"
        how = "Same call with --resume goes on." if self.target.folder else "The same call again goes on."
        error.message, error.hint = done, f"{error.hint} {how} No stored reply is paid for again.".strip()
        return error
