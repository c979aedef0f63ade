"""What Slack lets a token do: scopes, membership, archived channels, threads. Both stand-ins obey them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from tests.slack.limits import check_content
from tests.slack.scene import Bot, Scene
from tests.slack.wire import Call, JsonObject, Refused, Room

CHANNEL_NAME = re.compile(r"[a-z0-9_-]+")
LONGEST_NAME = 80
EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
CUSTOM = ("username", "icon_emoji", "icon_url")
METHODS_OF_TYPE = {"public_channel": "channels:read", "private_channel": "groups:read"}

PERSON = re.compile(r"U\d{9}")
"""Ids of the scene's people; what bots have is another kind."""

MOST_UPDATED = 4_000


class Facts(Protocol):
    """What the rules ask a workspace."""

    async def room(self, bot: Bot, channel_id: str) -> Room | None:
        """A channel the bot may know of; None for foreign private ones."""
        ...

    async def message(self, bot: Bot, room: Room, ts: str) -> JsonObject | None:
        """One message or reply of a channel."""
        ...


def caller(scene: Scene, token: str | None) -> Bot:
    """Whose token it is.

    Raises:
        Refused: no token, an unknown one, a revoked one.
    """
    if not token:
        raise Refused("not_authed")
    bot = next((bot for bot in scene.bots if bot.token == token), None)
    if bot is None:
        raise Refused("invalid_auth")
    if bot.revoked:
        raise Refused("token_revoked")
    return bot


def demand(bot: Bot, *scopes: str) -> None:
    """Refuse a token that lacks one of these scopes."""
    missing = [scope for scope in scopes if scope not in bot.scopes]
    if missing:
        raise Refused("missing_scope", needed=",".join(missing), provided=",".join(bot.scopes))


async def check(call: Call, bot: Bot, facts: Facts, scene: Scene, more: Mapping[str, Rule] | None = None) -> None:
    """Refuse what Slack would refuse.

    Raises:
        Refused: with Slack's code.
    """
    rule = RULES.get(call.method) or (more or {}).get(call.method)
    if rule is None:
        raise Refused("unknown_method")
    await rule(call, bot, facts, scene)


def settled(call: Call, bot: Bot) -> Call:
    """The call as Slack takes it: a name or picture of one's own is dropped in silence without the scope."""
    if call.method == "chat.postMessage" and "chat:write.customize" not in bot.scopes:
        return call.without(*CUSTOM)
    return call


def shown(message: JsonObject) -> JsonObject:
    """A stored message as Slack shows it: one under another name is a bot_message without a user."""
    out = dict(message)
    icon = out.pop("icon_emoji", None)
    if out.get("username"):
        out.pop("user", None)
        out["subtype"] = "bot_message"
        if icon:
            out["icons"] = {"emoji": icon}
    return out


async def _auth(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    pass


async def _list_channels(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    kinds = (call.text("types") or "public_channel").split(",")
    demand(bot, *(METHODS_OF_TYPE[kind.strip()] for kind in kinds if kind.strip() in METHODS_OF_TYPE))
    _limit(call, 1_000)


async def _list_people(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "users:read")
    _limit(call, 1_000)


async def _list_groups(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "usergroups:read")
    if not scene.paid_plan:
        raise Refused("plan_upgrade_required")


async def _info(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    room = await _room(call, bot, facts)
    demand(bot, "groups:read" if room.private else "channels:read")


async def _history(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    room = await _room(call, bot, facts)
    demand(bot, "groups:history" if room.private else "channels:history")
    if not room.member:
        raise Refused("not_in_channel")
    _limit(call, 999)


async def _replies(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    await _history(call, bot, facts, scene)
    room = await _room(call, bot, facts)
    if await facts.message(bot, room, call.text("ts")) is None:
        raise Refused("thread_not_found")


async def _create(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "groups:write" if call.flag("is_private") else "channels:manage")
    name = call.text("name")
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if not CHANNEL_NAME.fullmatch(name):
        raise Refused("invalid_name_specials")
    if not re.search(r"[a-z0-9]", name):
        raise Refused("invalid_name_punctuation")


async def _join(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "channels:join")
    room = await _room(call, bot, facts)
    if room.private:
        raise Refused("method_not_supported_for_channel_type")
    if room.archived:
        raise Refused("is_archived")


async def _post(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "chat:write")
    room = await _room(call, bot, facts)
    if room.archived:
        raise Refused("is_archived")
    if not room.member and "chat:write.public" not in bot.scopes:
        raise Refused("not_in_channel")
    check_content(call)
    if thread := call.text("thread_ts"):
        root = await facts.message(bot, room, thread)
        if root is None:
            raise Refused("thread_not_found")
        if root.get("thread_ts", thread) != thread:
            raise Refused("cannot_reply_to_message")


async def _delete(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "chat:write")
    room = await _room(call, bot, facts)
    message = await facts.message(bot, room, call.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.get("user") != bot.user_id:
        raise Refused("cant_delete_message")


async def _whisper(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "chat:write")
    room = await _room(call, bot, facts)
    if room.archived:
        raise Refused("is_archived")
    if not room.member:
        raise Refused("not_in_channel")
    check_content(call)
    if not PERSON.fullmatch(call.text("user")):
        raise Refused("user_not_in_channel")
    if (thread := call.text("thread_ts")) and await facts.message(bot, room, thread) is None:
        raise Refused("thread_not_found")


async def _update(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "chat:write")
    room = await _room(call, bot, facts)
    message = await facts.message(bot, room, call.text("ts"))
    if message is None:
        raise Refused("message_not_found")
    if message.get("user") != bot.user_id:
        raise Refused("cant_update_message")
    if len(call.text("text")) > MOST_UPDATED:
        raise Refused("msg_too_long")
    check_content(call)


async def _react(call: Call, bot: Bot, facts: Facts, scene: Scene) -> None:
    demand(bot, "reactions:write")
    room = await _room(call, bot, facts)
    if not EMOJI.fullmatch(call.text("name")):
        raise Refused("invalid_name")
    if room.archived:
        raise Refused("is_archived")
    if not room.member:
        raise Refused("not_in_channel")
    message = await facts.message(bot, room, call.text("timestamp"))
    if message is None:
        raise Refused("message_not_found")


async def _room(call: Call, bot: Bot, facts: Facts) -> Room:
    channel = call.text("channel")
    if not channel:
        raise Refused("invalid_arguments")
    room = await facts.room(bot, channel)
    if room is None:
        raise Refused("channel_not_found")
    return room


def _limit(call: Call, most: int) -> None:
    limit = call.text("limit")
    if limit and not (limit.isdigit() and 0 < int(limit) <= most):
        raise Refused("invalid_limit")


Rule = Callable[[Call, Bot, Facts, Scene], Awaitable[None]]
RULES: dict[str, Rule] = {
    "auth.test": _auth,
    "chat.delete": _delete,
    "chat.postMessage": _post,
    "conversations.create": _create,
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.join": _join,
    "conversations.list": _list_channels,
    "conversations.replies": _replies,
    "reactions.add": _react,
    "usergroups.list": _list_groups,
    "users.list": _list_people,
}
"""Every method the stand-ins know. Nothing else is answered."""

TALKING: dict[str, Rule] = {"chat.postEphemeral": _whisper, "chat.update": _update}
"""Methods that only a drill uses: what the poster is tested against does not know them."""
