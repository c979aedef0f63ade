"""Messages with buttons, whispers and revisions as the arguments of Slack's methods."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from slackincidents.render.mrkdwn import safe_url
from slackincidents.schema.delivery import Attachment, Outgoing
from slackincidents.sinks.live import Button, Whisper
from slackincidents.sinks.markup import MOST_SECTION, escape, split
from slackincidents.sinks.slack_payload import arguments

MOST_FIELDS = 10
"""Fields in one section block."""

MOST_FIELD = 2000


def dressed(message: Outgoing, buttons: tuple[Button, ...]) -> dict[str, JsonValue]:
    """chat.postMessage: a card as blocks, and the buttons under it."""
    made = arguments(message.model_copy(update={"card": None, "context": ""}))
    card = message.card
    context = message.context or (card.footer if card else "")
    made["text"] = message.text or (card.title if card else "")
    made["blocks"] = [
        *_sections(message.text),
        *(_card(card) if card else ()),
        *([_actions(buttons)] if buttons else ()),
        *([_context(context)] if context else ()),
    ]
    return made


def revised(ts: str, message: Outgoing) -> dict[str, JsonValue]:
    """chat.update: the same message without buttons. Name, icon and thread stay as they are."""
    made = dressed(message, ())
    gone = ("thread_ts", "username", "icon_emoji", "unfurl_links", "unfurl_media")
    return {"ts": ts, **{name: value for name, value in made.items() if name not in gone}}


def whispered(message: Whisper) -> dict[str, JsonValue]:
    """chat.postEphemeral."""
    made: dict[str, JsonValue] = {
        "channel": message.channel_id,
        "user": message.user,
        "thread_ts": message.thread_ts,
        "text": message.text,
        "link_names": False,
    }
    if message.context:
        made["blocks"] = [*_sections(message.text), _context(message.context)]
    return made


def _sections(text: str) -> Iterator[JsonValue]:
    yield from (_section(part) for part in split(text, MOST_SECTION))


def _section(text: str) -> JsonValue:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _card(card: Attachment) -> Iterator[JsonValue]:
    title = f"*{card.title}*" if card.title else ""
    links = "  ".join(_link(label, address) for label, address in card.links)
    yield from _sections("\n".join(line for line in (title, card.text, links) if line))
    fields: list[JsonValue] = [
        {"type": "mrkdwn", "text": split(f"*{name}*\n{value}", MOST_FIELD)[0], "verbatim": True}
        for name, value in card.fields
    ]
    for first in range(0, len(fields), MOST_FIELDS):
        yield {"type": "section", "fields": fields[first : first + MOST_FIELDS]}


def _link(label: str, address: str) -> str:
    target = safe_url(address)
    return f"<{escape(target).replace('|', '%7C')}|{escape(label).replace('|', '/')}>" if target else escape(label)


def _actions(buttons: tuple[Button, ...]) -> JsonValue:
    return {"type": "actions", "block_id": "slackincidents", "elements": [_button(one) for one in buttons]}


def _button(button: Button) -> JsonValue:
    made: dict[str, JsonValue] = {
        "type": "button",
        "text": {"type": "plain_text", "text": button.label},
        "action_id": button.action,
        "value": button.value,
    }
    return {**made, "style": button.style} if button.style else made


def _context(text: str) -> JsonValue:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
