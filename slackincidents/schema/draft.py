"""A draft: a plan's beats in words, one text a beat."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Frozen


class WriterNote(Frozen):
    """What wrote the words."""

    writer: str
    model: str | None = None
    fell_back: tuple[str, ...] = Field(default=(), description="ids of beats another writer filled in")
    repaired: tuple[str, ...] = Field(default=(), description="ids of beats written again")


class Draft(Frozen):
    """Beat id -> text, for every beat that has words of its own."""

    texts: dict[str, str]
    note: WriterNote
