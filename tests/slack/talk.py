"""Short ways to call a stand-in with the client that everybody uses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import JsonValue
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.slack.stand import Stand

Result = TypeVar("Result")
Talk = Callable[[AsyncWebClient], Awaitable[Result]]


def client(stand: Stand, token: str | None = None, seconds: int = 10) -> AsyncWebClient:
    """A client of the poster's, or of another token's, that never tries again."""
    return AsyncWebClient(
        token or stand.bot().token, base_url=stand.api_url, timeout=seconds, retry_handlers=[], proxy=None
    )


def talk(stand: Stand, saying: Talk[Result], token: str | None = None, seconds: int = 10) -> Result:
    """What comes of a few calls."""

    async def said() -> Result:
        return await saying(client(stand, token, seconds))

    return asyncio.run(said())


def refusal(stand: Stand, saying: Talk[AsyncSlackResponse], token: str | None = None) -> AsyncSlackResponse:
    """The answer that says no."""
    try:
        talk(stand, saying, token)
    except SlackApiError as error:
        response = error.response
        assert isinstance(response, AsyncSlackResponse)
        return response
    raise AssertionError("it was allowed")


def channel_id(stand: Stand, name: str) -> str:
    """The id behind a channel's name, whoever may see it."""

    async def ids(web: AsyncWebClient) -> dict[str, str]:
        answer = await web.conversations_list(types="public_channel,private_channel", limit=1000)
        return {one["name"]: one["id"] for one in answer["channels"]}

    return talk(stand, ids)[name]


def post(stand: Stand, place: str, text: str, *, token: str | None = None, **more: JsonValue) -> str:
    """Post a message; its ts."""

    async def posting(web: AsyncWebClient) -> str:
        answer = await web.api_call("chat.postMessage", json={"channel": place, "text": text, **more})
        return str(answer["ts"])

    return talk(stand, posting, token)
