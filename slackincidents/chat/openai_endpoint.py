"""One address that speaks OpenAI's protocol: the open client, its key, and what it is called when it is shown."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient
from pydantic import SecretStr

from slackincidents.chat.openai_faults import Trouble
from slackincidents.clock import Clock

CONNECT_SECONDS = 10.0
MOST_CONNECTIONS = 1_000
IDLE_SECONDS = 20.0
"""How long a connection is kept for the next question; many servers hang up after a minute or less."""


class OpenAIEndpoint:
    """The base of the adapters. Use it as an async context manager, in the loop that asks; it never tries twice."""

    def __init__(self, key: SecretStr, base_url: str, *, clock: Clock, longest: float) -> None:
        """`longest` bounds any one call, in seconds."""
        self._trouble = Trouble(base_url, key, clock)
        self._client = AsyncOpenAI(
            api_key=key.get_secret_value(),
            base_url=base_url,
            max_retries=0,
            http_client=DefaultAioHttpClient(
                timeout=httpx2.Timeout(longest, connect=CONNECT_SECONDS),
                limits=httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=IDLE_SECONDS),
            ),
        )

    @property
    def endpoint(self) -> str:
        """The address, fit to be shown."""
        return self._trouble.endpoint

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Hang up."""
        await self._client.close()
