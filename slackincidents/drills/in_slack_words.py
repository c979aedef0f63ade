"""The words of a drill in Slack: what was typed as a line of the drill's language, and what is told as mrkdwn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from slackincidents.drills import stage_view
from slackincidents.drills.lines import Meaning, Mistyped, Ordered, Quit
from slackincidents.drills.session import Session
from slackincidents.drills.sheets import Sheet
from slackincidents.drills.sight import Sight
from slackincidents.drills.stage_view import Find
from slackincidents.drills.typed import MOST, VERBS, parse
from slackincidents.render.blocks import Block, Bullets, Document, Grid, Heading, Line, Paragraph, plain
from slackincidents.render.mrkdwn import Scene
from slackincidents.render.mrkdwn import parse as blocks
from slackincidents.render.mrkdwn import plain as flat
from slackincidents.schema import seat

STOP = "stop"
SHORT = 3
"""Words up to which a line that begins like a command is taken for a mistyped one, and not for talk."""


def typed(text: str, bot: str) -> str:
    """A message of the workspace as somebody would type it: without escapes, and without a call to the bot."""
    said = re.sub(rf"^\s*<@{re.escape(bot)}(\|[^>]*)?>[\s:,]*", "", text) if bot else text
    lines = (_flat(block.text, block.url, block.children, fence=block.kind == "fence") for block in blocks(said))
    return "\n".join(lines).strip()


def _flat(text: str, marker: str, children: tuple[object, ...], *, fence: bool) -> str:
    if fence:
        return text
    return f"{text}{marker} {flat(children, Scene())}".strip()  # type: ignore[arg-type]


def meaning(line: str, known: Sight) -> tuple[Meaning, bool]:
    """What a line means now, and whether it is plain talk: whatever is no command is said as it stands."""
    if line.lower() == STOP:
        return Quit(), False
    found = parse(line, known)
    if isinstance(found, Mistyped) and known.me is not None and len(line) <= MOST and not _slip(line):
        return Ordered(order=seat.Say(text=line)), True
    return found, False


def _slip(line: str) -> bool:
    """Whether a line looks like a command with a slip in it."""
    words = line.lower().split()
    return len(words) <= SHORT and any(words[0] in (name, *verb.others) for name, verb in VERBS.items())


def name(session: Session, handle: str | None) -> str:
    """What somebody is called."""
    people = session.world.setting.people
    return people[handle].name if handle is not None and handle in people else handle or "somebody"


def label(session: Session, action: str) -> str:
    """An action in plain words."""
    return stage_view.settled(session, session.skeleton.actions[action].label)


def fenced(lines: Iterable[str]) -> str:
    """Lines that keep their columns."""
    body = "\n".join(line.replace("```", "'''") for line in lines)
    return f"```\n{body}\n```"


def sheet(shown: Sheet) -> str:
    """A sheet to read."""
    return f"*{shown.title}*\n{fenced(shown.lines)}"


def find(found: Find) -> str:
    """What a look has shown."""
    paste = f"\n{fenced(found.paste.splitlines())}" if found.paste else ""
    return (
        f":mag: *{found.number}. {found.where} of {found.service}:* {found.fact}{paste}\n`tell {found.number}` says it."
    )


def document(written: Document) -> str:
    """A document as mrkdwn: headings in bold, a table's rows as items."""
    return "\n".join(line for block in written for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"\n*{block.text}*"
        case Paragraph():
            yield _marked(block.line)
        case Bullets():
            yield from (f"- {_marked(line)}" for line in block.lines)
        case Grid():
            yield from (f"- {' · '.join(filter(None, map(_marked, row)))}" for row in block.rows)
        case _:
            yield fenced(block.text.splitlines())


def _marked(words: Line) -> str:
    return "".join(f"*{p.text}*" if p.strong else f"`{p.text}`" if p.code else plain((p,)) for p in words)
