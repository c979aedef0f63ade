"""The HTML page: one self-contained file that looks like the rooms it stands for."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from slackincidents.render.environment import pages
from slackincidents.render.room import Names
from slackincidents.render.views import page_view
from slackincidents.schema.incident import IncidentRecord

_TEMPLATES = Path(__file__).parent / "templates"


def to_html(incident: IncidentRecord, names: Names | None = None) -> str:
    """An incident as one HTML page without outside requests; `names` maps handles to display names.

    The same incident and names give the same bytes. The answer key is in the page, hidden behind a
    toggle, when the incident has labels.
    """
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = _environment().get_template("page.html.j2")
    return template.render(
        page=page_view(incident, names or {}),
        style=Markup(_asset("page.css")),
        script=Markup(script),
        script_hash=digest,
    )


def fragment(incident: IncidentRecord, names: Names | None = None, height: int = 640) -> str:
    """The page for a notebook cell: a sandboxed frame, so that no style or script leaks."""
    return str(
        Markup(
            '<iframe title="{title}" srcdoc="{page}" sandbox="allow-scripts allow-popups" '
            'style="width:100%;height:{height}px;border:1px solid #ddd;border-radius:8px"></iframe>'
        ).format(title=f"Incident: {incident.title}", page=to_html(incident, names), height=height)
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return pages(_TEMPLATES)


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
