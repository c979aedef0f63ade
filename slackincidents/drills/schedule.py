"""Who is on call at a moment, until when, and where a rota has holes or two people at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from slackincidents.drills.escalation import Policy, ladder
from slackincidents.drills.rota import Override, Rota, Seat, Shift
from slackincidents.drills.wall import edges, holds, turn, turn_starts

LOOK_AHEAD = (timedelta(days=8), timedelta(days=40), timedelta(days=400))
"""How far ahead the next change is looked for, step by step; nothing that far ahead is as good as never."""


class Why(StrEnum):
    """What put somebody, or nobody, on call."""

    SHIFT = "shift"
    OVERRIDE = "override"
    QUIET = "quiet"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is on call. Without a `primary` it is quiet on purpose, or a gap. `rivals` are on at the same time."""

    primary: str | None
    backup: str | None
    why: Why
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A watch from one moment up to another, in UTC."""

    starts: datetime
    ends: datetime
    watch: Watch


@dataclass(frozen=True, slots=True)
class Fault:
    """A gap, or an overlap of `people`. It comes back at that time of day `times` in all, the last one at `last`."""

    kind: Literal["gap", "overlap"]
    people: tuple[str, ...]
    starts: datetime
    ends: datetime
    times: int = 1
    last: datetime | None = None


def on_call(rota: Rota, at: datetime) -> Watch:
    """Who is on call at an aware moment. Quiet hours silence the shifts; an override silences both."""
    at = at.astimezone(UTC)
    covering = [shift for shift in rota.primary if _covers(rota, shift, at)]
    sitting = _sitting_in(rota, "primary", at)
    if sitting:
        away = _order(rota, covering[0], at)[0] if covering else None
        others = (override.person for override in sitting[:-1])
        return _watch(rota, at, covering, sitting[-1].person, Why.OVERRIDE, others, away)
    if any(holds(ZoneInfo(rota.timezone), hours, at) for hours in rota.quiet):
        return Watch(None, None, Why.QUIET)
    if not covering:
        return _watch(rota, at, covering, None, Why.GAP)
    first, *rest = (_order(rota, shift, at)[0] for shift in covering)
    return _watch(rota, at, covering, first, Why.SHIFT, rest)


def spans(rota: Rota, start: datetime, end: datetime) -> Iterator[Span]:
    """The watches from `start` to `end`, without a hole and each different from the one before."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    moments = sorted({start, end, *(edge for edge in _edges(rota, start, end) if start < edge < end)})
    pending: Span | None = None
    for begins, ends in pairwise(moments):
        watch = on_call(rota, begins)
        if pending and pending.watch == watch:
            pending = replace(pending, ends=ends)
            continue
        if pending:
            yield pending
        pending = Span(begins, ends, watch)
    if pending:
        yield pending


def until(rota: Rota, at: datetime) -> datetime | None:
    """When another primary takes over, or the first one of a gap does; None when that is over a year away."""
    now = on_call(rota, at).primary
    for ahead in LOOK_AHEAD:
        for span in spans(rota, at, at + ahead):
            if span.watch.primary != now:
                return span.starts
    return None


def policy(rota: Rota, at: datetime) -> Policy | None:
    """Whom a page at a moment goes to: primary, backup, then the rest. None when nobody is on call."""
    watch = on_call(rota, at)
    people = [person for person in (watch.primary, watch.backup) if person]
    if not people:
        return None
    return ladder([*people, *rota.then], timeout_s=rota.timeout_s, repeats=rota.repeats)


def faults(rota: Rota, start: datetime, end: datetime) -> tuple[Fault, ...]:
    """Every gap that is not declared quiet and every overlap that begin from `start` to `end`, by first occurrence."""
    zone = ZoneInfo(rota.timezone)
    found: dict[tuple[str, ...], Fault] = {}
    for fault in _faults(spans(rota, start, end + LOOK_AHEAD[0])):
        if fault.starts >= end:
            break
        daily = (f"{moment.astimezone(zone):%H:%M}" for moment in (fault.starts, fault.ends))
        key = (fault.kind, *fault.people, *daily, str(fault.ends - fault.starts))
        seen = found.setdefault(key, replace(fault, times=0))
        found[key] = replace(seen, times=seen.times + 1, last=fault.starts)
    return tuple(found.values())


def _faults(run: Iterable[Span]) -> Iterator[Fault]:
    """Faults in order; neighbours of one kind and of the same people are one."""
    pending: Fault | None = None
    for span in run:
        fault = _fault(span)
        if fault and pending and fault == replace(pending, starts=pending.ends, ends=fault.ends):
            pending = replace(pending, ends=fault.ends)
            continue
        if pending:
            yield pending
        pending = fault
    if pending:
        yield pending


def _fault(span: Span) -> Fault | None:
    watch = span.watch
    if watch.why is Why.GAP:
        return Fault("gap", (), span.starts, span.ends)
    if watch.rivals and watch.primary:
        return Fault("overlap", (watch.primary, *watch.rivals), span.starts, span.ends)
    return None


def _watch(
    rota: Rota,
    at: datetime,
    covering: Sequence[Shift],
    primary: str | None,
    why: Why,
    others: Iterable[str] = (),
    away: str | None = None,
) -> Watch:
    rivals = tuple(person for person in dict.fromkeys(others) if person != primary)
    return Watch(primary, _backup(rota, at, covering, {primary, away}), why, rivals)


def _backup(rota: Rota, at: datetime, covering: Sequence[Shift], taken: set[str | None]) -> str | None:
    """Who sits in, else who has the backup shift, else the next in turn, else whoever has the other hours."""
    named = [override.person for override in reversed(_sitting_in(rota, "backup", at))]
    named += [_order(rota, shift, at)[0] for shift in rota.backup if _covers(rota, shift, at)]
    if covering and not rota.backup:
        named += _order(rota, covering[0], at)[1:]
        named += [_order(rota, shift, at)[0] for shift in rota.primary]
    return next((person for person in named if person not in taken), None)


def _sitting_in(rota: Rota, seat: Seat, at: datetime) -> list[Override]:
    return [entry for entry in rota.overrides if entry.seat == seat and entry.starts <= at < entry.ends]


def _zone(rota: Rota, shift: Shift) -> ZoneInfo:
    return ZoneInfo(shift.timezone or rota.timezone)


def _covers(rota: Rota, shift: Shift, at: datetime) -> bool:
    return any(holds(_zone(rota, shift), hours, at) for hours in shift.hours)


def _order(rota: Rota, shift: Shift, at: datetime) -> tuple[str, ...]:
    """The people of a shift, the one whose turn it is first."""
    place = turn(_zone(rota, shift), shift.turns, at) % len(shift.people)
    return shift.people[place:] + shift.people[:place]


def _edges(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    for shift in (*rota.primary, *rota.backup):
        zone = _zone(rota, shift)
        if len(shift.people) > 1:
            yield from turn_starts(zone, shift.turns, start, end)
        for hours in shift.hours:
            yield from edges(zone, hours, start, end)
    for hours in rota.quiet:
        yield from edges(ZoneInfo(rota.timezone), hours, start, end)
    for override in rota.overrides:
        yield from (override.starts.astimezone(UTC), override.ends.astimezone(UTC))
