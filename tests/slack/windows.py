"""Which messages a call to history or replies gets to see: window, order, pages, metadata."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from pydantic import JsonValue

from tests.slack.rules import shown
from tests.slack.wire import Call, JsonObject, Refused

USUAL_HISTORY = 100
USUAL_REPLIES = 1_000


def history(call: Call, messages: Sequence[JsonObject]) -> JsonObject:
    """Roots only, newest first, between `oldest` and `latest`, a page at a time."""
    roots = [message for message in messages if message.get("thread_ts", message["ts"]) == message["ts"]]
    newest_first = sorted((_counted(root, messages) for root in roots), key=moment, reverse=True)
    return _page(call, [m for m in newest_first if _within(call, m)], USUAL_HISTORY)


def replies(call: Call, messages: Sequence[JsonObject]) -> JsonObject:
    """The root, then its replies, oldest first, a page at a time; the window spares the root."""
    root = call.text("ts")
    thread = [message for message in messages if root in (message["ts"], message.get("thread_ts"))]
    counted = [_counted(message, messages) for message in thread]
    chosen = [m for m in sorted(counted, key=moment) if m["ts"] == root or _within(call, m)]
    return _page(call, chosen, USUAL_REPLIES)


def moment(message: JsonObject) -> tuple[int, int]:
    """A ts as numbers: "9.000001" comes before "10.000000"."""
    seconds, _, part = str(message["ts"]).partition(".")
    return int(seconds), int(part or 0)


def _counted(root: JsonObject, messages: Sequence[JsonObject]) -> JsonObject:
    """A root with what Slack tells of its thread; any other message as it is."""
    answers = [m for m in messages if m.get("thread_ts") == root["ts"] != m["ts"]]
    if not answers:
        return root
    latest = max(answers, key=moment)["ts"]
    return {**root, "thread_ts": root["ts"], "reply_count": len(answers), "latest_reply": latest}


def _within(call: Call, message: JsonObject) -> bool:
    oldest, latest = call.text("oldest"), call.text("latest")
    here, inclusive = moment(message), call.flag("inclusive")
    after = not oldest or here > _stamp(oldest) or (inclusive and here == _stamp(oldest))
    before = not latest or here < _stamp(latest) or (inclusive and here == _stamp(latest))
    return after and before


def _stamp(ts: str) -> tuple[int, int]:
    seconds, _, part = ts.partition(".")
    try:
        return int(seconds), int((part or "0").ljust(6, "0")[:6])
    except ValueError:
        raise Refused("invalid_ts_oldest") from None


def _page(call: Call, messages: Sequence[JsonObject], usual: int) -> JsonObject:
    size = int(call.text("limit") or usual)
    start = _after(call.text("cursor"), messages)
    page, rest = messages[start : start + size], messages[start + size :]
    shown_page: list[JsonValue] = [_stripped(call, shown(message)) for message in page]
    answer: JsonObject = {"ok": True, "messages": shown_page, "has_more": bool(rest)}
    if rest:
        cursor = base64.b64encode(f"next_ts:{rest[0]['ts']}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _after(cursor: str, messages: Sequence[JsonObject]) -> int:
    if not cursor:
        return 0
    try:
        ts = base64.b64decode(cursor, validate=True).decode().removeprefix("next_ts:")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_cursor") from None
    place = next((index for index, message in enumerate(messages) if message["ts"] == ts), None)
    if place is None:
        raise Refused("invalid_cursor")
    return place


def _stripped(call: Call, message: JsonObject) -> JsonObject:
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and not call.flag("include_all_metadata"):
        return {**message, "metadata": {"event_type": metadata["event_type"]}}
    return message
