"""Whom a text addresses and what it links to: the plan says so, whoever wrote the words."""

from __future__ import annotations

import re

from slackincidents.schema.plan import Beat


def addressed(text: str, beat: Beat) -> str:
    """The text with every mention and link of its beat in it; a bare name becomes the mention."""
    for mention in beat.mentions:
        if mention in text:
            continue
        named = re.compile(rf"(?<![\w@./-]){re.escape(mention[1:])}(?![\w./-])", re.IGNORECASE)
        text = named.sub(mention, text, count=1) if named.search(text) else f"{mention} {text}"
    link = beat.words.link
    return f"{text} {link}" if link and link not in text else text
