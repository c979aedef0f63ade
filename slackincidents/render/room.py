"""What all renderers need of an incident: time order, threads, names, and how times are put."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from slackincidents.errors import UsageError
from slackincidents.schema.incident import AlertEvent, Event, IncidentRecord
from slackincidents.schema.numbers import unshowable
from slackincidents.schema.plan import INCIDENT_BOT, MONITOR

Names = Mapping[str, str]
"""Handle to display name."""

_BOT = re.compile(r"(?:^|[\s_-])(?:bot|app|webhook)$", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """One event in its place. `root` is the thread's root; `elsewhere` the channel of a root in another channel."""

    index: int
    event: Event
    at: datetime
    root: int | None = None
    elsewhere: str | None = None


def entries(incident: IncidentRecord) -> tuple[Entry, ...]:
    """All events in time order; equal times keep the file's order. Raises UsageError when one has no time."""
    if wrong := unshowable(incident):
        raise UsageError(wrong, "Run slackincidents validate on the file.")
    order = sorted(range(len(incident.timeline)), key=lambda index: (incident.timeline[index].offset_seconds, index))
    return tuple(_entry(incident, index) for index in order)


def _entry(incident: IncidentRecord, index: int) -> Entry:
    event = incident.timeline[index]
    root = _root(incident.timeline, index)
    at = incident.time_of(event)
    if root is not None and incident.timeline[root].channel != event.channel:
        return Entry(index, event, at, elsewhere=incident.timeline[root].channel)
    return Entry(index, event, at, root=root)


def _root(timeline: tuple[Event, ...], index: int) -> int | None:
    """The root of the event's thread; none for one without a parent, or in a circle of parents."""
    seen = {index}
    here, parent = index, timeline[index].thread_parent
    while parent is not None and 0 <= parent < len(timeline):
        if parent == index:
            return None
        if parent in seen:
            break
        seen.add(parent)
        here, parent = parent, timeline[parent].thread_parent
    return None if here == index else here


def replies(placed: tuple[Entry, ...]) -> dict[int, list[Entry]]:
    """The replies of each thread in time order, by the index of its root."""
    threads: dict[int, list[Entry]] = {}
    for entry in placed:
        if entry.root is not None:
            threads.setdefault(entry.root, []).append(entry)
    return threads


def channels(incident: IncidentRecord) -> tuple[str, ...]:
    """Every channel that something was posted in, sorted by name."""
    return tuple(sorted({event.channel for event in incident.timeline}))


def clean(text: str) -> str:
    """Text without control characters and direction marks, with plain line ends."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(name: str, names: Names | None) -> str:
    """The display name of a handle."""
    return clean((names or {}).get(name, name)).replace("\n", " ")


def is_bot(event: Event) -> bool:
    """Whether an app posted it."""
    speaker = event.speaker
    return isinstance(event, AlertEvent) or speaker in (MONITOR, INCIDENT_BOT) or bool(_BOT.search(speaker))


def elapsed(seconds: float) -> str:
    """Time since the start: ``T+12s``, ``T+2m05s``, ``T+1h02m05s``, ``T+2d03h``."""
    sign, rest = ("-" if seconds < 0 else "+"), round(abs(seconds))
    hours, minutes = rest // 3600, rest // 60 % 60
    if hours >= 24:
        return f"T{sign}{hours // 24}d{hours % 24:02}h{minutes:02}m"
    if hours:
        return f"T{sign}{hours}h{minutes:02}m{rest % 60:02}s"
    return f"T{sign}{minutes}m{rest % 60:02}s" if minutes else f"T{sign}{rest}s"


def span(seconds: float) -> str:
    """A length of time in words: ``45 s``, ``2 min 50 s``, ``1 h 12 min``, ``3 d 4 h``."""
    rest = max(0, round(seconds))
    units = ((rest // 86400, "d"), (rest // 3600 % 24, "h"), (rest // 60 % 60, "min"), (rest % 60, "s"))
    first = next((place for place, (count, _) in enumerate(units) if count), 3)
    return " ".join(f"{count} {unit}" for count, unit in units[first : first + 2] if count) or "0 s"


def duration(incident: IncidentRecord) -> float:
    """Seconds the incident took: as its metadata says, otherwise from the first to the last event."""
    said = incident.metadata.get("duration_seconds")
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said)
    offsets = [event.offset_seconds for event in incident.timeline]
    return max(offsets) - min(offsets) if offsets else 0.0


def severity(incident: IncidentRecord) -> str:
    """The severity in the metadata, such as ``SEV-2``; empty when there is none."""
    said = incident.metadata.get("severity")
    return clean(said) if isinstance(said, str) else ""


def day(at: datetime) -> str:
    """A date as the divider shows it: ``Wednesday, December 11th, 2024``."""
    ending = "th" if 11 <= at.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th")
    return f"{_DAYS[at.weekday()]}, {_MONTHS[at.month - 1]} {at.day}{ending}, {at.year}"


def figure(value: str | float) -> str:
    """A metric's value as text, without a needless ``.0``."""
    return clean(value) if isinstance(value, str) else str(value).removesuffix(".0")


def made_up(incident: IncidentRecord) -> str:
    """The line that says an incident is simulated; empty when nothing says so."""
    if incident.provenance is None and incident.metadata.get("synthetic") is not True:
        return ""
    writer = f" (writer: {clean(incident.provenance.writer)})" if incident.provenance else ""
    return f"simulated incident, written by slackincidents{writer}"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
