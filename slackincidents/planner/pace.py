"""How fast everything goes: the hours of a real incident, or the seed's two minutes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tempo:
    """Factors and chances of a pace. Times multiply seconds; chances multiply chances."""

    work: float
    """searches, command runs, waits for effects"""
    think: float
    """pauses between activities"""
    talk: float
    """answers, reactions, typing"""
    page_timeout_s: float
    waste: float
    """exchanges that carry no fact"""
    answers: float
    """chance that a message is taken up by others"""
    features: float
    """chance of the optional features"""
    patience_s: float
    """after this long people begin to give up"""
    limit_s: float
    """nothing happens after this"""


REAL = Tempo(
    work=1.0,
    think=1.0,
    talk=1.0,
    page_timeout_s=300,
    waste=1.0,
    answers=0.7,
    features=0.9,
    patience_s=2700,
    limit_s=6 * 3600,
)
BRIEF = Tempo(
    work=0.045,
    think=0.12,
    talk=0.2,
    page_timeout_s=15,
    waste=0.06,
    answers=0.3,
    features=0.08,
    patience_s=110,
    limit_s=1200,
)
TEMPI = {"real": REAL, "brief": BRIEF}
