"""An incident as a transcript for a terminal: one event after the other, in time order."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from slackincidents.render import mrkdwn, room
from slackincidents.render.cards import Card, alert_card, body, card, headline, untold
from slackincidents.render.emoji import glyph
from slackincidents.render.mrkdwn import Scene
from slackincidents.render.room import Entry, Names
from slackincidents.schema.incident import AlertEvent, IncidentRecord, SystemEvent

_QUIET_S = 600


@dataclass(frozen=True)
class _Sheet:
    """The widths of the columns. Boxes and code start at `deep`."""

    width: int
    offset: int
    channel: int
    name: int
    deep: int = 10

    @property
    def indent(self) -> int:
        """Where the text column starts."""
        return self.offset + self.channel + self.name + 16


def to_text(incident: IncidentRecord, names: Names | None = None, width: int = 100) -> str:
    """A plain transcript: ``T+12s  14:30:12  #channel  name  text``; ``|_`` marks a reply in a thread.

    Control characters are taken out, so that no message can steer the terminal.
    """
    placed = room.entries(incident)
    scene = Scene({handle: room.shown(handle, names) for handle in names or {}})
    sheet = _sheet(placed, scene, width)
    lines = [*_head(incident, width)]
    before: Entry | None = None
    for entry in placed:
        lines += _between(before, entry, sheet)
        lines += _event(entry, scene, sheet)
        before = entry
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _sheet(placed: tuple[Entry, ...], scene: Scene, width: int) -> _Sheet:
    def widest(texts: Iterator[str], most: int) -> int:
        return min(max((_width(text) for text in texts), default=0), most)

    return _Sheet(
        width,
        offset=widest((room.elapsed(entry.event.offset_seconds) for entry in placed), 12),
        channel=widest((_one(entry.event.channel) for entry in placed), 22),
        name=widest(
            (
                _one(room.shown(entry.event.speaker, scene.names))
                for entry in placed
                if not isinstance(entry.event, AlertEvent)
            ),
            14,
        ),
    )


def _head(incident: IncidentRecord, width: int) -> Iterator[str]:
    yield from _wrap(_one(incident.title), width)
    facts = (
        room.severity(incident),
        room.day(incident.started_at),
        room.span(room.duration(incident)),
        _one(incident.scenario_id),
    )
    yield from _wrap("  ".join(fact for fact in facts if fact), width)
    if note := room.made_up(incident):
        yield note
    yield "─" * width


def _between(before: Entry | None, entry: Entry, sheet: _Sheet) -> Iterator[str]:
    """A line for a new day or a long silence."""
    if before is None:
        return
    gap = (entry.at - before.at).total_seconds()
    if entry.at.date() != before.at.date():
        yield f"── {room.day(entry.at)} ".ljust(sheet.width, "─")
    if gap >= _QUIET_S:
        yield " " * sheet.deep + f"· {room.span(gap)} later ·"


def _event(entry: Entry, scene: Scene, sheet: _Sheet) -> Iterator[str]:
    event = entry.event
    name = _one(room.shown(event.speaker, scene.names))
    lead = "  ".join((
        _pad(room.elapsed(event.offset_seconds), sheet.offset),
        f"{entry.at:%H:%M:%S}",
        _pad(_one(event.channel), sheet.channel),
        name if isinstance(event, AlertEvent) else _pad(name, sheet.name),
        "",
    ))  # fmt: skip
    mark = "|_ " if entry.root is not None else ""
    note = f"(to {_cut(_one(entry.elsewhere), 22)}) " if entry.elsewhere else ""
    if isinstance(event, AlertEvent):
        yield f"{lead}{mark}{note}".rstrip()
        yield from _box(event, alert_card(event), scene, sheet)
    else:
        yield from _said(lead, mark, _noted(note, _words(entry, scene)), sheet)
    if event.reactions:
        pills = "  ".join(f"{_one(glyph(got.emoji))} {max(len(got.users), 1)}" for got in event.reactions)
        start = " " * (sheet.indent + len(mark))
        yield f"{start}[{_cut(pills, max(sheet.width - len(start) - 2, 8))}]"


def _words(entry: Entry, scene: Scene) -> list[str]:
    """The lines of a message; those of a code block start with a tab."""
    event = entry.event
    under = card(event)
    text = body(event) or (under.text if under else "")
    lines = _flat(text, scene)
    if getattr(event, "edited", None) and lines:
        lines[-1] += " (edited)"
    if under and under.fields:
        lines.append("  ".join(f"{_one(name)}: {_one(value)}" for name, value in under.fields))
    if isinstance(event, SystemEvent):
        lines = [f"· {line}" for line in lines]
    if under and under.tone == "update":
        lines = ["[status update]", *lines]
    return lines


def _noted(note: str, lines: list[str]) -> list[str]:
    """The lines with a note before the first, or above it when that is code."""
    if not note:
        return lines
    return [note, *lines] if not lines or lines[0].startswith("\t") else [note + lines[0], *lines[1:]]


def _flat(text: str, scene: Scene) -> list[str]:
    lines: list[str] = []
    for block in mrkdwn.parse(text):
        if block.kind == "fence":
            lines += [f"\t{line.expandtabs(4)}" for line in block.text.split("\n")]
        elif block.kind == "quote":
            lines += [f"> {mrkdwn.plain(line.children, scene)}" for line in block.children]
        else:
            marker = f"{block.text}{block.url} " if block.kind == "item" else ""
            lines.append(marker + mrkdwn.plain(block.children, scene))
    return [line for line in lines if line.strip()]


def _said(lead: str, mark: str, lines: list[str], sheet: _Sheet) -> Iterator[str]:
    """The first line behind the lead, the rest under it; code further left, where there is room."""
    room_left = max(sheet.width - sheet.indent - len(mark), 24)
    start = f"{lead}{mark}"
    for line in lines or [""]:
        if line.startswith("\t"):
            if start.strip():
                yield start.rstrip()
            yield from (" " * sheet.deep + "¦ " + piece for piece in _wrap(line[1:], sheet.width - sheet.deep - 2))
            start = ""
            continue
        for piece in _wrap(line, room_left):
            yield (start or " " * (sheet.indent + len(mark))) + piece
            start = ""
    if start.strip() and not lines:
        yield start.rstrip()


def _box(event: AlertEvent, under: Card, scene: Scene, sheet: _Sheet) -> Iterator[str]:
    word = "RESOLVED" if under.tone == "resolved" else event.severity.upper()
    lines = [headline(event.title), *(line.lstrip("\t") for line in _flat(under.text, scene))]
    if new := untold(event.metrics, event.details):
        lines.append(" · ".join(f"{_one(name)}: {_one(value)}" for name, value in new))
    lines += [f"{name}: {url}" for name, url in under.links]
    inner = sheet.width - sheet.deep - 4
    pieces = [piece for line in lines for piece in _wrap(line, inner)]
    inner = min(inner, max((_width(piece) for piece in (*pieces, word + "----")), default=0))
    side = " " * sheet.deep
    yield f"{side}┌─ {word} ".ljust(sheet.deep + inner + 3, "─") + "┐"
    for piece in pieces:
        yield f"{side}│ {_pad(piece, inner)} │"
    yield f"{side}└{'─' * (inner + 2)}┘"


def _one(text: str) -> str:
    """Text on one line, as narrow as a terminal takes it."""
    return re.sub(r"\s+", " ", room.clean(text)).replace("\ufe0f", "").strip()


def _wide(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _width(text: str) -> int:
    return sum(map(_wide, text))


def _cut(text: str, width: int) -> str:
    """Text no wider than `width` columns; what is cut off becomes an ellipsis."""
    if _width(text) <= width:
        return text
    kept = sum(reached < width for reached in accumulate(map(_wide, text)))
    return f"{text[:kept]}…"


def _pad(text: str, width: int) -> str:
    """Text in a column: filled up, or cut."""
    text = _cut(text, width)
    return text + " " * (width - _width(text))


def _wrap(text: str, width: int) -> list[str]:
    """Text in lines no wider than `width` columns; wide characters count double."""
    text = text.replace("\ufe0f", "")
    lead = text[: len(text) - len(text.lstrip(" "))]
    spread = "".join(char + "\x00" * (_wide(char) - 1) for char in text)
    hang = lead + ("  " if re.match(r"\s*[•◦☐☑>·] ", text) else "")
    lines = textwrap.wrap(
        spread, width, subsequent_indent=hang, break_on_hyphens=False, replace_whitespace=False, drop_whitespace=True
    )
    return [line.replace("\x00", "") for line in lines] or [""]
