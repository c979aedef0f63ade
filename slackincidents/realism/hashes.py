"""Texts as numbers of eight bytes, the same in every process."""

from __future__ import annotations

import hashlib


def stable(text: str) -> int:
    """A hash that does not depend on the interpreter's own."""
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big")
