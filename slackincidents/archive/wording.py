"""Slack's wire text as the mrkdwn of our files: names for ids, plain signs for entities."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import JsonValue

from slackincidents.archive.directory import Directory

_ANGLE = re.compile(r"<([^<>\n]+)>")
_READ_AS_MARKUP = re.compile(r"&lt;(?=[@#!]|https?:|mailto:)")
_AMPERSAND = re.compile(r"&amp;(?!(?:amp|lt|gt);)")
_BROADCASTS = ("!here", "!channel", "!everyone")


@dataclass(frozen=True)
class Wording:
    """What a message says, and whom it calls, as ``@name``."""

    text: str
    mentions: tuple[str, ...] = ()


def wording(text: str, directory: Directory) -> Wording:
    """The text with names instead of ids."""
    called: list[str] = []

    def named(match: re.Match[str]) -> str:
        shown, mention = _entity(match[1], directory)
        if mention:
            called.append(shown)
        return shown

    return Wording(_plain(_ANGLE.sub(named, text)), tuple(dict.fromkeys(called)))


def _entity(inner: str, directory: Directory) -> tuple[str, bool]:
    """What stands for one ``<...>``, and whether it calls somebody."""
    target, _, label = inner.partition("|")
    if target[:2] in ("@U", "@W"):
        return f"@{directory.handle(target[1:])}", True
    if target.startswith("!subteam^"):
        return f"@{(label or target.split('^')[1]).removeprefix('@')}", True
    if target.startswith("#"):
        return f"#{directory.channels.get(target[1:], label or target[1:])}", False
    if target in _BROADCASTS:
        return f"@{target[1:]}", True
    if target.startswith(("!", "mailto:", "tel:")):
        return label or target.partition(":")[2] or target.lstrip("!"), False
    if not re.match(r"[a-z][a-z0-9+.-]*:", target):
        return f"<{inner}>", False
    if not label or label == target or target in (f"http://{label}", f"https://{label}", f"http://{label}/"):
        return target, False
    return f"<{inner}>", False


def _plain(text: str) -> str:
    """Entities as signs, but for those that would turn into markup."""
    guarded = _READ_AS_MARKUP.sub("\0", text).replace("&lt;", "<").replace("&gt;", ">")
    return _AMPERSAND.sub("&", guarded).replace("\0", "&lt;")


def block_text(blocks: list[JsonValue]) -> str:
    """The words in blocks, for messages that have nothing else, in wire form."""
    return "\n".join(filter(None, (_block(block) for block in blocks))).strip()


def _block(block: JsonValue, depth: int = 0) -> str:
    if not isinstance(block, dict) or depth > 8:
        return ""
    if leaf := _leaf(block):
        return leaf
    between = "" if block.get("type") in ("rich_text_section", "rich_text_preformatted", "rich_text_quote") else "\n"
    parts: list[JsonValue] = []
    for name in ("title", "text", "fields", "elements"):
        part = block.get(name)
        parts += part if isinstance(part, list) else [part]
    words = between.join(filter(None, (_block(part, depth + 1) for part in parts)))
    return f"```\n{words}\n```" if words and block.get("type") == "rich_text_preformatted" else words


_LEAVES = {
    "user": ("user_id", "<@{}>"),
    "usergroup": ("usergroup_id", "<!subteam^{}>"),
    "channel": ("channel_id", "<#{}>"),
    "broadcast": ("range", "<!{}>"),
    "emoji": ("name", ":{}:"),
    "link": ("url", "<{}>"),
}


def _leaf(block: dict[str, JsonValue]) -> str:
    kind = block.get("type")
    if kind in _LEAVES:
        name, form = _LEAVES[str(kind)]
        return form.format(block.get(name, ""))
    text = block.get("text")
    if not isinstance(text, str):
        return ""
    return text if kind == "mrkdwn" else text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
