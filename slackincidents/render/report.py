"""What report pages share: one look in light and dark, and a policy that lets in nothing but the page's own style."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from slackincidents.render.plots import style

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Sheet:
    """The style sheet of a page and its hash for the policy; it stands on a line of its own in ``<style>``."""

    style: Markup
    digest: str


@cache
def sheet(own: Path) -> Sheet:
    """The look of all reports and plots, and what this page adds to it."""
    base = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    whole = base + style() + own.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(f"\n{whole}".encode()).digest()).decode()
    return Sheet(Markup(whole), digest)
