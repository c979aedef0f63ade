"""What every reader of exports demands of one, checked on the raw JSON and told as offences."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

Json = dict[str, "JsonLike"]
JsonLike = str | int | float | bool | None | list["JsonLike"] | Json

TS = re.compile(r"\d{10}\.\d{6}")
IDS = {"U": re.compile("U[A-Z0-9]{8,10}"), "C": re.compile("C[A-Z0-9]{8,10}"), "T": re.compile("T[A-Z0-9]{8,10}")}
ENTITY = re.compile(
    r"<(?:@U[A-Z0-9]+|#C[A-Z0-9]+\|[a-z0-9_-]+|!subteam\^S[A-Z0-9]+\|@[\w.-]+|https?://[^<>\s]+[^<>]*)>"
)
LOOSE = re.compile(r"&(?!(?:amp|lt|gt);)|<|>")
SPEAKER = (
    "avatar_hash", "image_72", "first_name", "real_name", "display_name", "team", "name", "is_restricted",
    "is_ultra_restricted",
)  # fmt: skip
FLAGS = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted", "is_bot", "is_app_user")
LINES = {"channel_join", "channel_topic"}


@dataclass(frozen=True)
class Opened:
    """An export, parsed."""

    path: Path

    @cached_property
    def names(self) -> list[str]:
        """Every entry in the archive's order."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.namelist()

    def load(self, name: str) -> list[Json]:
        """A member that is a list of objects."""
        with zipfile.ZipFile(self.path) as archive:
            found = json.loads(archive.read(name))
        assert isinstance(found, list)
        return found

    @cached_property
    def users(self) -> dict[str, Json]:
        """users.json by id."""
        return {str(user["id"]): user for user in self.load("users.json")}

    @cached_property
    def channels(self) -> dict[str, Json]:
        """channels.json by name."""
        return {str(room["name"]): room for room in self.load("channels.json")}

    @cached_property
    def days(self) -> dict[str, list[Json]]:
        """Day files by name."""
        return {name: self.load(name) for name in self.names if name.count("/") == 1 and not name.endswith("/")}

    def posts(self, channel: str) -> list[Json]:
        """All messages of a channel, in file order."""
        return [post for name, posts in sorted(self.days.items()) if name.startswith(f"{channel}/") for post in posts]

    def is_bot(self, user: object) -> bool:
        """Whether an id is an app's."""
        return self.users[str(user)]["is_bot"] is True


def offences(path: Path) -> list[str]:
    """Every rule that an export breaks."""
    export = Opened(path)
    found = [*_layout(export), *_rooms(export), *_users(export)]
    for channel in export.channels:
        posts = export.posts(channel)
        found += [f"#{channel} {post.get('ts')}: {wrong}" for post in posts for wrong in _message(export, post)]
        found += [f"#{channel}: {wrong}" for wrong in (*_order(posts), *_threads(posts))]
    return found


def _layout(export: Opened) -> Iterator[str]:
    roots = {"channels.json", "users.json", "integration_logs.json"}
    if not roots <= set(export.names):
        yield "a root file is missing"
    if export.load("integration_logs.json") != []:
        yield "integration_logs.json is not empty"
    if len(set(export.names)) != len(export.names):
        yield "an entry is there twice"
    yield from _entries(export)


def _entries(export: Opened) -> Iterator[str]:
    for name in export.names:
        if not re.fullmatch(r"[a-z_]+\.json|[a-z0-9_-]{2,64}/(\d{4}-\d{2}-\d{2}\.json)?", name):
            yield f"{name} has no place in an export"
        if "/" in name and name.split("/")[0] not in export.channels:
            yield f"{name} is of no channel"
    for name, posts in export.days.items():
        if not posts:
            yield f"{name} is empty"
        for post in posts:
            day = datetime.fromtimestamp(int(str(post["ts"])[:10]), UTC).date().isoformat()
            if name.split("/")[1] != f"{day}.json":
                yield f"{name} has a message of {day}"


def _rooms(export: Opened) -> Iterator[str]:
    ids = [room["id"] for room in export.channels.values()]
    if len(set(map(str, ids))) != len(export.load("channels.json")):
        yield "two channels share an id or a name"
    for name, room in export.channels.items():
        if f"{name}/" not in export.names:
            yield f"#{name} has no folder"
        if not re.fullmatch("[a-z0-9_-]{2,64}", name) or not IDS["C"].fullmatch(str(room["id"])):
            yield f"#{name}: name or id"
        created = room["created"]
        if not isinstance(created, int) or any(int(str(post["ts"])[:10]) < created for post in export.posts(name)):
            yield f"#{name}: a message is older than the channel"
        if room["creator"] not in export.users:
            yield f"#{name}: creator is unknown"
        if room["is_archived"] is not False or room["is_general"] is not False or room["pins"] != []:
            yield f"#{name}: flags or pins"
        yield from _sayings(export, name, room)


def _sayings(export: Opened, name: str, room: Json) -> Iterator[str]:
    members = room["members"]
    assert isinstance(members, list)
    if any(member not in export.users or export.is_bot(member) for member in members):
        yield f"#{name}: a member is unknown or an app"
    for part in ("topic", "purpose"):
        said = room[part]
        assert isinstance(said, dict)
        if set(said) != {"value", "creator", "last_set"} or not isinstance(said["last_set"], int):
            yield f"#{name}: {part}"


def _users(export: Opened) -> Iterator[str]:
    names = [user["name"] for user in export.users.values()]
    if len(set(map(str, names))) != len(export.load("users.json")):
        yield "two users share an id or a name"
    for key, user in export.users.items():
        profile = user["profile"]
        assert isinstance(profile, dict)
        yield from _profile(key, profile, is_bot=user["is_bot"] is True)
        if not IDS["U"].fullmatch(key) or not IDS["T"].fullmatch(str(user["team_id"])):
            yield f"{key}: id or team"
        if not re.fullmatch("[a-z0-9][a-z0-9._-]*", str(user["name"])) or not user["real_name"]:
            yield f"{key}: name"
        if user["deleted"] is not False or not user["tz"] or not isinstance(user["updated"], int):
            yield f"{key}: deleted, tz or updated"
        if any(not isinstance(user[flag], bool) for flag in FLAGS):
            yield f"{key}: a role flag"


def _profile(key: str, profile: Json, is_bot: bool) -> Iterator[str]:
    if "avatar_hash" in profile or not all(profile.get(f"image_{size}") for size in (24, 32, 48, 72, 192, 512)):
        yield f"{key}: pictures"
    for name in ("real_name", "display_name"):
        if not profile[name] or profile[name] != profile[f"{name}_normalized"]:
            yield f"{key}: {name}"
    if "title" not in profile or not profile["team"]:
        yield f"{key}: title or team"
    if is_bot and not (profile.get("bot_id") and profile.get("api_app_id")):
        yield f"{key}: an app without its ids"
    if not is_bot and not re.fullmatch(r"[a-z0-9._-]+@example\.com", str(profile.get("email"))):
        yield f"{key}: a person without an e-mail"


def _message(export: Opened, post: Json) -> Iterator[str]:
    text = post.get("text")
    if post.get("type") != "message" or not TS.fullmatch(str(post.get("ts"))) or not post.get("team"):
        yield "type, ts or team"
    if post.get("user") not in export.users:
        yield "unknown user"
        return
    if not isinstance(text, str) or not text.strip():
        yield "empty text"
    else:
        yield from _wire(text)
    if "blocks" in post:
        yield "blocks"
    if post.get("subtype") in LINES:
        if not str(text).startswith(f"<@{post['user']}> "):
            yield "a line of Slack's own that does not begin with its user"
    else:
        yield from _app(export, post) if export.is_bot(post["user"]) else _person(post)
    yield from _after(export, post)


def _wire(text: str) -> Iterator[str]:
    if LOOSE.search(ENTITY.sub("", text)):
        yield f"not escaped: {text!r}"
    if re.search(r"<!(?:here|channel|everyone)", text):
        yield "calls everybody"


def _person(post: Json) -> Iterator[str]:
    profile = post.get("user_profile")
    if not isinstance(profile, dict) or set(SPEAKER) != set(profile) or profile["avatar_hash"] != "":
        yield "user_profile"
    if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(post.get("client_msg_id"))):
        yield "client_msg_id"
    if not post.get("user_team") or not post.get("source_team") or "subtype" in post or "bot_id" in post:
        yield "a person's message with an app's fields, or without its own"


def _app(export: Opened, post: Json) -> Iterator[str]:
    profile = export.users[str(post["user"])]["profile"]
    assert isinstance(profile, dict)
    if post.get("subtype") != "bot_message" or not post.get("username"):
        yield "an app's message without subtype or username"
    if post.get("bot_id") != profile["bot_id"] or post.get("app_id") != profile["api_app_id"]:
        yield "bot_id or app_id"
    cards = post.get("attachments", [])
    assert isinstance(cards, list)
    for number, card in enumerate(cards, 1):
        assert isinstance(card, dict)
        yield from _card(number, card)


def _card(number: int, card: Mapping[str, object]) -> Iterator[str]:
    if card.get("id") != number or not re.fullmatch("[0-9A-Fa-f]{6}", str(card.get("color"))):
        yield "id or colour of a card"
    for name in ("fallback", "title", "footer"):
        if not card.get(name):
            yield f"a card without {name}"
    if not isinstance(card.get("ts"), int) or not isinstance(card.get("mrkdwn_in"), list):
        yield "ts or mrkdwn_in of a card"
    if any(value in ("", None, []) for name, value in card.items() if name != "mrkdwn_in"):
        yield "a field of a card without a value"
    for name in ("text", "title"):
        yield from _wire(str(card.get(name, "")))
    fields = card.get("fields", [])
    assert isinstance(fields, list)
    for field in fields:
        if set(field) != {"title", "value", "short"} or not field["title"] or not field["value"]:
            yield "a field on a card"
        yield from _wire(field["value"])


def _after(export: Opened, post: Json) -> Iterator[str]:
    edited = post.get("edited")
    if edited is not None and (
        not isinstance(edited, dict) or edited["user"] != post["user"] or str(edited["ts"]) <= str(post["ts"])
    ):
        yield "edited"
    reactions = post.get("reactions", [])
    assert isinstance(reactions, list)
    for reaction in reactions:
        assert isinstance(reaction, dict)
        users = reaction["users"]
        assert isinstance(users, list)
        if not users or reaction["count"] != len(users) or len(set(map(str, users))) != len(users):
            yield "the count of a reaction"
        if any(user not in export.users or export.is_bot(user) for user in users):
            yield "a reaction of a stranger or an app"
        if not re.fullmatch("[a-z0-9_+':-]+", str(reaction["name"])):
            yield "the name of a reaction"


def _order(posts: list[Json]) -> Iterator[str]:
    stamps = [int(str(post["ts"]).replace(".", "")[:13]) for post in posts]
    if any(after <= before for before, after in pairwise(stamps)):
        yield "two messages within a millisecond, or out of order"


def _threads(posts: list[Json]) -> Iterator[str]:
    roots = {post["ts"]: post for post in posts if post.get("thread_ts") == post["ts"]}
    replies: dict[object, list[Json]] = {}
    for post in posts:
        thread = post.get("thread_ts")
        if thread is None or thread == post["ts"]:
            continue
        replies.setdefault(thread, []).append(post)
        root = roots.get(thread)
        if root is None or post.get("parent_user_id") != root["user"] or str(post["ts"]) <= str(thread):
            yield f"{post['ts']} is no reply to {thread}"
        if "reply_count" in post:
            yield f"{post['ts']} is a reply that counts replies"
    for ts, root in roots.items():
        below = replies.get(ts, [])
        authors = list(dict.fromkeys(str(reply["user"]) for reply in below))
        wanted = {
            "reply_count": len(below),
            "reply_users": authors,
            "reply_users_count": len(authors),
            "latest_reply": below[-1]["ts"] if below else None,
            "replies": [{"user": reply["user"], "ts": reply["ts"]} for reply in below],
            "is_locked": False,
            "subscribed": False,
        }
        if not below or any(root.get(name) != value for name, value in wanted.items()):
            yield f"root {ts}"
