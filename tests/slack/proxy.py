"""Our rules in front of the third-party server: it stores and answers, we refuse what it is too lax to refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import aiohttp
from pydantic import JsonValue

from tests.slack.emulator import INSIDE_TOKENS, Emulator, admin, inside
from tests.slack.scene import SHOP, Bot, Scene
from tests.slack.stand import Stand
from tests.slack.wire import Call, JsonObject, Refused, Room

KINDS = "public_channel,private_channel"
PAGE = 1_000
HOOK_PATH = re.compile(r"/services/\w+/\w+/\w+")
BUILT_IN_HOOKS = 1
"""The server has one webhook of its own before ours."""


class Emulated:
    """The workspace of the rules, kept by the server. Look-ups go by tokens of our own, calls by the caller's."""

    def __init__(self, program: Path) -> None:
        """Keep the program; it starts with `open`."""
        self._program = program
        self._turn = count()
        self._hooks: dict[str, str] = {}
        self._threads: set[tuple[str, str]] = set()

    async def open(self, scene: Scene) -> None:
        """Start the server and bring about what its seed file cannot say: bots in channels, archived channels."""
        self._scene = scene
        self._emulator = Emulator(self._program, scene)
        self._session = aiohttp.ClientSession(self._emulator.address)
        self._hooks = await self._webhook_paths(scene)
        for seed in scene.channels:
            await self._furnish(seed.name, seed.private, [scene.bot(name) for name in seed.bots])
            if seed.archived:
                room = await self._named(seed.name)
                await self._do("conversations.archive", admin(0), {"channel": room})

    async def close(self) -> None:
        """Stop the server."""
        await self._session.close()
        self._emulator.stop()

    async def room(self, bot: Bot, channel_id: str) -> Room | None:
        """A channel the bot may know of."""
        answer = await self._ask("conversations.info", inside(bot, self._number()), {"channel": channel_id})
        channel = answer.get("channel")
        return _room(channel) if isinstance(channel, dict) else None

    async def message(self, bot: Bot, room: Room, ts: str) -> JsonObject | None:
        """One message or reply."""
        thread = await self._listed(bot, "conversations.replies", {"channel": room.id, "ts": ts})
        return next((message for message in thread if message["ts"] == ts), None)

    async def messages(self, bot: Bot, room: Room) -> list[JsonObject]:
        """Everything in a channel, with the replies of deleted roots, without the server's own lines."""
        roots = await self._listed(bot, "conversations.history", {"channel": room.id, "limit": PAGE})
        found = {str(root["ts"]): root for root in roots}
        threads = {str(root["ts"]) for root in roots if root.get("reply_count")}
        for ts in sorted(threads | {ts for channel, ts in self._threads if channel == room.id}):
            thread = await self._listed(bot, "conversations.replies", {"channel": room.id, "ts": ts})
            found.update({str(message["ts"]): message for message in thread})
        return [message for message in found.values() if not str(message.get("subtype")).startswith("channel_")]

    async def everything(self) -> list[tuple[Room, list[JsonObject]]]:
        """Every channel there is, seen by whichever bot may see it, and what it holds."""
        found: dict[str, tuple[Room, list[JsonObject]]] = {}
        for bot in self._scene.bots:
            arguments: JsonObject = {"types": KINDS, "limit": PAGE}
            answer = await self._do("conversations.list", inside(bot, self._number()), arguments)
            channels = answer["channels"]
            for channel in channels if isinstance(channels, list) else []:
                if isinstance(channel, dict) and str(channel["id"]) not in found:
                    room = _room(channel)
                    found[room.id] = (room, await self.messages(bot, room))
        return list(found.values())

    async def answer(self, call: Call, bot: Bot) -> JsonObject:
        """Pass a call on, as a POST, with the caller's own token."""
        answer = await self._ask(call.method, bot.token, call.args, form=call.form)
        if not answer.get("ok"):
            raise Refused(str(answer.get("error")))
        if call.method == "chat.postMessage" and call.text("thread_ts"):
            self._threads.add((call.text("channel"), call.text("thread_ts")))
        return answer

    async def hook(self, label: str, channel: str, payload: JsonObject) -> None:
        """Pass a webhook's message on."""
        async with self._session.post(self._hooks[label], json=payload) as response:
            if await response.text() != "ok":
                raise RuntimeError(f"the emulator refused a webhook: {await response.text()}")

    async def _furnish(self, name: str, private: bool, bots: list[Bot]) -> None:
        if private and bots:
            maker, *guests = bots
            made = await self._do("conversations.create", inside(maker, 0), {"name": name, "is_private": True})
            channel = made["channel"]
            place = channel["id"] if isinstance(channel, dict) else ""
            for guest in guests:
                await self._do("conversations.invite", inside(maker, 0), {"channel": place, "users": guest.user_id})
            return
        for bot in bots:
            await self._do("conversations.join", inside(bot, 0), {"channel": await self._named(name)})

    async def _named(self, name: str) -> str:
        answer = await self._do("conversations.list", admin(0), {"types": KINDS, "limit": PAGE})
        channels = answer["channels"]
        for channel in channels if isinstance(channels, list) else []:
            if isinstance(channel, dict) and channel["name"] == name:
                return str(channel["id"])
        raise RuntimeError(f"the emulator has no channel {name}")

    async def _webhook_paths(self, scene: Scene) -> dict[str, str]:
        async with self._session.get("/", params={"tab": "auth"}) as response:
            paths = HOOK_PATH.findall(await response.text())
        return dict(zip((hook.label for hook in scene.webhooks), paths[BUILT_IN_HOOKS:], strict=True))

    async def _listed(self, bot: Bot, method: str, arguments: JsonObject) -> list[JsonObject]:
        found: list[JsonObject] = []
        cursor = ""
        while True:
            answer = await self._ask(method, inside(bot, self._number()), {**arguments, "cursor": cursor})
            messages, more = answer.get("messages"), answer.get("response_metadata")
            found += (
                [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []
            )
            cursor = str(more.get("next_cursor") or "") if isinstance(more, dict) else ""
            if not cursor:
                return found

    async def _do(self, method: str, token: str, arguments: Mapping[str, JsonValue]) -> JsonObject:
        answer = await self._ask(method, token, arguments)
        if not answer.get("ok"):
            raise RuntimeError(f"the emulator refused {method}: {answer.get('error')}")
        return answer

    async def _ask(
        self, method: str, token: str, arguments: Mapping[str, JsonValue], *, form: bool = False
    ) -> JsonObject:
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/api/{method}"
        if form:
            data = {name: str(value) for name, value in arguments.items()}
            request = self._session.post(path, data=data, headers=headers)
        else:
            request = self._session.post(path, json=dict(arguments), headers=headers)
        async with request as response:
            if response.status != 200:
                raise RuntimeError(f"the emulator answers {response.status} to {method}: {await response.text()}")
            answer: JsonObject = await response.json()
            return answer

    def _number(self) -> int:
        return next(self._turn) % INSIDE_TOKENS


def _room(channel: JsonObject) -> Room:
    return Room(
        id=str(channel["id"]),
        name=str(channel["name"]),
        private=bool(channel.get("is_private")),
        archived=bool(channel.get("is_archived")),
        member=bool(channel.get("is_member")),
    )


def emulated(program: Path, scene: Scene = SHOP, *, interval: float | None = None) -> Stand:
    """A stand-in on the third-party server, to be entered; a context manager."""
    return Stand(Emulated(program), scene, interval=interval)
