"""Who knows what: what a person had found, done or could read at a moment. From a plan's records alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Fact, Plan

FREE = ("past:", "task:", "recovery")
"""Facts that need no source: memory, intentions, and that it is over."""

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Saying:
    """What one event put into its channel; `index` is its place, `at` in seconds from the first event."""

    index: int
    at: float
    channel: str
    speaker: str
    facts: tuple[Fact, ...] = ()
    done: str | None = None
    """the action that was carried out with it"""

    @classmethod
    def of(cls, index: int, beat: Beat) -> Self:
        """What a beat of a plan puts into its channel."""
        done = beat.action if beat.act is Act.EXECUTE else None
        return cls(index, beat.at, beat.channel, beat.speaker, (*beat.reveals, *beat.cites), done)


class Knowledge:
    """Who knows what and when, from the looks and presence of a plan and from what was said."""

    def __init__(self, plan: Plan, said: Iterable[Saying]) -> None:
        """Read the records once; `knows` answers from tables."""
        self.rooms: dict[str, dict[str, float]] = {}
        for there in plan.presence:
            rooms = self.rooms.setdefault(there.person, {})
            rooms[there.channel] = min(there.at, rooms.get(there.channel, NEVER))
        self.found: dict[str, dict[Fact, float]] = {}
        for look in plan.looks:
            found = self.found.setdefault(look.person, {})
            fact = f"clue:{look.clue}"
            found[fact] = min(look.end, found.get(fact, NEVER))
        self.told: dict[Fact, list[tuple[int, float, str]]] = {}
        self.done: dict[tuple[str, str], int] = {}
        for saying in said:
            for fact in saying.facts:
                self.told.setdefault(fact, []).append((saying.index, saying.at, saying.channel))
            if saying.done:
                self.done.setdefault((saying.speaker, saying.done), saying.index)

    @classmethod
    def of(cls, plan: Plan) -> Knowledge:
        """What follows from the plan itself, before anything is written."""
        return Knowledge(plan, (Saying.of(index, beat) for index, beat in enumerate(plan.beats)))

    def reads(self, person: str, channel: str, at: float) -> bool:
        """True when the person could read the channel at that moment."""
        return self.rooms.get(person, {}).get(channel, NEVER) <= at

    def has_found(self, person: str, fact: Fact, at: float) -> bool:
        """True when the person had come upon the fact by looking."""
        return self.found.get(person, {}).get(fact, NEVER) <= at

    def has_done(self, person: str, fact: Fact, index: int) -> bool:
        """True for ``action:x`` and ``outcome:x`` when the person did x at or before that event."""
        kind, _, name = fact.partition(":")
        return kind in {"action", "outcome"} and self.done.get((person, name), index + 1) <= index

    def has_read(self, person: str, fact: Fact, at: float, before: int | None = None) -> bool:
        """True when the fact stood in a channel the person could read, before event `before`."""
        return any(
            (before is None or index < before) and when <= at and self.reads(person, channel, at)
            for index, when, channel in self.told.get(fact, ())
        )

    def knows(self, person: str, fact: Fact, at: float, index: int) -> bool:
        """True when the person could state the fact in the event at `index`."""
        return (
            fact.startswith(FREE)
            or self.has_found(person, fact, at)
            or self.has_done(person, fact, index)
            or self.has_read(person, fact, at, index)
        )
