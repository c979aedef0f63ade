"""A workspace in memory, strict like Slack, with nothing but Python: ``python -m tests.slack.pretend --port 0``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pydantic import JsonValue

from tests.slack.limits import MOST_TEXT
from tests.slack.rules import CUSTOM
from tests.slack.scene import SHOP, TEAM, Bot, Scene
from tests.slack.stand import Stand
from tests.slack.wire import Call, JsonObject, Refused, Room

CREATED = 1_690_000_000
KEPT = ("attachments", "blocks", "metadata")
ADMIN = "admin"


@dataclass
class Shelf:
    """One channel with its members' user ids and messages, in the order they came."""

    id: str
    name: str
    private: bool
    archived: bool
    members: set[str]
    messages: dict[str, JsonObject] = field(default_factory=dict)


class Memory:
    """The state. With a file, every change is appended to it, and a later start goes on from there."""

    def __init__(self, clock: Callable[[], float] = time.time, state: Path | None = None) -> None:  # noqa: TID251
        """Begin empty. `clock` gives seconds since 1970 for the time stamps."""
        self._clock = clock
        self._state = state
        self._file: TextIO | None = None
        self._scene = SHOP
        self._shelves: dict[str, Shelf] = {}
        self._last = 0

    async def open(self, scene: Scene) -> None:
        """Bring the scene about, then whatever the file says happened since."""
        self._scene = scene
        for number, seed in enumerate(scene.channels, start=1):
            members = {scene.bot(name).user_id for name in seed.bots}
            self._add(Shelf(f"C{number:09d}", seed.name, seed.private, seed.archived, members))
        if self._state is None:
            return
        if self._state.exists():
            for line in self._state.read_text(encoding="utf-8").splitlines():
                self._apply(json.loads(line))
        self._file = self._state.open("a", encoding="utf-8")

    async def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    async def room(self, bot: Bot, channel_id: str) -> Room | None:
        """A channel the bot may know of."""
        shelf = self._shelves.get(channel_id)
        if shelf is None or (shelf.private and bot.user_id not in shelf.members):
            return None
        return _room(shelf, bot)

    async def message(self, bot: Bot, room: Room, ts: str) -> JsonObject | None:
        """One message or reply."""
        return self._shelves[room.id].messages.get(ts)

    async def messages(self, bot: Bot, room: Room) -> list[JsonObject]:
        """Everything in a channel."""
        return list(self._shelves[room.id].messages.values())

    async def everything(self) -> list[tuple[Room, list[JsonObject]]]:
        """Every channel and what it holds."""
        return [(_room(shelf, None), list(shelf.messages.values())) for shelf in self._shelves.values()]

    async def hook(self, label: str, channel: str, payload: JsonObject) -> None:
        """Store a webhook's message."""
        shelf = next(shelf for shelf in self._shelves.values() if shelf.name == channel)
        message: JsonObject = {"user": "B0HOOK0001", "bot_id": "B0HOOK0001", "subtype": "bot_message"}
        self._store(shelf, {**message, **_content(Call("webhook", None, payload))})

    async def answer(self, call: Call, bot: Bot) -> JsonObject:
        """Carry out a call."""
        answers: dict[str, Callable[[Call, Bot], JsonObject]] = {
            "auth.test": self._auth,
            "chat.delete": self._delete,
            "chat.postEphemeral": self._whisper,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.create": self._create,
            "conversations.info": self._info,
            "conversations.join": self._join,
            "conversations.list": self._channels,
            "reactions.add": self._react,
            "users.list": self._people,
        }
        return answers[call.method](call, bot)

    def _auth(self, call: Call, bot: Bot) -> JsonObject:
        return {
            "ok": True,
            "url": f"https://{self._scene.domain}.slack.com/",
            "team": self._scene.team_name,
            "team_id": TEAM,
            "user": bot.name,
            "user_id": bot.user_id,
            "bot_id": bot.bot_id,
            "is_enterprise_install": False,
        }

    def _channels(self, call: Call, bot: Bot) -> JsonObject:
        kinds = (call.text("types") or "public_channel").split(",")
        visible = [
            _shown_channel(shelf, bot)
            for shelf in self._shelves.values()
            if ("private_channel" if shelf.private else "public_channel") in kinds
            and not (shelf.private and bot.user_id not in shelf.members)
            and not (shelf.archived and call.flag("exclude_archived"))
        ]
        return _paged(call, "channels", visible)

    def _people(self, call: Call, bot: Bot) -> JsonObject:
        names = (ADMIN, *self._scene.people)
        people = [_person(f"U{number:09d}", name, bot=False) for number, name in enumerate(names, start=1)]
        bots = [_person(one.user_id, one.name, bot=True) for one in self._scene.bots]
        return _paged(call, "members", [*people, *bots])

    def _info(self, call: Call, bot: Bot) -> JsonObject:
        return {"ok": True, "channel": _shown_channel(self._shelves[call.text("channel")], bot)}

    def _create(self, call: Call, bot: Bot) -> JsonObject:
        if any(shelf.name == call.text("name") for shelf in self._shelves.values()):
            raise Refused("name_taken")
        made: JsonObject = {
            "op": "create",
            "id": f"C{len(self._shelves) + 1:09d}",
            "name": call.text("name"),
            "private": call.flag("is_private"),
            "by": bot.user_id,
        }
        self._happen(made)
        return {"ok": True, "channel": _shown_channel(self._shelves[str(made["id"])], bot)}

    def _join(self, call: Call, bot: Bot) -> JsonObject:
        self._happen({"op": "join", "id": call.text("channel"), "by": bot.user_id})
        return self._info(call, bot)

    def _post(self, call: Call, bot: Bot) -> JsonObject:
        message: JsonObject = {"user": bot.user_id, "bot_id": bot.bot_id, "app_id": bot.app_id, **_content(call)}
        message.update({name: call.args[name] for name in (*CUSTOM, "thread_ts") if call.args.get(name)})
        stored = self._store(self._shelves[call.text("channel")], message)
        answer: JsonObject = {"ok": True, "channel": call.text("channel"), "ts": stored["ts"], "message": stored}
        if len(call.text("text")) > MOST_TEXT:
            answer["warning"] = "message_truncated"
        return answer

    def _whisper(self, call: Call, bot: Bot) -> JsonObject:
        self._last = max(int(self._clock() * 1e6), self._last + 1)
        return {"ok": True, "message_ts": f"{self._last // 10**6}.{self._last % 10**6:06d}"}

    def _update(self, call: Call, bot: Bot) -> JsonObject:
        place = {"id": call.text("channel"), "ts": call.text("ts")}
        self._happen({"op": "update", **place, "content": _content(call)})
        return {"ok": True, "channel": place["id"], "ts": place["ts"], "text": call.text("text")}

    def _delete(self, call: Call, bot: Bot) -> JsonObject:
        self._happen({"op": "delete", "id": call.text("channel"), "ts": call.text("ts")})
        return {"ok": True, "channel": call.text("channel"), "ts": call.text("ts")}

    def _react(self, call: Call, bot: Bot) -> JsonObject:
        message = self._shelves[call.text("channel")].messages[call.text("timestamp")]
        if bot.user_id in _reactors(message, call.text("name")):
            raise Refused("already_reacted")
        place = {"id": call.text("channel"), "ts": call.text("timestamp")}
        self._happen({"op": "react", **place, "name": call.text("name"), "by": bot.user_id})
        return {"ok": True}

    def _store(self, shelf: Shelf, message: JsonObject) -> JsonObject:
        self._last = max(int(self._clock() * 1e6), self._last + 1)
        stored: JsonObject = {"type": "message", **message, "ts": f"{self._last // 10**6}.{self._last % 10**6:06d}"}
        self._happen({"op": "post", "id": shelf.id, "message": stored})
        return dict(stored)

    def _happen(self, change: JsonObject) -> None:
        if self._file:
            self._file.write(json.dumps(change) + "\n")
            self._file.flush()
        self._apply(change)

    def _apply(self, change: JsonObject) -> None:
        place = str(change["id"])
        match change:
            case {"op": "create"}:
                self._add(Shelf(place, str(change["name"]), bool(change["private"]), False, {str(change["by"])}))
            case {"op": "join"}:
                self._shelves[place].members.add(str(change["by"]))
            case {"op": "delete"}:
                del self._shelves[place].messages[str(change["ts"])]
            case {"op": "update", "content": dict(content)}:
                self._shelves[place].messages[str(change["ts"])].update(content)
            case {"op": "react"}:
                _put(self._shelves[place].messages[str(change["ts"])], str(change["name"]), str(change["by"]))
            case {"op": "post", "message": dict(message)}:
                self._shelves[place].messages[str(message["ts"])] = message
                self._last = max(self._last, int(str(message["ts"]).replace(".", "")))

    def _add(self, shelf: Shelf) -> None:
        self._shelves[shelf.id] = shelf


def _content(call: Call) -> JsonObject:
    content: JsonObject = {"text": call.text("text")[:MOST_TEXT]}
    content.update({name: call.structure(name, "invalid") for name in KEPT if call.args.get(name)})
    return content


def _room(shelf: Shelf, bot: Bot | None) -> Room:
    return Room(shelf.id, shelf.name, shelf.private, shelf.archived, bot is not None and bot.user_id in shelf.members)


def _shown_channel(shelf: Shelf, bot: Bot) -> JsonObject:
    return {
        "id": shelf.id,
        "name": shelf.name,
        "name_normalized": shelf.name,
        "is_channel": not shelf.private,
        "is_group": shelf.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": shelf.private,
        "is_archived": shelf.archived,
        "is_member": bot.user_id in shelf.members,
        "created": CREATED,
        "num_members": len(shelf.members),
    }


def _person(user_id: str, name: str, *, bot: bool) -> JsonObject:
    profile: JsonObject = {"display_name": name, "real_name": name.title(), "real_name_normalized": name.title()}
    person: JsonObject = {"id": user_id, "team_id": TEAM, "name": name, "real_name": name.title(), "profile": profile}
    return {**person, "is_bot": bot, "deleted": False}


def _paged(call: Call, field_name: str, items: Sequence[JsonObject]) -> JsonObject:
    size, cursor = int(call.text("limit") or 100), call.text("cursor")
    start = next((place for place, item in enumerate(items) if item["id"] == cursor), None) if cursor else 0
    if start is None:
        raise Refused("invalid_cursor")
    page: list[JsonValue] = [*items[start : start + size]]
    following = items[start + size]["id"] if start + size < len(items) else ""
    return {"ok": True, field_name: page, "response_metadata": {"next_cursor": following}}


def _reactors(message: JsonObject, name: str) -> list[str]:
    reactions = message.get("reactions")
    for reaction in reactions if isinstance(reactions, list) else []:
        if isinstance(reaction, dict) and reaction["name"] == name and isinstance(reaction["users"], list):
            return [str(user) for user in reaction["users"]]
    return []


def _put(message: JsonObject, name: str, user: str) -> None:
    there = message.get("reactions")
    others = [one for one in there if isinstance(one, dict) and one["name"] != name] if isinstance(there, list) else []
    users: list[JsonValue] = [*_reactors(message, name), user]
    message["reactions"] = [*others, {"name": name, "users": users, "count": len(users)}]


def pretended(
    scene: Scene = SHOP,
    *,
    clock: Callable[[], float] = time.time,  # noqa: TID251 - the time stamps of a live server
    interval: float | None = None,
    state: Path | None = None,
    port: int = 0,
) -> Stand:
    """A stand-in on a workspace in memory, to be entered; a context manager."""
    return Stand(Memory(clock, state), scene, clock=clock, interval=interval, port=port)


def main(arguments: list[str] | None = None) -> int:
    """Listen until told to stop. The first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 for any that is free")
    parser.add_argument("--state", type=Path, help="keep everything in this file, and go on from it")
    parser.add_argument("--interval", type=float, help="seconds between two messages of a channel")
    parser.add_argument("--scene", type=Path, help="the workspace, as JSON")
    options = parser.parse_args(arguments)
    scene = Scene.model_validate_json(options.scene.read_text(encoding="utf-8")) if options.scene else SHOP
    told = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: told.set())
    with pretended(scene, interval=options.interval, state=options.state, port=options.port) as stand:
        sys.stdout.write(f"{stand.url}\n")
        sys.stdout.flush()
        told.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
