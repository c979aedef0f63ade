"""How long to go on asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How often and how long to ask. Seconds; `first` doubles with each attempt up to `longest`."""

    attempts: int = 8
    seconds: float = 900.0
    first: float = 0.5
    longest: float = 30.0
