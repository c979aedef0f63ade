"""Hand-made conversations for the tests of this folder."""

from __future__ import annotations

from slackincidents.realism.conversation import Conversation, Line, names_of


def said(*texts: str) -> Conversation:
    """One line a text, a minute apart, ann and bob in turn."""
    return timed(*((60.0 * place, ("ann", "bob")[place % 2], text) for place, text in enumerate(texts)))


def timed(*lines: tuple[float, str, str], machine_at: float | None = None) -> Conversation:
    """Lines as (seconds, speaker, text)."""
    typed = tuple(Line(at, speaker, text) for at, speaker, text in lines)
    return Conversation("made-001", typed, names_of([line.speaker for line in typed]), machine_at)


def at(*seconds: float) -> Conversation:
    """Lines at these times, ann and bob in turn."""
    return timed(*((second, ("ann", "bob")[place % 2], "line") for place, second in enumerate(seconds)))
