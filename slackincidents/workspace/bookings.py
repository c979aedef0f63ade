"""One body each: who is busy from when to when, who sleeps, and how often the pager has woken whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from slackincidents.planner.oncall import at_night, at_work
from slackincidents.schema.people import Persona
from slackincidents.schema.plan import Plan

MARGIN = timedelta(minutes=4)
"""Nobody speaks in another place so soon after, or before."""

MEMORY = timedelta(days=7)
WEARY_FROM, WEARY_AT_MOST = 4, 2.2
"""Pages in a week from which people slow down, and by how much at most."""


class Bookings:
    """What people are doing, as far as the history has been told. Old entries are forgotten."""

    def __init__(self, people: Mapping[str, Persona]) -> None:
        """Nobody is busy."""
        self._people = people
        self._busy: dict[str, list[tuple[datetime, datetime]]] = {}
        self._paged: dict[str, list[datetime]] = {}

    def book(self, handle: str, start: datetime, end: datetime) -> None:
        """Somebody is busy from `start` to `end`."""
        self._busy.setdefault(handle, []).append((start - MARGIN, end + MARGIN))

    def take(self, plan: Plan, start: datetime) -> None:
        """Book everybody who speaks in an incident that began at `start`, and count who was paged."""
        spoken: dict[str, list[int]] = {}
        for beat in plan.beats:
            if beat.speaker in self._people:
                spoken.setdefault(beat.speaker, []).append(beat.at)
        for handle, times in spoken.items():
            self.book(handle, start + timedelta(seconds=min(times)), start + timedelta(seconds=max(times)))
        for page in plan.pages:
            self._paged.setdefault(page.person, []).append(start + timedelta(seconds=page.at))

    def free(self, handle: str, at: datetime, until: datetime) -> bool:
        """True when somebody has nothing else to do in that time."""
        return all(until <= start or at >= end for start, end in self._busy.get(handle, ()))

    def engaged(self, at: datetime) -> tuple[str, ...]:
        """Everybody who is, or will be, busy with something that has begun before `at`."""
        return tuple(sorted(h for h, spans in self._busy.items() if any(end > at for _, end in spans)))

    def absent(self, at: datetime) -> tuple[str, ...]:
        """Those who cannot take part in an incident that begins at `at`: busy, or asleep and never paged."""
        sleeping = {h for h, person in self._people.items() if person.role != "engineer" and at_night(person, at)}
        return tuple(sorted(sleeping | set(self.engaged(at))))

    def working(self, handles: Iterable[str], at: datetime, until: datetime) -> list[str]:
        """Those at work then, with nothing else to do."""
        return [h for h in handles if at_work(self._people[h], at) and self.free(h, at, until)]

    def awake(self, handles: Iterable[str], at: datetime, until: datetime) -> list[str]:
        """Those who do not sleep then, at work or not, with nothing else to do."""
        return [h for h in handles if not at_night(self._people[h], at) and self.free(h, at, until)]

    def weariness(self, at: datetime) -> dict[str, float]:
        """By how much people are slower, after how many pages in the last week; only those who are."""
        found = {}
        for handle, times in sorted(self._paged.items()):
            recent = sum(at - MEMORY < when <= at for when in times)
            if recent >= WEARY_FROM:
                found[handle] = round(min(WEARY_AT_MOST, 1.0 + 0.15 * (recent - WEARY_FROM + 1)), 2)
        return found

    def forget(self, before: datetime) -> None:
        """Drop what is over, so that memory stays flat."""
        self._busy = {h: kept for h, spans in self._busy.items() if (kept := [s for s in spans if s[1] > before])}
        old = before - MEMORY
        self._paged = {h: recent for h, times in self._paged.items() if (recent := [t for t in times if t > old])}
