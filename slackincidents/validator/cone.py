"""The knowledge cone: what a person had found, done or could read at a moment. From records alone."""

from __future__ import annotations

from slackincidents.schema.acts import Act
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.plan import Fact, Plan

FREE = ("past:", "task:", "recovery")
"""Facts that need no source: memory, intentions, and that it is over."""

NEVER = float("inf")


class Cone:
    """Who knows what and when, from the looks and presence of a plan and the labels of an incident."""

    def __init__(self, incident: IncidentRecord, plan: Plan) -> None:
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
        self._read(incident, plan)

    def _read(self, incident: IncidentRecord, plan: Plan) -> None:
        for label in incident.labels.messages if incident.labels else ():
            if not 0 <= label.index < min(len(incident.timeline), len(plan.beats)):
                continue
            event, action = incident.timeline[label.index], plan.beats[label.index].action
            for fact in (*label.reveals, *label.cites):
                self.told.setdefault(fact, []).append((label.index, event.offset_seconds, event.channel))
            if label.act is Act.EXECUTE and action:
                self.done.setdefault((event.speaker, action), label.index)

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
