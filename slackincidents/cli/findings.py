"""What a doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "bad"]


@dataclass(frozen=True)
class Line:
    """One thing looked at. Only "bad" makes the exit code 2."""

    state: State
    what: str
    found: str
