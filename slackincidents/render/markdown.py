"""An incident as Markdown: threads nested under the message they belong to, all text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slackincidents.render import mrkdwn, room
from slackincidents.render.cards import body, card, headline
from slackincidents.render.emoji import glyph
from slackincidents.render.key import Key, key
from slackincidents.render.mrkdwn import Scene, Span
from slackincidents.render.room import Entry, Names
from slackincidents.schema.incident import IncidentRecord, SystemEvent

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&!@])")
_WRAPS = {"bold": "**", "italic": "_", "strike": "~~"}


def to_markdown(incident: IncidentRecord, names: Names | None = None) -> str:
    """The incident as CommonMark, with the answer key at the end when there are labels."""
    placed = room.entries(incident)
    scene = Scene({handle: room.shown(handle, names) for handle in names or {}})
    threads = room.replies(placed)
    lines = [*_head(incident)]
    day = ""
    for entry in (entry for entry in placed if entry.root is None):
        if room.day(entry.at) != day:
            day = room.day(entry.at)
            lines += ["", f"## {day}", ""]
        lines += _item(entry, scene, 0)
        for reply in threads.get(entry.index, ()):
            lines += _item(reply, scene, 1)
    answers = key(incident)
    if answers:
        lines += _answers(answers)
    return "\n".join(_squeezed(lines)) + "\n"


def _squeezed(lines: list[str]) -> Iterator[str]:
    """The lines with at most one blank line in a row, but for those in code."""
    fence, before = "", "x"
    for line in (line.rstrip() for line in lines):
        ticks = re.match(r" *(`{3,})$", line)
        if ticks and fence in ("", ticks[1]):
            fence = "" if fence else ticks[1]
        if line or before or fence:
            yield line
        before = line


def _head(incident: IncidentRecord) -> Iterator[str]:
    yield f"# {safe_text(incident.title)}"
    yield ""
    if incident.description:
        yield from (safe_text(incident.description), "")
    facts = (
        ("Severity", room.severity(incident)),
        ("Started", f"{incident.started_at:%Y-%m-%d %H:%M:%S %Z}"),
        ("Duration", room.span(room.duration(incident))),
        ("Services", ", ".join(incident.services)),
    )
    yield from (f"- **{name}:** {safe_text(value)}" for name, value in facts if value)
    if note := room.made_up(incident):
        yield from ("", f"_{safe_text(note)}_")


def _item(entry: Entry, scene: Scene, level: int) -> Iterator[str]:
    event = entry.event
    indent = "  " * level
    name = safe_text(room.shown(event.speaker, scene.names)) + (" (app)" if room.is_bot(event) else "")
    channel = "" if level else f" in {code_span(event.channel)}"
    note = f" (to a thread in {code_span(entry.elsewhere)})" if entry.elsewhere else ""
    yield f"{indent}- {code_span(f'{entry.at:%H:%M:%S}')} **{name}**{channel}{note}"
    lines = list(_content(entry, scene))
    yield from ("", *(f"{indent}  {line}" for line in lines), "")


def _content(entry: Entry, scene: Scene) -> Iterator[str]:
    event, under = entry.event, card(entry.event)
    if under and under.title:
        tone = {"update": "", "resolved": "RESOLVED: "}.get(under.tone, f"{under.tone.upper()}: ")
        yield from (f"**{tone}{safe_text(headline(under.title))}**", "")
    for text in filter(None, (body(event), under.text if under else "")):
        lines = list(_blocks(mrkdwn.parse(text), scene))
        yield from ([f"_{line}_" for line in lines if line] if isinstance(event, SystemEvent) else lines)
    if getattr(event, "edited", None):
        yield from ("", "(edited)")
    if under:
        yield from ("", *(f"- **{safe_text(name)}:** {safe_text(value)}" for name, value in under.fields))
        yield from (f"- [{name}](<{url}>)" for name, url in under.links)
    if event.reactions:
        told = ((got.emoji, (room.shown(user, scene.names) for user in got.users)) for got in event.reactions)
        pills = (f"{safe_text(glyph(emoji))} {', '.join(map(safe_text, users))}" for emoji, users in told)
        yield from ("", " · ".join(pills))


def _blocks(blocks: tuple[Span, ...], scene: Scene) -> Iterator[str]:
    before = ""
    for block in blocks:
        if block.kind == "fence":
            ticks = fence_for(block.text, 3)
            yield from ("", ticks, *block.text.split("\n"), ticks, "")
        elif block.kind == "quote":
            yield from ("", *(f"> {_line(line.children, scene)}  " for line in block.children), "")
        elif block.kind == "item":
            box = {"☐": "[ ] ", "☑": "[x] "}.get(block.url, "")
            yield from ([""] if before == "line" else [])
            yield f"{block.text}- {box}{_line(block.children, scene)}"
        else:
            line = _line(block.children, scene)
            yield from ([""] if before == "item" and line else [])
            yield f"{line}\\" if line and block is not blocks[-1] and _runs_on(blocks, block) else line
        before = block.kind


def _runs_on(blocks: tuple[Span, ...], block: Span) -> bool:
    """Whether the next block is one more line of the same paragraph."""
    place = next(number for number, other in enumerate(blocks) if other is block)
    following = blocks[place + 1]
    return following.kind == "line" and bool(following.children)


def _line(spans: tuple[Span, ...], scene: Scene) -> str:
    """One line; what would start a list, a heading or a rule is escaped."""
    made = "".join(_inline(span, scene) for span in spans)
    return re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", made)


def _inline(span: Span, scene: Scene) -> str:
    if span.kind in _WRAPS:
        wrap = _WRAPS[span.kind]
        return f"{wrap}{''.join(_inline(child, scene) for child in span.children)}{wrap}"
    if span.kind == "code":
        return code_span(span.text)
    if span.kind == "link":
        return f"<{span.url}>" if span.url == span.text else f"[{safe_text(span.text)}](<{span.url}>)"
    return safe_text(mrkdwn.plain((span,), scene))


def safe_text(text: str) -> str:
    """Text that Markdown takes for nothing but text."""
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s*\n\s*", " ", room.clean(text)))


def code_span(text: str) -> str:
    """Text as inline code."""
    ticks = fence_for(text, 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{room.clean(text)}{pad}{ticks}"


def fence_for(text: str, least: int) -> str:
    """A row of backticks longer than any in the text."""
    return "`" * max(least, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


def _answers(answers: Key) -> Iterator[str]:
    yield from ("", "## Answer key", "", f"**Root cause:** {safe_text(answers.cause)}", "")
    yield from (f"- **{name}:** {safe_text(value)}" for name, value in answers.facts)
    if answers.stated:
        yield f"- **First stated:** {answers.stated[0]}"
    if answers.features:
        yield f"- **Features:** {', '.join(safe_text(feature) for feature in answers.features)}"
    if answers.steps:
        yield from ("", "| Time | Cascade | Effect |", "| --- | --- | --- |")
        yield from (f"| {step.when} | {safe_text(step.route)} | {safe_text(step.what)} |" for step in answers.steps)
