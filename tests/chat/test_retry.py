from __future__ import annotations

import asyncio
import random

import pytest

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.patience import Patience
from slackincidents.chat.retry import Retrying
from slackincidents.clock import FakeClock
from slackincidents.errors import BudgetSpent, Busy, Declined, Denied, Faulty, SlackIncidentsError, Unreachable
from slackincidents.seeds import Seed
from tests.chat.asking import question


class Failing:
    """Raises what it is given, one a call, then answers; keeps when it was asked."""

    def __init__(self, clock: FakeClock, *errors: SlackIncidentsError) -> None:
        self._errors = list(errors)
        self._clock = clock
        self.asked_at: list[float] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Fail or answer."""
        self.asked_at.append(self._clock.monotonic())
        if self._errors:
            raise self._errors.pop(0)
        return ChatReply(text="ok")


def waits(*errors: SlackIncidentsError, patience: Patience | None = None, seed: str = "1") -> list[float]:
    """Seconds between the attempts."""
    clock = FakeClock()
    inner = Failing(clock, *errors)
    chat = Retrying(inner, clock=clock, rng=random.Random(seed), patience=patience)
    assert asyncio.run(chat.complete(question())).text == "ok"
    assert chat.retries == len(errors)
    return [after - before for before, after in zip(inner.asked_at, inner.asked_at[1:], strict=False)]


def failure(*errors: SlackIncidentsError, patience: Patience | None = None) -> tuple[SlackIncidentsError, list[float]]:
    """The error that comes out, and when was asked."""
    clock = FakeClock()
    inner = Failing(clock, *errors)
    chat = Retrying(inner, clock=clock, rng=random.Random(1), patience=patience)
    with pytest.raises(SlackIncidentsError) as caught:
        asyncio.run(chat.complete(question()))
    return caught.value, inner.asked_at


def test_what_may_pass_is_asked_again() -> None:
    """A broken line, a busy and a faulty endpoint."""
    assert len(waits(Unreachable("a"), Busy("b"), Faulty("c"))) == 3


@pytest.mark.parametrize("error", [Declined("no"), Denied("no"), BudgetSpent("no")], ids=repr)
def test_what_will_not_pass_is_not_asked_again(error: SlackIncidentsError) -> None:
    """A no, a wrong key and a spent budget come out at once, as they are."""
    found, asked_at = failure(error)
    assert found is error
    assert len(asked_at) == 1


def test_waits_grow_and_are_spread() -> None:
    """Each back-off is between half and all of twice the one before, up to the longest; the seed decides where."""
    errors = [Faulty(str(number)) for number in range(7)]
    found = waits(*errors, patience=Patience(attempts=9, first=0.5, longest=8))
    for wait, most in zip(found, (0.5, 1, 2, 4, 8, 8, 8), strict=True):
        assert most / 2 <= wait <= most
    assert found == waits(*errors, patience=Patience(attempts=9, first=0.5, longest=8))
    assert found != waits(*errors, patience=Patience(attempts=9, first=0.5, longest=8), seed="2")


def test_an_endpoint_that_says_when_is_not_asked_before() -> None:
    """Retry-After is kept to, and not overdone by more than a tenth."""
    (wait,) = waits(Busy("later", retry_after=40.0))
    assert 40.0 <= wait <= 44.0


def test_a_long_wait_is_waited_where_time_allows() -> None:
    """More than two minutes are no reason to give up: only the total is."""
    (wait,) = waits(Busy("later", retry_after=600.0))
    assert wait >= 600.0


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    """Who is told to come back after the time is up hears so now."""
    found, asked_at = failure(Busy("later", retry_after=1_000.0), patience=Patience(seconds=900))
    assert isinstance(found, Busy)
    assert asked_at == [0.0]


def test_attempts_are_bounded() -> None:
    """The last error comes out as it is."""
    errors = [Faulty(str(number)) for number in range(9)]
    found, asked_at = failure(*errors, patience=Patience(attempts=4))
    assert found is errors[3]
    assert len(asked_at) == 4


def test_time_is_bounded() -> None:
    """No attempt begins after the time is up."""
    errors = [Faulty(str(number)) for number in range(90)]
    _, asked_at = failure(*errors, patience=Patience(attempts=90, seconds=60, first=10, longest=10))
    assert 6 <= len(asked_at) <= 12
    assert asked_at[-1] <= 60


def test_cancelling_a_wait_ends_it() -> None:
    """Nothing is asked after that."""

    async def given_up() -> int:
        clock = FakeClock()
        inner = Failing(clock, Busy("later", retry_after=50.0))
        chat = Retrying(inner, clock=clock, rng=Seed("x").rng())
        task = asyncio.create_task(chat.complete(question()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return len(inner.asked_at)

    assert asyncio.run(given_up()) <= 1
