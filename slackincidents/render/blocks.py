"""A document of headings, lines, lists, tables and code, and how it looks as Markdown, text and HTML."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment

from slackincidents.render.environment import pages
from slackincidents.render.markdown import code_span, fence_for, safe_text
from slackincidents.render.mrkdwn import safe_url
from slackincidents.render.room import clean

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Piece:
    """Part of a line: plain words, `strong` ones, code, or a link when `url` is one."""

    text: str
    strong: bool = False
    code: bool = False
    url: str | None = None


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """One line of words."""

    line: Line
    kind: str = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    lines: tuple[Line, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Code:
    """Something to type or to see; `language` as in a fence."""

    text: str
    language: str = ""
    kind: str = "code"


@dataclass(frozen=True)
class Grid:
    """A table."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    kind: str = "grid"


Block = Heading | Paragraph | Bullets | Code | Grid
Document = tuple[Block, ...]


def line(*parts: str | Piece) -> Line:
    """A line of words and other pieces."""
    return tuple(Piece(part) if isinstance(part, str) else part for part in parts)


def code(text: str) -> Piece:
    """A piece of code inside a line."""
    return Piece(text, code=True)


def strong(text: str) -> Piece:
    """Words that stand out."""
    return Piece(text, strong=True)


def link(text: str, url: str | None) -> Piece:
    """A link; plain words where the address is not http or https."""
    return Piece(text, url=safe_url(url))


def plain(words: Line) -> str:
    """A line without marks; a link shows its address."""
    return _one("".join(f"{part.text} ({part.url})" if part.url else part.text for part in words))


def as_markdown(document: Document) -> str:
    """CommonMark with tables; nothing in it is taken for more than text but what is meant to be."""
    return "\n\n".join("\n".join(_markdown(block)) for block in document) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {safe_text(_one(block.text))}"
        case Paragraph():
            yield _marked(block.line)
        case Bullets():
            yield from (f"- {_marked(words)}" for words in block.lines)
        case Code():
            text = clean(block.text)
            ticks = fence_for(text, 3)
            yield from (f"{ticks}{block.language}", *text.split("\n"), ticks)
        case Grid():
            yield f"| {' | '.join(safe_text(name) for name in block.head)} |"
            yield f"|{' --- |' * len(block.head)}"
            yield from (f"| {' | '.join(_celled(cell) for cell in row)} |" for row in block.rows)


def _marked(words: Line) -> str:
    """A line in Markdown; what would start a list or a rule is escaped."""
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", "".join(map(_piece, words)))


def _celled(words: Line) -> str:
    return "".join(code_span(_one(p.text)).replace("|", "\\|") if p.code else _piece(p) for p in words)


def _piece(part: Piece) -> str:
    if part.code:
        return code_span(_one(part.text))
    text = safe_text(_one(part.text))
    if part.url:
        return f"[{text}](<{part.url}>)"
    return f"**{text}**" if part.strong else text


def as_text(document: Document, width: int = 100) -> str:
    """Plain text for a terminal. Only commands may be wider than `width`."""
    return "\n\n".join("\n".join(_plain(block, width)) for block in document) + "\n"


def _plain(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading():
            text = _one(block.text)
            rule = {1: "=", 2: "-"}.get(block.level)
            yield from (text, rule * min(len(text), width)) if rule else (text,)
        case Paragraph():
            yield from _wrapped(plain(block.line), width, "", "")
        case Bullets():
            for words in block.lines:
                yield from _wrapped(plain(words), width, "- ", "  ")
        case Code():
            yield from (f"    {row}" for row in clean(block.text).split("\n"))
        case Grid():
            for first, *others in block.rows:
                told = "; ".join(
                    f"{name.lower()}: {plain(cell)}" for name, cell in zip(block.head[1:], others, strict=True) if cell
                )
                yield from _wrapped(f"{plain(first)}: {told}", width, "- ", "  ")


def _wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def as_html(document: Document) -> str:
    """One HTML page without scripts and outside requests; everything in it is escaped."""
    title = next((block.text for block in document if isinstance(block, Heading)), "")
    template = _environment().get_template("document.html.j2")
    return template.render(title=_one(title), document=document)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = pages(_TEMPLATES)
    cleaning: dict[str, Callable[[str], str]] = {"clean": clean, "one": _one}
    environment.filters.update(cleaning)
    return environment


def _one(text: str) -> str:
    """Text on one line, without control characters."""
    return re.sub(r"\s*\n\s*", " ", clean(text))
