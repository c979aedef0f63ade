"""Text as Slack takes it: mrkdwn with ids, everything else escaped; long text in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from slackincidents.render.mrkdwn import Span, inline, parse

MOST_TEXT = 3900
"""Characters in one message; Slack asks to stay below 4,000."""

MOST_SECTION = 3000
"""Characters in one section block."""

MOST_LINK = 3000
_MARKS = {"bold": "*", "italic": "_", "strike": "~"}
_WHOLE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|(?<!`)`[^`\n]+`(?!`)|(?<!\w)([*_~])(?=\S)[^\n]{1,500}?\1(?!\w)")
"""What no cut may go through."""

_BREAKS = (re.compile(r"\n{2,}"), re.compile(r"\n"), re.compile(r"""(?<=[.!?…])["')\]*_~]*\s+"""), re.compile(r"\s+"))
"""Where a text may be cut, the best kind first."""

_FENCE = "```"


@dataclass(frozen=True)
class Ids:
    """Names that become live: group handles, people's handles, channel names (none with ``@`` or ``#``) to ids."""

    groups: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_slack(text: str, ids: Ids) -> str:
    """A file's mrkdwn as Slack takes it. Only links, and names in `ids`, become live; no broadcast ever does."""
    return "\n".join(_block(block, ids) for block in parse(text))


def line_to_slack(text: str, ids: Ids) -> str:
    """One line, such as a field's value."""
    return _inline(inline(" ".join(text.split())), ids)


def mentioned(text: str) -> Iterator[str]:
    """The names a text calls with ``@``, without it."""
    for block in parse(text):
        yield from _calls(block)


def _calls(span: Span) -> Iterator[str]:
    if span.kind == "mention":
        yield span.text
    for child in span.children:
        yield from _calls(child)


def _block(block: Span, ids: Ids) -> str:
    if block.kind == "fence":
        return f"{_FENCE}\n{escape(block.text)}\n{_FENCE}"
    if block.kind == "quote":
        return "\n".join(f"> {_inline(line.children, ids)}" for line in block.children)
    if block.kind == "item":
        return f"{block.text}{block.url} {_inline(block.children, ids)}"
    return _inline(block.children, ids)


def _inline(spans: tuple[Span, ...], ids: Ids) -> str:
    return "".join(_span(span, ids) for span in spans)


def _span(span: Span, ids: Ids) -> str:
    if span.kind in _MARKS:
        return f"{_MARKS[span.kind]}{_inline(span.children, ids)}{_MARKS[span.kind]}"
    if span.kind == "code":
        return f"`{escape(span.text)}`"
    if span.kind == "link":
        return _link(span)
    if span.kind == "mention":
        return _mention(span.text, ids)
    if span.kind == "channel":
        live = ids.channels.get(span.text)
        return f"<#{live}>" if live else escape(f"#{span.text}")
    return escape(span.text)


def _link(span: Span) -> str:
    address = escape(span.url).replace("|", "%7C")
    label = "" if span.text == span.url else "|" + escape(span.text).replace("|", "/")
    if len(address) + len(label) > MOST_LINK:
        return escape(span.url if not label else f"{span.text} ({span.url})")
    return f"<{address}{label}>"


def _mention(name: str, ids: Ids) -> str:
    if group := ids.groups.get(name):
        return f"<!subteam^{group}>"
    if person := ids.people.get(name):
        return f"<@{person}>"
    return escape(f"@{name}")


def split(text: str, most: int = MOST_TEXT) -> tuple[str, ...]:
    """Slack text in parts of at most `most` characters, cut after a sentence where there is one. Nothing is lost.

    A code block that has to be cut is closed and opened again.
    """
    parts: list[str] = []
    while _units(text) > most:
        cut, resume = _cut(text, most - 2 * len(_FENCE) - 2)
        part, text = text[:cut], text[resume:]
        if part.count(_FENCE) % 2:
            part, text = f"{part.rstrip()}\n{_FENCE}", f"{_FENCE}\n{text}"
        parts.append(part)
    return tuple(part for part in (*parts, text) if part.strip())


def _units(text: str) -> int:
    """Length as Slack counts it: a character beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, most: int) -> int:
    """How many characters of a text fit into `most` units."""
    room = min(len(text), most)
    while _units(text[:room]) > most:
        room -= (_units(text[:room]) - most + 1) // 2
    return room


def _cut(text: str, most: int) -> tuple[int, int]:
    """Where the first part ends and where the rest begins."""
    room = _fitting(text, most)
    whole = [match.span() for match in _WHOLE.finditer(text, 0, room + MOST_LINK + 500) if len(match[0]) <= most // 2]
    for kind in _BREAKS:
        found = [
            match.span()
            for match in kind.finditer(text, room // 3, room)
            if not any(start < match.start() < end for start, end in whole)
        ]
        if found:
            return _after_closing(text, *found[-1])
    inside = next((start for start, end in whole if start < room < end and start > 0), room)
    return inside, inside


def _after_closing(text: str, start: int, end: int) -> tuple[int, int]:
    """A closing quote or mark stays with its sentence."""
    blank = re.search(r"\s", text[start:end])
    return start + (blank.start() if blank else 0), end
