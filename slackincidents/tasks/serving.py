"""What an assistant may read: the transcript at a moment, without title, description, labels or anything later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import AlertEvent, Event, IncidentRecord
from slackincidents.tasks.questions import Asked


class SlackMessage(Frozen):
    """A message as Slack's history has it. `ts` is epoch seconds with six digits and no two are the same."""

    ts: str
    user: str
    text: str
    channel: str
    thread_ts: str | None = None


class Served(Frozen):
    """A question with all that may be read to answer it: one transcript, or two where two incidents are asked about."""

    asked: Asked
    transcripts: tuple[tuple[SlackMessage, ...], ...]


class Sheet(Frozen):
    """One line for the one who answers: the question, and each transcript as text and as messages."""

    id: str
    kind: str
    prompt: str
    choices: tuple[str, ...] | None = None
    transcripts: tuple[str, ...]
    messages: tuple[tuple[SlackMessage, ...], ...]

    def line(self) -> str:
        """As it stands in a file of sheets."""
        return self.model_dump_json(exclude_none=True) + "\n"


def sheet(served: Served) -> Sheet:
    """What is written down of it."""
    asked = served.asked
    return Sheet(
        id=asked.id,
        kind=asked.kind.value,
        prompt=asked.prompt,
        choices=asked.choices,
        transcripts=tuple(map(transcript, served.transcripts)),
        messages=served.transcripts,
    )


def messages(record: IncidentRecord, until: float = float("inf")) -> tuple[SlackMessage, ...]:
    """Everything posted at or before `until` (seconds from the start), in time order.

    Reactions are left out, as nobody knows when they came. An edited message has its final text.
    """
    stamps = {index: _stamp(record, index) for index in order(record)}
    return tuple(
        SlackMessage(
            ts=stamps[index],
            user=record.timeline[index].speaker,
            text=said(record.timeline[index]),
            channel=record.timeline[index].channel,
            thread_ts=stamps.get(_parent(record, index)),
        )
        for index in order(record)
        if record.timeline[index].offset_seconds <= until
    )


def together(one: IncidentRecord, other: IncidentRecord, until: float) -> tuple[SlackMessage, ...]:
    """The messages of two records as the rooms saw them, in time order; `until` in seconds from the first one's start.

    Stamps of the second one's messages have other digits, so that no two are the same.
    """
    shift = (other.started_at - one.started_at).total_seconds()
    beside = (message.model_copy(update=_moved(message)) for message in messages(other, until - shift))
    return tuple(sorted((*messages(one, until), *beside), key=lambda message: float(message.ts)))


def clock(record: IncidentRecord, place: int) -> str:
    """The time of an event as a transcript shows it."""
    return f"{record.time_of(record.timeline[place]).astimezone(UTC):%H:%M:%S}"


def transcript(posted: Sequence[SlackMessage]) -> str:
    """The messages as text, one a line: ``14:30:12 #channel alice: text``; ``(reply)`` marks one in a thread."""
    return "".join(f"{line}\n" for line in _lines(posted))


def lines(record: IncidentRecord) -> dict[int, str]:
    """The line of every event in the transcript, by its place in the timeline."""
    return dict(zip(order(record), _lines(messages(record)), strict=True))


def order(record: IncidentRecord) -> list[int]:
    """Places in the timeline by time; equal times keep the file's order."""
    return sorted(range(len(record.timeline)), key=lambda index: (record.timeline[index].offset_seconds, index))


def said(event: Event) -> str:
    """All that is shown of an event: its text, an alert's figures and state, the figures after a resolution."""
    shown = event.metrics_after or {}
    head = ""
    if isinstance(event, AlertEvent):
        shown = {**event.metrics, **shown}
        head = f"[{event.state or 'firing'}, {event.severity}] "
    figures = ", ".join(f"{name}: {value}" for name, value in shown.items())
    return f"{head}{event.text}{f' ({figures})' if figures else ''}"


def _lines(posted: Sequence[SlackMessage]) -> Iterator[str]:
    for message in posted:
        at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(float(message.ts)))
        reply = " (reply)" if message.thread_ts else ""
        text = re.sub(r"\s*\n\s*", " / ", message.text)
        yield f"{at:%H:%M:%S} {message.channel} {message.user}{reply}: {text}"


def _moved(message: SlackMessage) -> dict[str, str | None]:
    return {"ts": _other(message.ts), "thread_ts": _other(message.thread_ts) if message.thread_ts else None}


def _other(stamp: str) -> str:
    seconds, _, place = stamp.partition(".")
    return f"{seconds}.{(int(place) + 500_000) % 1_000_000:06d}"


def _stamp(record: IncidentRecord, index: int) -> str:
    at = record.time_of(record.timeline[index])
    return f"{int(at.timestamp())}.{index % 1_000_000:06d}"


def _parent(record: IncidentRecord, index: int) -> int:
    parent = record.timeline[index].thread_parent
    return -1 if parent is None else parent
