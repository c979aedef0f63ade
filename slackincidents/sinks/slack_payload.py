"""A message as the arguments of chat.postMessage."""

from __future__ import annotations

from pydantic import JsonValue

from slackincidents.schema.delivery import EVENT_TYPE, Attachment, Outgoing
from slackincidents.sinks.markup import MOST_SECTION, split


def arguments(message: Outgoing) -> dict[str, JsonValue]:
    """Everything but the token. Names are never linked, addresses never unfolded."""
    made: dict[str, JsonValue] = {
        "channel": message.channel_id,
        "text": message.text,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": marker(message)},
    }
    if message.thread_ts:
        made["thread_ts"] = message.thread_ts
    if message.username:
        made["username"] = message.username
    if message.icon:
        made["icon_emoji"] = message.icon
    if message.context:
        made["blocks"] = blocks(message)
    if message.card:
        made["attachments"] = [attachment(message.card)]
    return made


def marker(message: Outgoing) -> dict[str, JsonValue]:
    """The payload of the metadata."""
    return {**message.marker.model_dump(), "synthetic": True}


def blocks(message: Outgoing) -> list[JsonValue]:
    """The text in sections, and the small line under it. Slack adds no link of its own to `verbatim` text."""
    sections: list[JsonValue] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
        for text in split(message.text, MOST_SECTION)
    ]
    return [*sections, {"type": "context", "elements": [{"type": "mrkdwn", "text": message.context}]}]


def attachment(card: Attachment) -> JsonValue:
    """A card; its links are buttons."""
    made: dict[str, JsonValue] = {
        "color": card.colour,
        "fallback": card.title or ", ".join(f"{name}: {value}" for name, value in card.fields) or "card",
        "mrkdwn_in": ["text", "fields"],
    }
    made |= {
        name: value
        for name, value in (
            ("title", card.title),
            ("title_link", card.title_link),
            ("text", card.text),
            ("footer", card.footer),
        )
        if value
    }
    if card.fields:
        made["fields"] = [{"title": name, "value": value, "short": len(value) <= SHORT} for name, value in card.fields]
    if card.links:
        made["actions"] = [{"type": "button", "text": label, "url": address} for label, address in card.links]
    return made


SHORT = 30
"""Characters up to which two fields stand side by side."""
