from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.gate import LONGEST_PAUSE, Gate
from slackincidents.clock import FakeClock
from slackincidents.errors import Busy, Faulty
from tests.chat.asking import question


class Endpoint:
    """Takes a second for each question, and keeps how many were under way."""

    def __init__(self, clock: FakeClock, objection: Callable[[int, int], Exception | None] | None = None) -> None:
        """`objection(number, under way)` may give an error to raise, after `refusing` seconds."""
        self.refusing = 1.0
        self._clock = clock
        self._objection = objection
        self._under_way = 0
        self.loads: list[int] = []
        self.started: list[float] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer after a second."""
        self._under_way += 1
        number = len(self.loads)
        self.loads.append(self._under_way)
        self.started.append(self._clock.monotonic())
        error = self._objection(number, self._under_way) if self._objection else None
        try:
            await self._clock.sleep(self.refusing if error else 1.0)
        finally:
            self._under_way -= 1
        if error:
            raise error
        return ChatReply(text="ok")


async def many(gate: Gate, count: int) -> list[ChatReply | BaseException]:
    """That many questions at once."""
    asked = (gate.complete(question(f"{number}")) for number in range(count))
    return await asyncio.gather(*asked, return_exceptions=True)


def test_no_more_than_allowed_are_under_way() -> None:
    """Twenty questions through a gate of four take five rounds."""
    clock = FakeClock()
    endpoint = Endpoint(clock)
    gate = Gate(endpoint, most=4, clock=clock)
    asyncio.run(many(gate, 20))
    assert max(endpoint.loads) == 4
    assert clock.monotonic() == pytest.approx(5.0)
    assert gate.in_flight == 0


def test_first_come_first_served() -> None:
    """Questions pass in the order in which they came."""
    order: list[str] = []

    class Noting(Endpoint):
        async def complete(self, request: ChatRequest) -> ChatReply:
            order.append(request.messages[0].content)
            return await super().complete(request)

    clock = FakeClock()
    asyncio.run(many(Gate(Noting(clock), most=3, clock=clock), 12))
    assert order == [f"{number}" for number in range(12)]


def test_a_busy_endpoint_halves_the_width_once_for_all_under_way() -> None:
    """Sixteen refusals of one round say the same thing once."""
    clock = FakeClock()
    gate = Gate(Endpoint(clock, lambda number, _: Busy("later") if number < 16 else None), most=16, clock=clock)
    asyncio.run(many(gate, 16))
    assert gate.width == 8


def test_the_width_settles_at_what_the_endpoint_bears() -> None:
    """An endpoint that takes ten at once is soon asked by about ten, and refuses less than one in ten."""
    clock = FakeClock()
    refused: list[int] = []

    def objection(number: int, under_way: int) -> Exception | None:
        if under_way <= 10:
            return None
        refused.append(number)
        return Busy("later")

    endpoint = Endpoint(clock, objection)
    endpoint.refusing = 0.01
    gate = Gate(endpoint, most=64, clock=clock)
    asyncio.run(many(gate, 600))
    assert 5 <= gate.width < 12
    assert sum(number >= 300 for number in refused) <= 30


def test_the_width_comes_back() -> None:
    """After refusals end it grows by one a round, up to what is allowed and not further."""
    clock = FakeClock()
    gate = Gate(Endpoint(clock, lambda number, _: Busy("later") if number == 0 else None), most=8, clock=clock)
    asyncio.run(many(gate, 9))
    assert 4 < gate.width < 8
    asyncio.run(many(gate, 100))
    assert gate.width == 8


def test_other_errors_leave_the_width_alone() -> None:
    """A fault is no sign of too many."""
    clock = FakeClock()
    gate = Gate(Endpoint(clock, lambda *_: Faulty("oops")), most=8, clock=clock)
    asyncio.run(many(gate, 8))
    assert gate.width == 8


def test_the_width_is_never_less_than_one() -> None:
    """Endless refusals do not stop the work."""
    clock = FakeClock()
    gate = Gate(Endpoint(clock, lambda number, _: Busy("later") if number < 50 else None), most=8, clock=clock)
    replies = asyncio.run(many(gate, 60))
    assert sum(isinstance(reply, ChatReply) for reply in replies) == 10
    assert gate.in_flight == 0


@pytest.mark.parametrize(("told", "pause"), [(5.0, 5.0), (3_600.0, LONGEST_PAUSE)])
def test_when_one_is_told_to_wait_all_wait(told: float, pause: float) -> None:
    """Nobody else asks an endpoint that has just said when to come back; a minute at most."""
    clock = FakeClock()
    endpoint = Endpoint(clock, lambda number, _: Busy("later", retry_after=told) if number == 0 else None)
    gate = Gate(endpoint, most=1, clock=clock)
    asyncio.run(many(gate, 2))
    assert endpoint.started[1] - endpoint.started[0] == pytest.approx(1.0 + pause)


def test_cancelled_waiters_block_nobody() -> None:
    """Those who give up while waiting, and those whose turn it just was, pass it on."""

    async def some_give_up() -> tuple[int, int]:
        clock = FakeClock()
        gate = Gate(Endpoint(clock), most=2, clock=clock)
        tasks = [asyncio.create_task(gate.complete(question(f"{number}"))) for number in range(10)]
        await asyncio.sleep(0)
        for task in tasks[1:7]:
            task.cancel()
        replies = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(reply, ChatReply) for reply in replies), gate.in_flight

    assert asyncio.run(some_give_up()) == (4, 0)


def test_one_whose_turn_came_as_it_gave_up_passes_it_on() -> None:
    """The hand-over and the cancellation in the same turn of the loop lose no place."""

    async def handed_over() -> int:
        clock = FakeClock()
        gate = Gate(Endpoint(clock), most=1, clock=clock)

        async def first_then_cancel() -> None:
            await gate.complete(question("1"))
            second.cancel()  # its turn has come, but it has not run yet

        first = asyncio.create_task(first_then_cancel())
        second = asyncio.create_task(gate.complete(question("2")))
        third = asyncio.create_task(gate.complete(question("3")))
        async with asyncio.timeout(5):
            await asyncio.gather(first, second, third, return_exceptions=True)
        assert second.cancelled()
        assert third.result().text == "ok"
        return gate.in_flight

    assert asyncio.run(handed_over()) == 0
