"""The adapter to any endpoint that speaks OpenAI's chat completions. Nothing else knows the `openai` package.

Questions go out as plain bodies: the package's typed front costs three times the work of everything else together. What
comes back is checked here, and every way in which it can fail becomes one of ours (`openai_faults`).
"""

from __future__ import annotations

import asyncio

import httpx2
from pydantic import SecretStr

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.dialect import Dialect, Known, Memory, simpler
from slackincidents.chat.openai_endpoint import OpenAIEndpoint
from slackincidents.chat.openai_faults import FOREIGN, Refused
from slackincidents.chat.openai_replies import body, read_reply
from slackincidents.clock import Clock
from slackincidents.errors import Unreachable

PATH = "/chat/completions"
JSON_HEADERS = {"Content-Type": "application/json"}


class OpenAIChat(OpenAIEndpoint):
    """Chat completions, question by question."""

    def __init__(
        self, key: SecretStr, base_url: str, *, clock: Clock, timeout: float = 180.0, memory: Memory | None = None
    ) -> None:
        """`timeout` bounds one attempt from first to last byte, in seconds."""
        super().__init__(key, base_url, clock=clock, longest=timeout)
        self._timeout = timeout
        self._memory = memory
        self._known: dict[str, Known] = {}
        self._scouts: dict[str, asyncio.Future[None]] = {}

    async def complete(self, request: ChatRequest) -> ChatReply:
        """One attempt at one reply. Raises Unreachable, Busy, Faulty, Declined or Denied.

        The first question of a kind finds out what the endpoint understands; those that come meanwhile wait for it.
        """
        while True:
            known = self._recalled(request.model)
            if known.covers(request):
                said = await self._attempt(request, known.dialect)
                if not isinstance(said, Refused):
                    return said
                if self._known[request.model] is known:
                    if said.final or not known.hearsay:
                        raise said.error
                    self._known[request.model] = Known()
            elif (scout := self._scouts.get(request.model)) is not None:
                await asyncio.shield(scout)
            else:
                return await self._scout(request, known)

    def _recalled(self, model: str) -> Known:
        """What is known about a model; the first time, what an earlier process found out."""
        if model not in self._known:
            told = self._memory.recall(self.endpoint, model) if self._memory else None
            self._known[model] = Known(told, hearsay=True) if told else Known()
        return self._known[model]

    async def _scout(self, request: ChatRequest, known: Known) -> ChatReply:
        """Go first. A dead line is shared with those who wait; after any other failure the next one goes."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(_seen)
        self._scouts[request.model] = waiting
        try:
            return await self._find_out(request, known)
        except Unreachable as error:
            waiting.set_exception(Unreachable(error.message, error.hint))
            raise
        finally:
            del self._scouts[request.model]
            if not waiting.done():
                waiting.set_result(None)

    async def _find_out(self, request: ChatRequest, known: Known) -> ChatReply:
        """Ask ever more simply until the endpoint takes it. Raises what it said to the first way when it takes none."""
        dialect = known.dialect
        first: Refused | None = None
        while True:
            said = await self._attempt(request, dialect)
            if not isinstance(said, Refused):
                self._known[request.model] = known.and_now(request, dialect)
                if self._memory and (dialect != known.dialect or not known.tried):
                    self._memory.keep(self.endpoint, request.model, dialect)
                return said
            first = first or said
            following = None if said.final else simpler(dialect, request, said.rejection)
            if following is None:
                raise first.error
            dialect = following

    async def _attempt(self, request: ChatRequest, dialect: Dialect) -> ChatReply | Refused:
        """Send and read once. Errors are raised outside the handler: theirs hold the question and the key's header."""
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(
                    PATH, cast_to=httpx2.Response, content=body(request, dialect), options={"headers": JSON_HEADERS}
                )
            return self._trouble.struck_out(read_reply(response.content))
        except FOREIGN as error:
            trouble = self._trouble.of(error)
        if isinstance(trouble, Refused):
            return ChatReply(text="", finish="content_filter") if trouble.filtered else trouble
        raise trouble


def _seen(waiting: asyncio.Future[None]) -> None:
    """Look at a failure that nobody may have waited for, so that the loop does not warn of it."""
    if not waiting.cancelled():
        waiting.exception()
