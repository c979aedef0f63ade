"""Names with an @ in a text."""

from __future__ import annotations

import re

BROADCAST = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|(?<![\w.@/])@(?:channel|here|everyone)\b")
"""What calls a whole channel."""

_NAMED = re.compile(r"(?<![\w.@/<])@([A-Za-z][\w.-]*\w)")
_CALLS_ALL = {"channel", "here", "everyone"}


def named(text: str) -> list[str]:
    """Everybody a text names with an @, without it; those who call a whole channel left out."""
    return [name for name in dict.fromkeys(_NAMED.findall(text)) if name not in _CALLS_ALL] if "@" in text else []
