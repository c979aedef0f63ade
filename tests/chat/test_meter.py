from __future__ import annotations

import asyncio

import pytest

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.meter import Meter
from slackincidents.chat.tokens import estimate_request
from slackincidents.clock import FakeClock
from slackincidents.errors import BudgetSpent, Busy, Declined, Faulty, SlackIncidentsError, Unreachable
from slackincidents.schema.draft import Usage
from tests.chat.asking import question

PROMPT = estimate_request(question("0"))
PRICE = Usage(calls=1, prompt_tokens=PROMPT, completion_tokens=20, cached_tokens=5)


class Priced:
    """Answers after a second, at a price, or raises."""

    def __init__(self, price: Usage = PRICE, error: SlackIncidentsError | None = None) -> None:
        self._clock = FakeClock()
        self._price = price
        self._error = error
        self.asked = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer."""
        self.asked += 1
        await self._clock.sleep(1.0)
        if self._error:
            raise self._error
        return ChatReply(text="fine by me", usage=self._price)


def outcome(meter: Meter, count: int, **more: object) -> list[ChatReply | BaseException]:
    """Ask that often at once."""

    async def asked() -> list[ChatReply | BaseException]:
        calls = (meter.complete(question(f"{number}", **more)) for number in range(count))
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(asked())


def test_everything_paid_for_is_counted() -> None:
    """Calls, prompt, completion and cached tokens add up."""
    meter = Meter(Priced())
    outcome(meter, 3)
    assert meter.usage == PRICE + PRICE + PRICE
    assert meter.spent == 3 * PRICE.tokens
    assert meter.in_flight == 0


def test_the_limit_is_never_exceeded() -> None:
    """However many ask at once: what was paid stays within the limit, and the rest is told before it is sent."""
    inner = Priced()
    meter = Meter(inner, limit=1_000)
    found = outcome(meter, 50, max_tokens=20)
    paid = [reply for reply in found if isinstance(reply, ChatReply)]
    assert {type(reply) for reply in found} == {ChatReply, BudgetSpent}
    assert meter.spent == PRICE.tokens * len(paid) <= 1_000
    assert inner.asked == len(paid) >= 8


def test_nobody_is_turned_away_for_what_others_only_set_aside() -> None:
    """Where the replies turn out cheap, those who wait get through: the limit is for what is paid."""
    cheap = Priced(Usage(calls=1, prompt_tokens=30, completion_tokens=1))
    meter = Meter(cheap, limit=2_500)
    found = outcome(meter, 20, max_tokens=1_000)
    assert all(isinstance(reply, ChatReply) for reply in found)


def test_a_request_larger_than_the_limit_is_not_sent() -> None:
    """It says so at once, with the numbers and the way on."""
    inner = Priced()
    (error,) = outcome(Meter(inner, limit=100), 1, max_tokens=5_000)
    assert isinstance(error, BudgetSpent)
    assert inner.asked == 0
    assert "0 of 100 tokens" in error.message
    assert "--resume" in error.hint
    assert "--max-tokens-total" in error.hint


@pytest.mark.parametrize("error", [Unreachable("gone"), Faulty("broken")], ids=repr)
def test_a_lost_question_may_have_been_paid_for(error: SlackIncidentsError) -> None:
    """With a limit it counts in full: better to stop early than to pay more than was allowed."""
    meter = Meter(Priced(error=error), limit=10_000)
    outcome(meter, 1, max_tokens=500)
    assert meter.spent >= 500 + PROMPT


@pytest.mark.parametrize("error", [Busy("later"), Declined("no")], ids=repr)
def test_a_question_that_was_not_taken_costs_nothing(error: SlackIncidentsError) -> None:
    """A busy endpoint and a no are free."""
    meter = Meter(Priced(error=error), limit=10_000)
    outcome(meter, 1)
    assert (meter.spent, meter.in_flight) == (0, 0)


def test_an_endpoint_that_does_not_count_is_counted_for() -> None:
    """Without counts the limit would be none."""
    meter = Meter(Priced(Usage(calls=1)))
    outcome(meter, 1)
    assert meter.spent >= estimate_request(question("0"))


def test_an_estimate_that_was_too_low_is_raised() -> None:
    """After the first reply, the next question's share is what prompts really cost."""
    meter = Meter(Priced(Usage(calls=1, prompt_tokens=900, completion_tokens=1)), limit=1_500)
    outcome(meter, 1, max_tokens=10)
    (error,) = outcome(meter, 1, max_tokens=10)
    assert isinstance(error, BudgetSpent)
    assert meter.spent == 901


def test_cancelling_gives_back_what_was_set_aside() -> None:
    """A question that is given up blocks no budget."""

    async def given_up() -> int:
        meter = Meter(Priced(), limit=10_000)
        task = asyncio.create_task(meter.complete(question()))
        await asyncio.sleep(0)
        assert meter.in_flight > 0
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return meter.in_flight

    assert asyncio.run(given_up()) == 0
