"""A stand-in that speaks Socket Mode: hello, envelopes, acks, disconnects; and a person who acts on what they see."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web
from pydantic import JsonValue

from tests.slack.front import Front, Heard
from tests.slack.pretend import Memory
from tests.slack.rules import TALKING
from tests.slack.scene import SHOP, TEAM, Scene
from tests.slack.stand import PATIENCE, Stand
from tests.slack.wire import JsonObject

APP_TOKEN = "xapp-1-A0POSTER01-canary-99d0"
TICKET = "ticket-canary-4c1e"
OPEN = "apps.connections.open"

Person = Callable[[Heard], Iterable[JsonObject]]
"""Somebody in the workspace: the envelopes that follow from a request the server has just answered."""


def nobody(_heard: Heard) -> Iterable[JsonObject]:
    """A person who only reads."""
    return ()


@dataclass
class Wire:
    """The Socket Mode side. `acks` are (envelope id, how many calls had been answered by then)."""

    person: Person = nobody
    shown: int = 0
    greeting: JsonObject = field(default_factory=lambda: {"type": "hello", "num_connections": 1})
    refusals: list[JsonObject] = field(default_factory=list)
    acks: list[tuple[str, int]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    lines: list[web.WebSocketResponse] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self) -> None:
        """Wake whoever waits for a change."""
        with self.changed:
            self.changed.notify_all()


class LiveFront(Front):
    """The Web API, and a door to the socket."""

    wire: Wire

    def application(self) -> web.Application:
        """The routes of the Web API, one that gives an address, and that address."""
        app = super().application()
        app.router.add_post(f"/api/{OPEN}", self._open)
        app.router.add_get("/link/{number}", self._link)
        app.middlewares.append(self._watched)
        return app

    @web.middleware
    async def _watched(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        answer = await handler(request)
        while self.wire.shown < len(self.heard):
            self.wire.shown += 1
            for envelope in self.wire.person(self.heard[self.wire.shown - 1]):
                await self.send(envelope)
        self.wire.note()
        return answer

    async def send(self, envelope: JsonObject, line: int = -1) -> None:
        """Send to one connection, the newest unless another is meant."""
        await self.wire.lines[line].send_json(envelope)

    async def hang_up(self, line: int = -1) -> None:
        """Drop a connection without a word."""
        transport = self.wire.lines[line]._req.transport  # type: ignore[union-attr]
        if transport is not None:
            transport.abort()

    async def _open(self, request: web.Request) -> web.Response:
        await request.read()
        self.wire.tokens.append(request.headers.get("Authorization", ""))
        if self.wire.refusals:
            return web.json_response(self.wire.refusals.pop(0))
        if request.headers.get("Authorization") != f"Bearer {APP_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        number = len(self.wire.opened)
        address = f"ws://{request.host}/link/{number}?ticket={TICKET}"
        self.wire.opened.append(address)
        return web.json_response({"ok": True, "url": address})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        self.wire.lines.append(line)
        await line.send_json(self.wire.greeting)
        self.wire.note()
        async for frame in line:
            if frame.type is WSMsgType.TEXT:
                ack = json.loads(frame.data)
                self.wire.acks.append((str(ack["envelope_id"]), len(self.heard)))
                self.wire.note()
        return line


class LiveStand(Stand):
    """A stand-in on a workspace in memory that can be talked with."""

    def __init__(
        self,
        scene: Scene = SHOP,
        *,
        person: Person = nobody,
        clock: Callable[[], float] | None = None,
        interval: float | None = None,
    ) -> None:
        """`person` acts on every request, on the server's own loop."""
        super().__init__(Memory(clock) if clock else Memory(), scene, clock=clock, interval=interval)
        front = self._front
        live = LiveFront(front.workspace, front.scene, front.clock, front.pace, more=TALKING)
        self.wire = live.wire = Wire(person)
        self._front = self._live = live

    def send(self, envelope: JsonObject, line: int = -1) -> None:
        """Send an envelope, from any thread."""
        asyncio.run_coroutine_threadsafe(self._live.send(envelope, line), self._loop).result(PATIENCE)

    def hang_up(self, line: int = -1) -> None:
        """Drop a connection, from any thread."""
        asyncio.run_coroutine_threadsafe(self._live.hang_up(line), self._loop).result(PATIENCE)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something to be so. Raises AssertionError after half a minute."""
        with self.wire.changed:
            assert self.wire.changed.wait_for(true, PATIENCE), "it never came about"


_NUMBERS = itertools.count(1)


def pressed(channel: str, ts: str, user: str, action: str, value: str, *, envelope: str = "") -> JsonObject:
    """An interactive envelope, as Slack documents block_actions: a button under a message."""
    number = next(_NUMBERS)
    payload: JsonObject = {
        "type": "block_actions",
        "user": {"id": user, "username": "alice", "name": "alice", "team_id": TEAM},
        "api_app_id": "A0POSTER01",
        "token": "legacy-verification-token",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": f"{number}.trigger",
        "team": {"id": TEAM, "domain": "shop-practice"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "incidents"},
        "message": {"type": "message", "ts": ts, "text": "..."},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T/1/x",
        "actions": [
            {
                "action_id": action,
                "block_id": "slackincidents",
                "text": {"type": "plain_text", "text": "..."},
                "value": value,
                "type": "button",
                "action_ts": f"1700000000.{number:06}",
            }
        ],
    }
    return _envelope("interactive", payload, envelope or f"envelope-{number}", accepts=True)


def typed(channel: str, thread: str, user: str, text: str, *, envelope: str = "", **more: JsonValue) -> JsonObject:
    """An events_api envelope with a message, as Slack documents message.channels."""
    number = next(_NUMBERS)
    event: JsonObject = {
        "type": "message",
        "channel": channel,
        "user": user,
        "text": text,
        "ts": f"1800000000.{number:06}",
        "thread_ts": thread,
        "channel_type": "channel",
        "event_ts": f"1800000000.{number:06}",
        "client_msg_id": f"client-{number}",
        "team": TEAM,
        **more,
    }
    payload: JsonObject = {
        "token": "legacy-verification-token",
        "team_id": TEAM,
        "api_app_id": "A0POSTER01",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:08}",
        "event_time": 1_700_000_000,
    }
    made = _envelope("events_api", payload, envelope or f"envelope-{number}", accepts=False)
    return {**made, "retry_attempt": 0, "retry_reason": ""}


def disconnect(reason: str) -> JsonObject:
    """Slack is about to close, or has a reason not to serve."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-1.example"}}


def _envelope(kind: str, payload: JsonObject, envelope: str, *, accepts: bool) -> JsonObject:
    return {"envelope_id": envelope, "type": kind, "accepts_response_payload": accepts, "payload": payload}
