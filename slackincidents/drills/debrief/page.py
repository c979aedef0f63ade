"""The debrief as one HTML page: no script, nothing from outside, everything escaped, readable in light and dark."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from slackincidents.drills.debrief.lanes import LEGEND, plot
from slackincidents.drills.debrief.telling import details, head, summary
from slackincidents.drills.debrief.values import Debrief
from slackincidents.drills.debrief.wording import length
from slackincidents.render import plots
from slackincidents.render.environment import pages
from slackincidents.render.room import clean
from slackincidents.render.svg import line

_TEMPLATES = Path(__file__).parent / "templates"


def to_html(found: Debrief) -> str:
    """The debrief as a page with its timeline. The same debrief gives the same bytes."""
    style = plots.style() + (_TEMPLATES / "debrief.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(f"\n{style}".encode()).digest()).decode()
    title, *opening = head(found)
    template = _environment().get_template("debrief.html.j2")
    return template.render(
        style=Markup(style),
        style_hash=digest,
        title=title,
        opening=opening,
        times=[(what, length(time.seconds), time.why or "") for what, time in found.times.items()],
        summary=_sections(summary(found)),
        plot=plot(found),
        legend=LEGEND,
        details=details(found),
    )


def _sections(document: tuple[object, ...]) -> list[tuple[object, object]]:
    """Headings with the list that follows each."""
    return list(zip(document[::2], document[1::2], strict=True))


def _flat(text: str) -> str:
    """A piece of a line: no line breaks and control characters, but the blanks at its ends."""
    return re.sub(r"\s*\n\s*", " ", clean(text))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = pages(_TEMPLATES)
    environment.filters["line"] = line
    environment.filters["flat"] = _flat
    return environment
