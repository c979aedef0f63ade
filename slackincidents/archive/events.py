"""One message of an export as one event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from slackincidents.archive.directory import Directory
from slackincidents.archive.moments import read_stamp, seconds_between
from slackincidents.archive.shapes import Card, Message
from slackincidents.archive.wording import block_text, wording
from slackincidents.schema.incident import (
    AlertEvent,
    EditRecord,
    Event,
    MentionEvent,
    MessageEvent,
    ReactionRecord,
    SystemEvent,
)
from slackincidents.schema.plan import MONITOR

Severity = Literal["critical", "warning", "info"]

SYSTEM = re.compile(
    r"(?:channel|group)_(?:join|leave|topic|purpose|name|archive|unarchive|convert_to_private|convert_to_public)"
    r"|(?:un)?pinned_item|bot_add|bot_remove|bot_disable|bot_enable|huddle_thread|reminder_add|tombstone"
    r"|channel_posting_permissions|sh_room_created|app_conversation_join"
)
"""Subtypes of Slack's own lines."""

_SPEAKER_FIRST = re.compile(r"<@[UW]\w+(?:\|[^>]*)?>:? ")
_JOINED = re.compile(r"has joined the (?:channel|group)\.?")
_ALERTING = re.compile(r"alert|pager|monitor|grafana|prometheus|datadog|opsgenie|sentry|zabbix|nagios|watch", re.I)
_ALARM = re.compile(r"\b(?:alert\w*|firing|resolved|triggered|critical|sev-?\d|outage)\b", re.I)
_RESOLVED = re.compile(r"\b(?:resolved|recovered|ok)\b", re.I)
_LINK = re.compile(r"<?(https?://[^|>\s]+)(?:\|[^>]*)?>?")
GONE = "no longer there"
NAMED_COLOURS: dict[str, str] = {"danger": "e01e5a", "warning": "ecb22e", "good": "2eb67d"}


@dataclass(frozen=True)
class Place:
    """Where a message stands: its channel (``#name``), when the record starts (microseconds), its thread's root."""

    channel: str
    start: int
    parent: int | None = None


def event_of(message: Message, directory: Directory, place: Place) -> Event:
    """The event that a message is, as far as Slack's fields say."""
    if SYSTEM.fullmatch(message.subtype or ""):
        return _system(message, directory, place)
    cards = message.cards
    if _from_app(message) and cards and _alarming(message, cards[0]):
        return _alert(message, cards[0], directory, place)
    said = wording(_words(message), directory)
    kind = MentionEvent if said.mentions else MessageEvent
    return kind(
        offset_seconds=_offset(message.ts, place),
        channel=place.channel,
        thread_parent=place.parent,
        reactions=_reactions(message, directory),
        user=directory.speaker(message),
        content=said.text,
        mentions=said.mentions,
        edited=_edited(message, place),
    )


def _system(message: Message, directory: Directory, place: Place) -> SystemEvent:
    text = _SPEAKER_FIRST.sub("", message.text or "", count=1)
    content = _JOINED.sub(f"joined {place.channel}", wording(text, directory).text)
    return SystemEvent(
        offset_seconds=_offset(message.ts, place),
        channel=place.channel,
        thread_parent=place.parent,
        reactions=_reactions(message, directory),
        user=directory.speaker(message),
        content=content,
    )


def _alert(message: Message, card: Card, directory: Directory, place: Place) -> AlertEvent:
    text = wording(card.text or (block_text(card.blocks) if card.blocks else ""), directory).text
    headline = wording(card.title or message.text or card.fallback or "", directory).text
    links = {title.lower(): found[1] for title, value in card.pairs if (found := _LINK.fullmatch(value))}
    severity, resolved = severity_of(card.color or "", f"{message.text or ''} {headline}")
    speaker = directory.speaker(message)
    return AlertEvent(
        offset_seconds=_offset(message.ts, place),
        channel=place.channel,
        thread_parent=place.parent,
        reactions=_reactions(message, directory),
        severity=severity,
        title=headline or "Alert",
        details=text,
        state="resolved" if resolved else "firing",
        metrics=_metrics(card, links, directory),
        runbook=links.get("runbook"),
        dashboard=links.get("dashboard"),
        user=None if speaker == MONITOR else speaker,
    )


def _metrics(card: Card, links: Mapping[str, str], directory: Directory) -> dict[str, str | float]:
    """The fields that are no links, by the names that files have for them."""
    return {
        "_".join(title.lower().split()): wording(value, directory).text
        for title, value in card.pairs
        if title and value and title.lower() not in links
    }


def severity_of(colour: str, text: str) -> tuple[Severity, bool]:
    """How bad a card's colour and words say it is, and whether it is over."""
    digits = NAMED_COLOURS.get(colour, colour).lstrip("#")
    if not re.fullmatch("[0-9A-Fa-f]{6}", digits):
        return "warning", bool(_RESOLVED.search(text))
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    if green == max(red, green, blue) and green - red > 40:
        return "info", True
    if red - min(green, blue) > 60 and red == max(red, green, blue):
        return ("warning" if green > red * 0.45 else "critical"), False
    return "info", False


def _from_app(message: Message) -> bool:
    return message.subtype == "bot_message" or message.bot_id is not None


def _alarming(message: Message, card: Card) -> bool:
    named = message.username or (message.bot_profile.name if message.bot_profile else "") or ""
    words = f"{message.text or ''} {card.title or ''} {card.fallback or ''}"
    return bool(card.color) and bool(_ALERTING.search(named) or _ALARM.search(words))


def _words(message: Message) -> str:
    """What a message says in wire form: its text, else its blocks; an app's cards and the names of files below."""
    parts = [message.text or (block_text(message.blocks) if message.blocks else "")]
    if _from_app(message) or not parts[0]:
        for card in message.cards:
            parts += _card_words(card)
    parts += [f"[file: {one.title or one.name or GONE}]" if one else "[file]" for one in message.files or ()]
    return "\n".join(dict.fromkeys(filter(None, parts)))


def _card_words(card: Card) -> Iterator[str]:
    yield from filter(None, (card.pretext, card.title, card.text))
    if card.blocks:
        yield block_text(card.blocks)
    yield from (f"{title}: {value}".strip(": ") for title, value in card.pairs)
    if not (card.title or card.text or card.blocks) and card.fallback:
        yield card.fallback


def _reactions(message: Message, directory: Directory) -> tuple[ReactionRecord, ...]:
    return tuple(
        ReactionRecord(emoji=one.name, users=tuple(directory.handle(user) for user in one.users or ()))
        for one in message.reactions or ()
        if one
    )


def _edited(message: Message, place: Place) -> EditRecord | None:
    return EditRecord(offset_seconds=_offset(message.edited.ts, place)) if message.edited else None


def _offset(ts: str, place: Place) -> int | float:
    return seconds_between(place.start, read_stamp(ts))
