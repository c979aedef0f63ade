"""How batches are sent and waited for."""

from __future__ import annotations

from dataclasses import dataclass

MOST_QUESTIONS = 50_000
MOST_BYTES = 200_000_000
"""What one batch may hold, by the provider's word."""


@dataclass(frozen=True)
class Pace:
    """How batches are sent and waited for. Seconds; `first` between two looks doubles up to `longest`.

    After `patience` seconds without an end of it, waiting for a batch ends. `rounds` bounds how often one question is
    sent. `delete` removes our files there once the replies are kept here.
    """

    most_questions: int = MOST_QUESTIONS
    most_bytes: int = MOST_BYTES
    first: float = 15.0
    longest: float = 300.0
    patience: float = 48 * 3_600.0
    rounds: int = 4
    delete: bool = False
