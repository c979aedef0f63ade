"""Slack's mrkdwn, parsed into spans and printed as HTML, Markdown or plain text.

Nothing of the source reaches HTML unescaped, and only http and https become links. Markdown's
``**bold**`` and ``~~strike~~`` are read too, since files from elsewhere have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from slackincidents.render.emoji import EMOJI
from slackincidents.render.room import clean

Kind = Literal[
    "text", "bold", "italic", "strike", "code", "link", "mention", "channel",
    "fence", "quote", "item", "line",
]  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A piece of a message. `url` is a link's target or an item's marker."""

    kind: Kind
    text: str = ""
    url: str = ""
    children: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Who and what can be named: display names by handle, anchors by channel."""

    names: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)


_FENCE = re.compile(r"```(?:[a-z]+\n|\n)?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?(.*)")
_ITEM = re.compile(r"( *)(•|◦|-|\*|\d{1,2}[.)])[ \t]+(?:\[([ xX])\] )?(.+)")
_INLINE = re.compile(
    r"""
    `(?P<code>[^`\n]+)`
    |<(?P<angle>[^<>\n]{1,2000})>
    |(?P<url>https?://[^\s<>|`"]+)
    |(?<![\w*])\*\*(?=[^\s*])(?P<bold2>[^\n]{1,500}?)(?<=\S)\*\*(?!\*)
    |(?<![\w*])\*(?=[^\s*])(?P<bold>[^*\n]{1,500})(?<=\S)\*(?![\w*])
    |(?<!\w)_(?=[^\s_])(?P<italic>[^\n]{1,500}?)(?<=\S)_(?!\w)
    |(?<![\w~])~~(?=[^\s~])(?P<strike2>[^~\n]{1,500})(?<=\S)~~(?!~)
    |(?<![\w~])~(?=[^\s~])(?P<strike>[^~\n]{1,500})(?<=\S)~(?![\w~])
    |(?<![\w@./])@(?P<mention>(?>[A-Za-z](?:[\w.-]*\w)?))(?![/@])
    |(?<![\w&/\#])\#(?P<channel>[a-z0-9][\w-]*)
    |:(?P<emoji>[a-z0-9_+-]+):
    """,
    re.VERBOSE,
)
_NESTED: dict[str, Kind] = {
    "bold": "bold", "bold2": "bold", "italic": "italic", "strike": "strike", "strike2": "strike",
}  # fmt: skip


def safe_url(url: str | None) -> str | None:
    """The address when it is http or https with a host; otherwise nothing."""
    if not url or re.search(r"[\s\x00-\x1f\x7f\"<>\\]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def parse(text: str) -> tuple[Span, ...]:
    """A message as blocks: lines, list items, quotes and fences."""
    blocks: list[Span] = []
    at, text = 0, clean(text).strip("\n")
    for fence in _FENCE.finditer(text):
        blocks += _lines(text[at : fence.start()], bool(blocks))
        blocks.append(Span("fence", _unescape(fence[1])))
        at = fence.end()
    return (*blocks, *_lines(text[at:], bool(blocks)))


def _lines(text: str, after_fence: bool) -> Iterator[Span]:
    if after_fence:
        text = text.removeprefix("\n")
    if not text.strip():
        return
    quoted: list[Span] = []
    for line in text.rstrip("\n").split("\n"):
        quote = _QUOTE.fullmatch(line)
        if quote:
            quoted.append(Span("line", children=inline(quote[1])))
            continue
        if quoted:
            yield Span("quote", children=tuple(quoted))
            quoted = []
        yield _line(line)
    if quoted:
        yield Span("quote", children=tuple(quoted))


def _line(line: str) -> Span:
    item = _ITEM.fullmatch(line)
    if item is None:
        return Span("line", children=inline(line))
    marker = "•" if item[2] in "-*" else item[2]
    if item[3]:
        marker = "☐" if item[3] == " " else "☑"
    return Span("item", text=item[1], url=marker, children=inline(item[4]))


def inline(text: str, depth: int = 0) -> tuple[Span, ...]:
    """One line's spans."""
    spans: list[Span] = []
    plain: list[str] = []
    at = 0
    while match := _INLINE.search(text, at):
        plain.append(text[at : match.start()])
        made, at = _span(match, depth)
        if made.kind == "text":
            plain.append(made.text)
            continue
        spans += _text(plain)
        plain = []
        spans.append(made)
    plain.append(text[at:])
    return (*spans, *_text(plain))


def _text(plain: list[str]) -> Iterator[Span]:
    joined = _unescape("".join(plain))
    if joined:
        yield Span("text", joined)


def _span(match: re.Match[str], depth: int) -> tuple[Span, int]:
    """The span of a match, and where to read on."""
    name, end = match.lastgroup or "", match.end()
    inner = match[name]
    if name in _NESTED:
        children = inline(inner, depth + 1) if depth < 4 else (Span("text", _unescape(inner)),)
        return Span(_NESTED[name], children=children), end
    if name == "url":
        return _bare(match)
    if name == "angle":
        return _angle(inner), end
    if name == "emoji":
        return (Span("text", EMOJI[inner]), end) if inner in EMOJI else (Span("text", ":"), match.start() + 1)
    if name == "channel" and not re.search("[a-z]", inner):
        return Span("text", match[0]), end
    kinds: dict[str, Kind] = {"code": "code", "mention": "mention", "channel": "channel"}
    return Span(kinds[name], _unescape(inner)), end


def _bare(match: re.Match[str]) -> tuple[Span, int]:
    url = match["url"].rstrip(".,;:!?'*_~")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?'*_~")
    target = safe_url(_unescape(url))
    if target is None:
        return Span("text", match["url"]), match.end()
    return Span("link", target, target), match.start() + len(url)


def _angle(inner: str) -> Span:
    """What stands in ``<...>``: a link, a person, a group, a channel; anything else stays as it is."""
    target, _, label = inner.partition("|")
    if url := safe_url(_unescape(target)):
        return Span("link", _unescape(label) or url, url)
    if target.startswith("#C") and label:
        return Span("channel", _unescape(label))
    if re.fullmatch(r"@[UW]\w+", target) or target.startswith("!subteam^"):
        return Span("mention", _unescape(label or target.split("^")[-1]).lstrip("@"))
    if target in ("!here", "!channel", "!everyone"):
        return Span("mention", target[1:])
    if target.startswith(("!date^", "mailto:")) and label:
        return Span("text", label)
    return Span("text", f"<{inner}>")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def html(text: str, scene: Scene, tail: Markup | None = None) -> Markup:
    """A message as HTML; `tail` goes to the end of its last line."""
    blocks = parse(text)
    tail = tail or Markup("")
    ended = not blocks or blocks[-1].kind not in ("line", "item")
    made = [
        _html_block(block, scene, Markup("") if ended or place < len(blocks) - 1 else tail)
        for place, block in enumerate(blocks)
    ]
    return Markup("").join((*made, Markup('<div class="ln">{}</div>').format(tail) if ended and tail else ""))


def _html_block(block: Span, scene: Scene, tail: Markup) -> Markup:
    if block.kind == "fence":
        return Markup('<pre tabindex="0">{}</pre>').format(block.text)
    if block.kind == "quote":
        return Markup("<blockquote>{}</blockquote>").format(
            Markup("").join(_html_block(line, scene, Markup("")) for line in block.children)
        )
    body = _html_inline(block.children, scene) + tail
    if block.kind == "item":
        deep = " deep" if block.text else ""
        return Markup('<div class="li{}"><span class="mk">{} </span><span>{}</span></div>').format(
            deep, block.url, body
        )
    return Markup('<div class="ln">{}</div>').format(body) if body else Markup('<div class="gap"></div>')


_TAGS = {"bold": Markup("b"), "italic": Markup("i"), "strike": Markup("s")}


def _html_inline(spans: tuple[Span, ...], scene: Scene) -> Markup:
    return Markup("").join(_html_span(span, scene) for span in spans)


def _html_span(span: Span, scene: Scene) -> Markup:
    if span.kind in _TAGS:
        return Markup("<{0}>{1}</{0}>").format(_TAGS[span.kind], _html_inline(span.children, scene))
    if span.kind == "code":
        return Markup("<code>{}</code>").format(span.text)
    if span.kind == "link":
        return link(span.url, span.text)
    if span.kind == "mention":
        group = " group" if span.text in ("here", "channel", "everyone") or span.text.endswith("-oncall") else ""
        return Markup('<span class="at{}">@{}</span>').format(group, scene.names.get(span.text, span.text))
    if span.kind == "channel":
        anchor = scene.anchors.get(f"#{span.text}")
        if anchor:
            return Markup('<a class="ch" href="#{}">#{}</a>').format(anchor, span.text)
        return escape(f"#{span.text}")
    return escape(span.text)


def link(url: str, label: str) -> Markup:
    """A link that opens elsewhere and tells nothing about here; `url` must have passed `safe_url`."""
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label)


def plain(spans: tuple[Span, ...], scene: Scene) -> str:
    """A line's spans as plain text; code keeps its backticks."""
    return "".join(_plain_span(span, scene) for span in spans)


def _plain_span(span: Span, scene: Scene) -> str:
    if span.children:
        return plain(span.children, scene)
    if span.kind == "code":
        return f"`{span.text}`"
    if span.kind == "link":
        return span.url if span.text == span.url else f"{span.text} ({span.url})"
    if span.kind == "mention":
        return f"@{scene.names.get(span.text, span.text)}"
    return f"#{span.text}" if span.kind == "channel" else span.text
