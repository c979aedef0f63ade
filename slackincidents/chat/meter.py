"""Counts the tokens that were paid for, and stops before more are than allowed."""

from __future__ import annotations

import asyncio

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.tokens import estimate_request, estimate_tokens
from slackincidents.errors import BudgetSpent, Faulty, Unreachable
from slackincidents.schema.draft import Usage

ALLOWANCE = 2_000
"""Tokens a reply is expected to have at most, where the request does not bound it."""

MARGIN = 1.1
"""By how much an estimate may be too low before an endpoint's own counts correct it."""


class Meter:
    """Sets aside what a question may cost before it goes out, and books what it did cost.

    With a limit, a question that got lost may have been paid for: its prompt and its whole allowance count. Where an
    endpoint does not count, an estimate does. Estimates that prove too low are raised.
    """

    def __init__(self, inner: ChatModel, *, limit: int | None = None, allowance: int = ALLOWANCE) -> None:
        """`limit` in tokens, prompt and completion together; None for no limit."""
        self._inner = inner
        self._limit = limit
        self._allowance = allowance
        self._factor = MARGIN
        self._settled: asyncio.Event | None = None
        self.usage = Usage()
        self.lost = 0
        self.in_flight = 0

    @property
    def spent(self) -> int:
        """Tokens paid for, those of lost questions included."""
        return self.usage.tokens + self.lost

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises BudgetSpent before a question that could go over the limit is sent."""
        if self._limit is None:
            return await self._unlimited(request)
        guess = estimate_request(request)
        need = await self._set_aside(request, guess, self._limit)
        try:
            reply = await self._inner.complete(request)
        except (Unreachable, Faulty):
            self.lost += need
            raise
        else:
            self._book(request, reply)
        finally:
            self.in_flight -= need
            self._wake()
        return reply

    async def _unlimited(self, request: ChatRequest) -> ChatReply:
        """Only count. Estimates cost more than all the rest here, so there are none."""
        reply = await self._inner.complete(request)
        self._book(request, reply)
        return reply

    async def _set_aside(self, request: ChatRequest, guess: int, limit: int) -> int:
        """What the question may cost. Waits while only what others have set aside is in the way."""
        while True:
            need = round(guess * self._factor) + (request.max_tokens or self._allowance)
            if self.spent + need > limit:
                raise BudgetSpent(
                    f"{self.spent:,} of {limit:,} tokens are spent and the next call may take {need:,}",
                    "What was finished is kept. Run the same command with --resume and a higher --max-tokens-total: "
                    "replies that were paid for are not paid for again.",
                )
            if self.spent + self.in_flight + need <= limit:
                self.in_flight += need
                return need
            self._settled = self._settled or asyncio.Event()
            await self._settled.wait()

    def _wake(self) -> None:
        if self._settled is not None:
            self._settled.set()
            self._settled = None

    def _book(self, request: ChatRequest, reply: ChatReply) -> None:
        used = reply.usage
        if not used.prompt_tokens and not used.completion_tokens:
            counted = {"prompt_tokens": estimate_request(request), "completion_tokens": estimate_tokens(reply.text)}
            used = used.model_copy(update=counted)
        elif self._limit is not None:
            self._factor = max(self._factor, used.prompt_tokens / max(1, estimate_request(request)))
        self.usage += used
