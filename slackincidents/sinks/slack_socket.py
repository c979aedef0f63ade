"""Ears in a Slack workspace: Socket Mode, acknowledged at once, heard once, connected again when it drops."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
from pydantic import SecretStr, ValidationError
from slack_sdk.web.async_client import AsyncWebClient

from slackincidents.clock import Clock
from slackincidents.errors import Denied, Faulty, NotConfigured, ServiceFailed, SlackIncidentsError, Unreachable
from slackincidents.sinks.live import Heard
from slackincidents.sinks.pacing import Patience, nap
from slackincidents.sinks.slack_client import SLACK
from slackincidents.sinks.slack_errors import FOREIGN, LOOK_HINT, translated
from slackincidents.sinks.slack_socket_shapes import Envelope, EventShape, InteractiveShape, OpenShape

METHOD = "apps.connections.open"
HEARTBEAT = 10.0
"""Seconds between two looks whether the line still stands."""

RENEWAL = 0.2
"""Seconds from being asked for a new connection to asking for one."""

MOST_TRIES = 20
"""Failures in a row after which nobody listens any more: about nine minutes."""

REMEMBERED = 2000
"""Envelopes that are known again when they come twice."""

MOST_LINES = 2
"""Connections at a time: the old one is read to its end while the new one stands already."""

TOKEN_HINT = "Make an app-level token with connections:write at api.slack.com/apps: your app, Basic Information."
OFF_HINT = "Turn it on at api.slack.com/apps: your app, Socket Mode; slackincidents slack manifest has it on."


def _quiet(_line: str) -> None:
    """Nobody is told."""


@dataclass
class _State:
    """How a connection stands: whether it ever did, and whether another one is to take its place."""

    ready: Callable[[], None]
    up: bool = False
    renewed: asyncio.Event = field(default_factory=asyncio.Event)


class SlackSocket:
    """The ears of one app. Its token and the addresses it is given are in no repr, log or error."""

    def __init__(
        self,
        token: SecretStr,
        clock: Clock,
        *,
        base_url: str = SLACK,
        timeout: float = 30.0,
        told: Callable[[str], None] = _quiet,
    ) -> None:
        """`timeout` is in seconds, for one call; `told` hears what people should know. Nothing is called yet."""
        self._base_url = base_url
        self._clock = clock
        self._timeout = timeout
        self._told = told
        self._known: OrderedDict[str, None] = OrderedDict()
        self._client = AsyncWebClient(
            token=token.get_secret_value(),
            base_url=base_url,
            timeout=timeout,  # type: ignore[arg-type] # said to be whole seconds, but handed on to aiohttp as it is
            retry_handlers=[],
            logger=logging.Logger("slackincidents.socket", logging.CRITICAL + 1),
        )

    def __repr__(self) -> str:
        return f"SlackSocket({self._base_url!r})"

    async def listen(self, heard: Callable[[Heard], None], ready: Callable[[], None]) -> None:
        """Tell of messages and buttons until cancelled. Raises NotConfigured, Denied or ServiceFailed."""
        patience = Patience(self._clock, tries=MOST_TRIES)
        lines: list[asyncio.Task[None]] = []
        try:
            while True:
                state = _State(ready)
                line = asyncio.create_task(self._line(heard, state))
                line.add_done_callback(_looked_at)
                lines = [*(one for one in lines if not one.done()), line]
                for old in lines[:-MOST_LINES]:
                    old.cancel()
                renewed = await _until_over(line, state)
                if state.up:
                    patience = Patience(self._clock, tries=MOST_TRIES)
                wait = RENEWAL if renewed and state.up else patience.delay(_failure(line))
                await nap(self._clock, wait)
        finally:
            for one in lines:
                one.cancel()
            await asyncio.gather(*lines, return_exceptions=True)

    async def _line(self, heard: Callable[[Heard], None], state: _State) -> None:
        """One connection from its address to its end."""
        address = await self._address()
        failure: SlackIncidentsError | None = None
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_connect=self._timeout)) as session,
                session.ws_connect(
                    address,
                    heartbeat=HEARTBEAT,
                    proxy=self._client.proxy,
                    ssl=self._client.ssl if self._client.ssl is not None else True,
                    timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
                ) as socket,
            ):
                async for frame in socket:
                    if frame.type is aiohttp.WSMsgType.TEXT:
                        await self._take(frame.data, socket, heard, state)
        except FOREIGN as error:
            failure = translated(error, "Socket Mode")
        raise failure or Unreachable("Socket Mode: the connection was closed", LOOK_HINT)

    async def _address(self) -> str:
        failure: SlackIncidentsError
        try:
            answer = await self._client.api_call(METHOD)
            return OpenShape.model_validate(answer.data).url
        except ValidationError:
            failure = Faulty(f"{METHOD}: an answer that makes no sense", LOOK_HINT)
        except FOREIGN as error:
            failure = translated(error, METHOD)
        if isinstance(failure, Denied):
            failure.hint = TOKEN_HINT
        raise failure

    async def _take(
        self,
        data: str,
        socket: aiohttp.ClientWebSocketResponse,
        heard: Callable[[Heard], None],
        state: _State,
    ) -> None:
        """One frame: acknowledged before anything is made of it, since Slack waits three seconds and sends again."""
        try:
            envelope = Envelope.model_validate_json(data)
        except ValidationError:
            return
        if envelope.envelope_id:
            with suppress(*FOREIGN):  # the line is closing: it comes again on the next one
                await socket.send_json({"envelope_id": envelope.envelope_id})
            self._tell(envelope, heard)
        elif envelope.type == "hello":
            state.up = True
            state.ready()
            if envelope.num_connections > MOST_LINES:
                self._told(f"{envelope.num_connections} connections of this app: each hears only a part")
        elif envelope.type == "disconnect":
            if envelope.reason == "link_disabled":
                raise NotConfigured("Socket Mode is turned off for this app", OFF_HINT)
            state.renewed.set()

    def _tell(self, envelope: Envelope, heard: Callable[[Heard], None]) -> None:
        found = _opened(envelope)
        if found is None:
            return
        keys = {envelope.envelope_id, found.key} - {""}
        new = not any(key in self._known for key in keys)
        self._known.update(dict.fromkeys(sorted(keys)))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if new:
            for one in found.heard():
                heard(one)


def _opened(envelope: Envelope) -> EventShape | InteractiveShape | None:
    """What is in an envelope, when it is something we hear."""
    try:
        match envelope.type:
            case "events_api":
                return EventShape.model_validate(envelope.payload)
            case "interactive":
                return InteractiveShape.model_validate(envelope.payload)
    except ValidationError:
        return None
    return None


async def _until_over(line: asyncio.Task[None], state: _State) -> bool:
    """Wait for a connection's end or its renewal. True when the next one is to be made at once."""
    asked = asyncio.create_task(state.renewed.wait())
    try:
        await asyncio.wait({line, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()
    return state.renewed.is_set()


def _looked_at(line: asyncio.Task[None]) -> None:
    """Nobody need ask how an old connection ended."""
    if not line.cancelled():
        line.exception()


def _failure(line: asyncio.Task[None]) -> ServiceFailed:
    """Why a connection ended, when it is worth another try. Raises what is not."""
    error = line.exception() if line.done() else None
    if isinstance(error, ServiceFailed):
        return error
    if error is not None:
        raise error
    return Unreachable("Socket Mode: the connection was closed", LOOK_HINT)
