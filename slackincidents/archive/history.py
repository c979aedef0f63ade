"""Messages that nobody planned: a team's own history, one record a channel or a stretch of talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from slackincidents.archive.directory import Directory
from slackincidents.archive.events import Place, event_of
from slackincidents.archive.moments import SECOND, iso, read_stamp
from slackincidents.archive.shapes import Message
from slackincidents.schema.incident import IncidentRecord

KIND = "slack-export"
HOUR = 3600


@dataclass(frozen=True)
class Post:
    """A message and its channel, as ``#name``."""

    channel: str
    message: Message


def histories(posts: list[Post], directory: Directory, quiet_hours: float | None) -> Iterator[IncidentRecord]:
    """One record a channel, split where it is quiet at the top level for longer than that."""
    for channel, group in groupby(sorted(posts, key=_order), key=lambda post: post.channel):
        for stretch in _stretches([post.message for post in group], quiet_hours):
            yield _record(channel, stretch, directory, dated=quiet_hours is not None)


def _order(post: Post) -> tuple[str, int]:
    return post.channel, read_stamp(post.message.ts)


def _stretches(messages: list[Message], quiet_hours: float | None) -> Iterator[list[Message]]:
    """Runs of messages; a reply is in the run of its root, however late it comes."""
    if quiet_hours is None:
        yield messages
        return
    number = {message.ts: place for message, place in _numbered(messages, quiet_hours)}
    last = 0
    runs: dict[int, list[Message]] = {}
    for message in messages:
        last = number.get(message.ts, last)
        runs.setdefault(number.get(message.thread_ts or message.ts, last), []).append(message)
    yield from (runs[place] for place in sorted(runs))


def _numbered(messages: list[Message], quiet_hours: float) -> Iterator[tuple[Message, int]]:
    """Every message at the top level and the number of its run."""
    stamps = {message.ts for message in messages}
    top = [m for m in messages if m.thread_ts is None or m.thread_ts == m.ts or m.thread_ts not in stamps]
    run = 0
    if top:
        yield top[0], run
    for before, after in pairwise(top):
        run += read_stamp(after.ts) - read_stamp(before.ts) > quiet_hours * HOUR * SECOND
        yield after, run


def _record(channel: str, messages: list[Message], directory: Directory, dated: bool) -> IncidentRecord:
    start = read_stamp(messages[0].ts) // SECOND * SECOND
    places = {message.ts: place for place, message in reversed(list(enumerate(messages)))}
    timeline = tuple(
        event_of(message, directory, Place(channel, start, _parent(message, places))) for message in messages
    )
    first, last = iso(start), iso(read_stamp(messages[-1].ts))
    speakers = {event.speaker for event in timeline} | {who for event in timeline for who in _called(event.text)}
    name = re.sub("[^a-z0-9]+", "-", channel.lower()).strip("-") or "channel"
    return IncidentRecord(
        scenario_id=f"{name}-{first[:16].replace(':', '')}" if dated else name,
        scenario_type=KIND,
        title=f"{channel}, {first[:10]}" + ("" if last[:10] == first[:10] else f" to {last[:10]}"),
        start_time=first,
        services={},
        timeline=timeline,
        people={handle: directory.names[handle] for handle in sorted(speakers) if handle in directory.names},
    )


def _parent(message: Message, places: dict[str, int]) -> int | None:
    thread = message.thread_ts
    return places.get(thread) if thread and thread != message.ts else None


def _called(text: str) -> list[str]:
    return re.findall(r"@([\w.-]*\w)", text)
