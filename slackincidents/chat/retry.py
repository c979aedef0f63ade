"""The one place that asks again."""

from __future__ import annotations

import random

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.patience import Patience
from slackincidents.clock import Clock
from slackincidents.errors import Busy, Faulty, ServiceFailed, Unreachable

PASSING = (Unreachable, Busy, Faulty)
"""What may be over when one asks again."""

LEAST_SHARE = 0.5
"""The shortest back-off as a share of the longest for that attempt."""

EXTRA = 0.1
"""How much later than told to come back, at most, as a share: so that not everybody comes at once."""


class Retrying:
    """Asks `inner` again after what may pass. A service that says when to come back is taken at its word."""

    def __init__(self, inner: ChatModel, *, clock: Clock, rng: random.Random, patience: Patience | None = None) -> None:
        """`rng` spreads the waits."""
        self._inner = inner
        self._clock = clock
        self._rng = rng
        self._patience = patience or Patience()
        self.retries = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        """A reply, or the last error when attempts or time are used up."""
        until = self._clock.monotonic() + self._patience.seconds
        try:
            return await self._inner.complete(request)
        except PASSING as error:
            failure = error
        return await self._again(request, failure, until)

    async def _again(self, request: ChatRequest, first: ServiceFailed, until: float) -> ChatReply:
        """The attempts after the first, whose failure is handed on: most calls never need this machinery."""
        failures = [first]

        async def attempt() -> ChatReply:
            if failures:
                raise failures.pop()
            return await self._inner.complete(request)

        asking = AsyncRetrying(
            retry=retry_if_exception_type(PASSING),
            wait=self._wait,
            stop=lambda state: self._enough(state, until),
            sleep=self._clock.sleep,
            before_sleep=self._count,
            reraise=True,
        )
        reply: ChatReply = await asking(attempt)
        return reply

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


def _told(state: RetryCallState) -> float | None:
    """Seconds that the service asked to wait."""
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, Busy) else None
