"""The one place that asks again."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.patience import Patience
from slackincidents.clock import Clock
from slackincidents.errors import Busy, Faulty, ServiceFailed, Unreachable

Result = TypeVar("Result")

PASSING = (Unreachable, Busy, Faulty)
"""What may be over when one asks again."""

LEAST_SHARE = 0.5
"""The shortest back-off as a share of the longest for that attempt."""

EXTRA = 0.1
"""How much later than told to come back, at most, as a share: so that not everybody comes at once."""


class Again:
    """Does a piece of work again after what may pass. A service that says when to come back is taken at its word."""

    def __init__(self, *, clock: Clock, rng: random.Random, patience: Patience | None = None) -> None:
        """`rng` spreads the waits."""
        self._clock = clock
        self._rng = rng
        self._patience = patience or Patience()
        self.retries = 0

    async def do(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """What `work` gives, or its last error when attempts or time are used up."""
        until = self._clock.monotonic() + self._patience.seconds
        try:
            return await work()
        except PASSING as error:
            failure = error
        return await self._again(work, failure, until)

    async def _again(self, work: Callable[[], Awaitable[Result]], first: ServiceFailed, until: float) -> Result:
        """The attempts after the first, whose failure is handed on: most calls never need this machinery."""
        failures = [first]

        async def attempt() -> Result:
            if failures:
                raise failures.pop()
            return await work()

        asking = AsyncRetrying(
            retry=retry_if_exception_type(PASSING),
            wait=self._wait,
            stop=lambda state: self._enough(state, until),
            sleep=self._clock.sleep,
            before_sleep=self._count,
            reraise=True,
        )
        result: Result = await asking(attempt)
        return result

    def _wait(self, state: RetryCallState) -> float:
        told = _told(state)
        if told is not None:
            return told * (1 + self._rng.uniform(0, EXTRA))
        most = min(self._patience.longest, self._patience.first * 2.0 ** (state.attempt_number - 1))
        return most * self._rng.uniform(LEAST_SHARE, 1)

    def _enough(self, state: RetryCallState, until: float) -> bool:
        """No attempts left, or no time left after the wait that comes next."""
        return state.attempt_number >= self._patience.attempts or self._clock.monotonic() + state.upcoming_sleep > until

    def _count(self, _: RetryCallState) -> None:
        self.retries += 1


class Retrying(Again):
    """Asks `inner` again after what may pass."""

    def __init__(self, inner: ChatModel, *, clock: Clock, rng: random.Random, patience: Patience | None = None) -> None:
        """`rng` spreads the waits."""
        super().__init__(clock=clock, rng=rng, patience=patience)
        self._inner = inner

    async def complete(self, request: ChatRequest) -> ChatReply:
        """A reply, or the last error when attempts or time are used up."""
        return await self.do(lambda: self._inner.complete(request))


def _told(state: RetryCallState) -> float | None:
    """Seconds that the service asked to wait."""
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Busy) else None
