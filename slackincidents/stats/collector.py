"""Incidents in, one at a time; figures out. Nothing of an incident is kept but its times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.kinds import What, what_of
from slackincidents.stats.around import Around
from slackincidents.stats.course import Course
from slackincidents.stats.facets import WEEKDAYS, Facet, Wall, keys, night_of
from slackincidents.stats.moments import Measure, Moment, moments
from slackincidents.stats.paging import Call, Calls, calls
from slackincidents.stats.results import Group, Line, Pages, Person, Row, Sources, Stats
from slackincidents.stats.tally import Pile, spread

Key = TypeVar("Key")


@dataclass(frozen=True)
class Measured:
    """Everything that is taken from one incident."""

    course: Course
    groups: dict[Facet, str | None]
    moments: dict[Measure, Moment]
    calls: Calls
    what: What = What.INCIDENT

    def line(self, file: str, wall: Wall) -> Line:
        """The incident as a line of its own."""
        record, start = self.course.record, self.course.start
        return Line(
            file=file,
            kind=self.what,
            scenario_id=record.scenario_id,
            began=None if start is None else wall.time(record, start).isoformat(),
            service=self.groups[Facet.SERVICE],
            severity=self.groups[Facet.SEVERITY],
            measures={measure: _row(moment) for measure, moment in self.moments.items()},
            pages={call.person: wall.time(record, call.offset_seconds).isoformat() for call in self.calls.calls},
        )


def measure(record: IncidentRecord, wall: Wall | None = None) -> Measured:
    """The times, groups and pages of one incident."""
    course = Course(record)
    return Measured(course, keys(course, wall or Wall()), moments(course), calls(course), what_of(record))


@dataclass
class Collector:
    """Adds up incidents. Collectors of parts, merged in any order, equal one of the whole."""

    wall: Wall = field(default_factory=Wall)
    left_out: Counter[str] = field(default_factory=Counter)
    _all: Pile = field(default_factory=Pile)
    _groups: dict[tuple[Facet, str | None], Pile] = field(default_factory=dict)
    _pages: Counter[str] = field(default_factory=Counter)
    _nightly: Counter[tuple[str, str]] = field(default_factory=Counter)
    _nights: set[str] = field(default_factory=set)
    _unattributed: int = 0
    _around: Around = field(default_factory=Around)

    def add(self, record: IncidentRecord) -> Measured:
        """Count one incident, and tell what it counted as. Noise and what is no incident are counted apart."""
        found = measure(record, self.wall)
        if self._around.takes(record):
            return found
        self._count(self._all, found.moments)
        for facet, key in found.groups.items():
            self._count(self._pile(facet, key), found.moments)
        self._count_responders(found.moments)
        self._count_pages(found)
        return found

    def merge(self, other: Collector) -> None:
        """Count what another has counted."""
        self._all.merge(other._all)
        for (facet, key), pile in other._groups.items():
            self._pile(facet, key).merge(pile)
        self.left_out.update(other.left_out)
        self._pages.update(other._pages)
        self._nightly.update(other._nightly)
        self._nights |= other._nights
        self._unattributed += other._unattributed
        self._around.merge(other._around)

    @property
    def incidents(self) -> int:
        """How many have been counted."""
        return self._all.incidents

    def stats(self) -> Stats:
        """The figures so far."""
        return Stats(
            sources=Sources(incidents=self.incidents, left_out=_sorted(self.left_out)),
            clock=self.wall.name,
            measures=self._all.summaries(),
            by={facet: self._sorted_groups(facet) for facet in Facet},
            pages=self._paged(),
            noise=self._around.noise_count(self.incidents),
            cascade=self._around.cascade(),
            between=_sorted(self._around.between),
        )

    def _pile(self, facet: Facet, key: str | None) -> Pile:
        return self._groups.setdefault((facet, key), Pile())

    def _count(self, pile: Pile, found: dict[Measure, Moment]) -> None:
        pile.incidents += 1
        for what, moment in found.items():
            pile.tallies[what].add(moment)

    def _count_responders(self, found: dict[Measure, Moment]) -> None:
        """Each time goes to the person who acknowledged, stated the cause, fixed it, or called it over."""
        known = {what: moment for what, moment in found.items() if moment.seconds is not None}
        people = {moment.person for moment in known.values()}
        for person in people:
            self._pile(Facet.RESPONDER, person).incidents += 1
        for what, moment in known.items():
            self._pile(Facet.RESPONDER, moment.person).tallies[what].add(moment)

    def _count_pages(self, found: Measured) -> None:
        course = found.course
        self._unattributed += found.calls.unattributed
        for call in found.calls.calls:
            self._pages[call.person] += 1
            if night := self._night(course.record, call):
                self._nightly[call.person, night] += 1
                self._nights.add(night)
        for index in course.firing:
            if night := self._night(course.record, Call("", course.event(index).offset_seconds)):
                self._nights.add(night)

    def _night(self, record: IncidentRecord, call: Call) -> str | None:
        return night_of(self.wall.time(record, call.offset_seconds))

    def _sorted_groups(self, facet: Facet) -> tuple[Group, ...]:
        named = [(key, pile) for (of, key), pile in self._groups.items() if of is facet]

        def place(item: tuple[str | None, Pile]) -> tuple[bool, int, str]:
            key = item[0] or ""
            return item[0] is None, WEEKDAYS.index(key) if facet is Facet.WEEKDAY and key in WEEKDAYS else 0, key

        return tuple(pile.group(key) for key, pile in sorted(named, key=place))

    def _paged(self) -> Pages:
        a_night: dict[str, list[int]] = {}
        for (person, _), count in self._nightly.items():
            a_night.setdefault(person, []).append(count)
        people = tuple(
            _person(person, self._pages[person], sorted(a_night.get(person, ()))) for person in sorted(self._pages)
        )
        return Pages(people=people, unattributed=self._unattributed, nights_seen=len(self._nights))


def _person(name: str, pages: int, counts: list[int]) -> Person:
    return Person(person=name, pages=pages, at_night=sum(counts), nights=len(counts), a_night=spread(counts))


def _row(moment: Moment) -> Row:
    return Row(
        seconds=moment.seconds,
        person=moment.person,
        inferred=moment.inferred,
        gap=moment.gap,
        at_most=moment.at_most,
    )


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}
