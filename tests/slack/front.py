"""The listening part of both stand-ins: reads a request, brings faults about, asks the rules, fetches the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web
from pydantic import JsonValue

from tests.slack import rules, windows
from tests.slack.faults import Fault, Faults
from tests.slack.ledger import Ledger, held
from tests.slack.limits import check_content
from tests.slack.pacing import Pace, too_many
from tests.slack.scene import Bot, Scene
from tests.slack.wire import Call, JsonObject, Refused, Reply, Room

WEBHOOK = "webhook"
"""The name that calls to incoming webhooks have where methods are named."""

LOOKS = ("conversations.history", "conversations.replies")
"""Methods by which somebody sees what a channel holds."""

IGNORED_BY_WEBHOOKS = ("channel", "username", "icon_emoji", "icon_url", "thread_ts", "metadata")


class Workspace(rules.Facts, Protocol):
    """What stands behind the rules: a state of our own, or somebody else's server."""

    async def open(self, scene: Scene) -> None:
        """Bring the scene about."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...

    async def answer(self, call: Call, bot: Bot) -> JsonObject:
        """Carry out a call that the rules allow.

        Raises:
            Refused: for what only the state can know: a name that is taken, a reaction that is there already.
        """
        ...

    async def messages(self, bot: Bot, room: Room) -> list[JsonObject]:
        """Everything in a channel, replies too, metadata included, as stored."""
        ...

    async def hook(self, label: str, channel: str, payload: JsonObject) -> None:
        """Take a message for an incoming webhook."""
        ...

    async def everything(self) -> list[tuple[Room, list[JsonObject]]]:
        """Every channel there is and what it holds."""
        ...


@dataclass(frozen=True)
class Heard:
    """One request as it arrived; `outcome` is "ok", Slack's error code, or the fault that happened to it."""

    method: str
    verb: str
    args: Mapping[str, JsonValue]
    outcome: str
    at: float


@dataclass
class Front:
    """An application for aiohttp around a workspace. `clock` gives seconds since 1970."""

    workspace: Workspace
    scene: Scene
    clock: Callable[[], float]
    pace: Pace
    faults: Faults = field(default_factory=Faults)
    heard: list[Heard] = field(default_factory=list)
    more: Mapping[str, rules.Rule] = field(default_factory=dict)
    _late: list[Callable[[], Awaitable[Reply]]] = field(default_factory=list)

    def application(self) -> web.Application:
        """The routes: methods, webhooks, and a door for whoever runs the stand-in as a process."""
        app = web.Application(client_max_size=8 * 2**20)
        app.router.add_route("*", "/api/{method}", self._method)
        app.router.add_post("/services/{team}/{bot}/{label}", self._webhook)
        app.router.add_get("/_stand/ledger", self._ledger)
        app.router.add_post("/_stand/fault", self._fault)
        return app

    async def ledger(self) -> Ledger:
        """What every channel really holds, oldest first."""
        return {room.name: held(room.name, room.id, messages) for room, messages in await self.workspace.everything()}

    async def _method(self, request: web.Request) -> web.StreamResponse:
        call = await read(request)
        return await self._serve(request, call, lambda: self._carry_out(call))

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        call = Call(WEBHOOK, None, {"label": request.match_info["label"], "payload": text})
        return await self._serve(request, call, lambda: self._hook(request.match_info["label"], text))

    async def _serve(
        self, request: web.Request, call: Call, work: Callable[[], Awaitable[Reply]]
    ) -> web.StreamResponse:
        fault = self.faults.strike(call.method)
        reply: Reply | None = None
        if fault is None or fault.taken:
            reply = await work()
        if fault is Fault.LATE:
            self._late.append(work)
        elif call.method in LOOKS:
            await self._catch_up()
        outcome = fault.value if fault else outcome_of(reply)
        self.heard.append(Heard(call.method, request.method, call.args, outcome, self.clock()))
        if fault is None and reply is not None:
            return written(reply)
        return await broken(request, fault or Fault.ERROR_BEFORE, call.method, len(self.heard))

    async def _catch_up(self) -> None:
        """Carry out what comes late: somebody has just looked, and has not seen it."""
        late, self._late = self._late, []
        for work in late:
            await work()

    async def _carry_out(self, call: Call) -> Reply:
        headers: dict[str, str] = {}
        try:
            bot = rules.caller(self.scene, call.token)
            headers["x-oauth-scopes"] = ",".join(bot.scopes)
            self.pace.call(bot.name, call.method, self.clock())
            await rules.check(call, bot, self.workspace, self.scene, self.more)
            if call.method == "chat.postMessage":
                self.pace.message(call.text("channel"), self.clock())
            return Reply(await self._answer(rules.settled(call, bot), bot), headers=headers)
        except Refused as refused:
            return Reply(refused.body, refused.status, {**headers, **refused.headers})

    async def _answer(self, call: Call, bot: Bot) -> JsonObject:
        if call.method == "usergroups.list":
            return {"ok": True, "usergroups": [_group(group.model_dump()) for group in self.scene.groups]}
        if call.method in LOOKS:
            room = await self.workspace.room(bot, call.text("channel"))
            messages = await self.workspace.messages(bot, room) if room else []
            page = windows.history if call.method == "conversations.history" else windows.replies
            return page(call, messages)
        return self._completed(await self.workspace.answer(call, bot))

    def _completed(self, answer: JsonObject) -> JsonObject:
        """Give channels and messages the fields that Slack's have."""
        shared = {channel.name for channel in self.scene.channels if channel.shared}
        channels = answer.get("channels", [answer.get("channel")])
        for channel in channels if isinstance(channels, list) else []:
            if isinstance(channel, dict):
                foreign = channel["name"] in shared
                channel.update(is_shared=foreign, is_ext_shared=foreign, is_org_shared=False)
        if isinstance(message := answer.get("message"), dict):
            answer["message"] = rules.shown(message)
        return answer

    async def _hook(self, label: str, text: str) -> Reply:
        hook = next((hook for hook in self.scene.webhooks if hook.label == label), None)
        if hook is None:
            return Reply("no_service", 404)
        if any(channel.archived for channel in self.scene.channels if channel.name == hook.channel):
            return Reply("channel_is_archived", 410)
        try:
            payload: JsonValue = json.loads(text)
        except ValueError:
            return Reply("invalid_payload", 400)
        if not isinstance(payload, dict):
            return Reply("invalid_payload", 400)
        kept = {name: value for name, value in payload.items() if name not in IGNORED_BY_WEBHOOKS}
        try:
            self.pace.message(f"{WEBHOOK} {label}", self.clock())
            check_content(Call(WEBHOOK, None, kept))
        except Refused as refused:
            status = refused.status if refused.status != 200 else 400
            return Reply(refused.error, status, refused.headers)
        await self.workspace.hook(label, hook.channel, kept)
        return Reply("ok")

    async def _ledger(self, request: web.Request) -> web.Response:
        ledger = await self.ledger()
        return web.json_response({name: [message.raw for message in held] for name, held in ledger.items()})

    async def _fault(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.faults.order(wanted["method"], wanted["nth"], Fault(wanted["fault"]))
        return web.json_response({"ok": True})


async def read(request: web.Request) -> Call:
    """The call in a request. A token counts in the header or in the body, not in the address."""
    args: JsonObject = dict(request.query)
    args.pop("token", None)
    form = request.content_type != "application/json"
    if request.method == "POST":
        if form:
            args.update({name: str(value) for name, value in (await request.post()).items()})
        else:
            args.update(await _json(request))
    given = args.pop("token", None)
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else given
    return Call(request.match_info["method"], None if token is None else str(token), args, form)


async def _json(request: web.Request) -> JsonObject:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def outcome_of(reply: Reply | None) -> str:
    """What became of a call, in a word."""
    if reply is None:
        return ""
    if isinstance(reply.body, str):
        return reply.body
    return "ok" if reply.body.get("ok") else str(reply.body.get("error"))


def written(reply: Reply) -> web.Response:
    """The answer as it goes out."""
    if isinstance(reply.body, str):
        return web.Response(text=reply.body, status=reply.status, headers=reply.headers)
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)


LONG_WAIT = 30.0
"""Seconds that a rate limit ordered as a fault asks for."""

NONSENSE = (
    ('{"ok": true, "channel": "C0', "application/json"),
    ("<html><body>Something went wrong on our side.</body></html>", "text/html"),
    ("[]", "application/json"),
    ('{"ok": false}', "application/json"),
    ('{"ok": true}', "application/json"),
)
BARE = ("reactions.add",)
"""Methods of which a mere "ok" is the whole answer: it would be a lie, not a malformed answer."""


def nonsense(method: str, number: int) -> web.Response:
    """Malformed in one of five ways, in turn: cut off, a page, a list, no without a reason, yes without the rest."""
    kinds = NONSENSE[:-1] if method in BARE else NONSENSE
    text, kind = kinds[number % len(kinds)]
    return web.Response(text=text, content_type=kind)


async def broken(request: web.Request, fault: Fault, method: str, number: int) -> web.StreamResponse:
    """Go wrong; `number` counts the requests."""
    match fault:
        case Fault.RATE_LIMIT:
            refused = too_many(LONG_WAIT)
            return written(Reply(refused.body, refused.status, refused.headers))
        case Fault.ERROR_BEFORE | Fault.ERROR_AFTER:
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        case Fault.MALFORMED_BEFORE | Fault.MALFORMED_AFTER:
            return nonsense(method, number)
        case Fault.STALL_BEFORE | Fault.STALL_AFTER | Fault.LATE:
            await asyncio.Event().wait()  # until the caller hangs up, which cancels this
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _group(group: Mapping[str, JsonValue]) -> JsonObject:
    return {**group, "team_id": "", "is_usergroup": True, "date_delete": 0, "user_count": 3}
