"""Avatars without pictures: initials on a colour that depends on the handle alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from markupsafe import Markup

TONES = 12
"""How many colours the style sheet has (``.c0`` to ``.c11``)."""

_BELL = Markup(
    '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 12h3l2-6 3.5 10L13 9l1.5 3H18" fill="none" '
    'stroke="#fff" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/></svg>'
)


@dataclass(frozen=True)
class Avatar:
    """Initials and the number of a colour; a bot has a glyph instead."""

    initials: str
    tone: int
    bot: bool = False

    @property
    def html(self) -> Markup:
        """The avatar as one span; the style sheet gives it size and colour."""
        if self.bot:
            return Markup('<span class="av cb" aria-hidden="true">{}</span>').format(_BELL)
        return Markup('<span class="av c{}" aria-hidden="true">{}</span>').format(self.tone, self.initials)


def avatar(handle: str, name: str, bot: bool = False) -> Avatar:
    """The avatar of somebody; the same handle has the same colour everywhere."""
    words = re.findall(r"[^\W_]+", name) or ["?"]
    initials = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return Avatar(initials.upper(), hashlib.sha256(handle.encode()).digest()[0] % TONES, bot)
