"""What a message may hold: lengths and counts of text, blocks, attachments and metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

from tests.slack.wire import Call, JsonObject, Refused

MOST_TEXT = 40_000
MOST_BLOCKS = 50
MOST_ATTACHMENTS = 100
MOST_SECTION = 3_000
MOST_FIELDS = 10
MOST_FIELD = 2_000
MOST_HEADER = 150
MOST_CONTEXT = 10
MOST_ACTIONS = 25
MOST_BUTTON = 75
MOST_METADATA = 8_000
BLOCK_TYPES = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
EVENT_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def check_content(call: Call) -> None:
    """Refuse what Slack would refuse for its form.

    Raises:
        Refused: text, blocks, attachments or metadata break a limit, or there is nothing to show.
    """
    blocks = call.structure("blocks", "invalid_blocks_format")
    attachments = call.structure("attachments", "invalid_attachments_format")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if attachments is not None and not isinstance(attachments, list):
        raise Refused("invalid_attachments_format")
    if not call.text("text").strip() and not blocks and not attachments:
        raise Refused("no_text")
    check_blocks(blocks or [])
    check_attachments(attachments or [])
    check_metadata(call.structure("metadata", "invalid_metadata_format"))


def check_attachments(attachments: list[JsonValue]) -> None:
    """At most a hundred, each an object that shows something."""
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")
    for attachment in attachments:
        if not isinstance(attachment, dict):
            raise Refused("invalid_attachments")
        inner = attachment.get("blocks") or []
        check_blocks(inner if isinstance(inner, list) else [inner])
        if not any(attachment.get(part) for part in ("text", "fallback", "title", "pretext", "fields", "blocks")):
            raise Refused("no_text")


def check_metadata(metadata: JsonValue) -> None:
    """An event type of letters, digits and underscores, and a payload that is an object of limited size."""
    if metadata is None:
        return
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not EVENT_TYPE.fullmatch(kind) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise Refused("metadata_too_large")


def check_blocks(blocks: list[JsonValue]) -> None:
    """At most fifty, of known types, each within its own limits, no block id twice."""
    if len(blocks) > MOST_BLOCKS:
        raise Refused("invalid_blocks")
    names = [block.get("block_id") for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(names) != len({str(name) for name in names}):
        raise Refused("invalid_blocks")
    for block in blocks:
        if not isinstance(block, dict) or block.get("type") not in BLOCK_TYPES or not _fits(block):
            raise Refused("invalid_blocks")


def _fits(block: JsonObject) -> bool:
    match block["type"]:
        case "section":
            fields = _objects(block.get("fields"))
            texts = [*_texts(block.get("text"))]
            return (
                bool(texts or fields)
                and all(0 < len(text) <= MOST_SECTION for text in texts)
                and len(fields) <= MOST_FIELDS
                and all(0 < len(text) <= MOST_FIELD for field in fields for text in _texts(field))
            )
        case "header":
            texts = [*_texts(block.get("text"))]
            return len(texts) == 1 and 0 < len(texts[0]) <= MOST_HEADER
        case "context":
            return 0 < len(_objects(block.get("elements"))) <= MOST_CONTEXT
        case "actions":
            buttons = _objects(block.get("elements"))
            labels = [text for button in buttons for text in _texts(button.get("text"))]
            return 0 < len(buttons) <= MOST_ACTIONS and all(0 < len(label) <= MOST_BUTTON for label in labels)
        case _:
            return True


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        yield str(value["text"])
