"""What a channel really holds, as a test reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from tests.slack.windows import moment
from tests.slack.wire import JsonObject

LOUD = re.compile(r"<!(?:channel|here|everyone|subteam)")


@dataclass(frozen=True)
class Held:
    """One message of a channel. `payload` is its metadata's, empty when it has none."""

    channel: str
    channel_id: str
    ts: str
    thread_ts: str | None
    user: str
    username: str
    icon: str
    text: str
    payload: Mapping[str, JsonValue]
    reactions: tuple[tuple[str, int], ...]
    raw: JsonObject

    @property
    def root(self) -> bool:
        """Whether it stands in the channel itself, not in a thread."""
        return self.thread_ts in (None, self.ts)

    @property
    def wakes(self) -> bool:
        """Whether anything in it notifies a channel or a group."""
        return bool(LOUD.search(str(self.raw)))

    @property
    def key(self) -> tuple[str, int, int]:
        """Which part of which event of which incident it is; an index of -1 for a stranger's message."""
        index, part = self.payload.get("index", -1), self.payload.get("part", 0)
        return str(self.payload.get("incident", "")), int(str(index)), int(str(part))


Ledger = dict[str, tuple[Held, ...]]


def held(channel: str, channel_id: str, messages: Iterable[JsonObject]) -> tuple[Held, ...]:
    """A channel's stored messages, oldest first."""
    return tuple(_held(channel, channel_id, message) for message in sorted(messages, key=moment))


def _held(channel: str, channel_id: str, raw: JsonObject) -> Held:
    metadata = raw.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return Held(
        channel=channel,
        channel_id=channel_id,
        ts=str(raw["ts"]),
        thread_ts=None if raw.get("thread_ts") is None else str(raw["thread_ts"]),
        user=str(raw.get("user") or ""),
        username=str(raw.get("username") or ""),
        icon=str(raw.get("icon_emoji") or ""),
        text=str(raw.get("text") or ""),
        payload=payload if isinstance(payload, dict) else {},
        reactions=tuple(_reactions(raw.get("reactions"))),
        raw=raw,
    )


def _reactions(value: JsonValue) -> Iterable[tuple[str, int]]:
    for reaction in value if isinstance(value, list) else []:
        if isinstance(reaction, dict):
            yield str(reaction["name"]), int(str(reaction["count"]))
