"""Questions and clients for the tests of the chat package."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from slackincidents.chat.base import ChatReply, ChatRequest, Message, Shape
from slackincidents.chat.openai import OpenAIChat
from slackincidents.chat.opening import OpenChat, Terms, open_chat
from slackincidents.chat.patience import Patience
from slackincidents.clock import Clock, SystemClock
from slackincidents.settings import Settings
from tests.chat.server import Server

CANARY = "sk-canary-7f3a91c2d4e5"
"""A key that must turn up nowhere."""

Result = TypeVar("Result")

LINES = Shape(
    name="lines",
    json_schema=json.dumps(
        {
            "type": "object",
            "properties": {"lines": {"type": "array", "items": {"type": "string"}}},
            "required": ["lines"],
            "additionalProperties": False,
        }
    ),
)
SWIFT = Patience(attempts=12, seconds=30.0, first=0.01, longest=0.05)


def question(text: str = "what is up with checkout", **more: object) -> ChatRequest:
    """A small request."""
    said = {"model": "tiny", "messages": (Message(role="user", content=text),), "shape": LINES}
    return ChatRequest.model_validate({**said, **more})


def adapter(server: Server, *, timeout: float = 20.0, clock: Clock | None = None) -> OpenAIChat:
    """The bare adapter, to be used as a context manager."""
    return OpenAIChat(SecretStr(CANARY), server.base_url, clock=clock or SystemClock(), timeout=timeout)


def ask(server: Server, *requests: ChatRequest, timeout: float = 20.0) -> list[ChatReply]:
    """Ask the bare adapter, one after the other."""

    async def asked() -> list[ChatReply]:
        async with adapter(server, timeout=timeout) as chat:
            return [await chat.complete(request) for request in requests]

    return asyncio.run(asked())


@asynccontextmanager
async def opened(server: Server, folder: Path, terms: Terms | None = None) -> AsyncIterator[OpenChat]:
    """The whole stack against a server."""
    settings = Settings(openai_api_key=SecretStr(CANARY), openai_base_url=server.base_url)
    async with open_chat(settings, terms or Terms(patience=SWIFT, timeout=20.0), replies=folder) as chat:
        yield chat


def ask_all(
    server: Server, folder: Path, requests: Sequence[ChatRequest], terms: Terms | None = None
) -> tuple[list[ChatReply], OpenChat]:
    """Ask the whole stack, all at once; the replies in order, and the chat for its counts."""

    async def asked() -> tuple[list[ChatReply], OpenChat]:
        async with opened(server, folder, terms) as chat:
            return list(await asyncio.gather(*map(chat.complete, requests))), chat

    return asyncio.run(asked())


def run(work: Callable[[], Coroutine[None, None, Result]]) -> Result:
    """Run to the end, and see that no task is left."""

    async def watched() -> Result:
        before = asyncio.all_tasks()
        result = await work()
        left = asyncio.all_tasks() - before
        assert not left, left
        return result

    return asyncio.run(watched())
