"""A change in an otherwise equal course: whose clocks move, and where the two courses part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import zip_longest

from slackincidents.schema.change import Changed, Shift
from slackincidents.schema.people import Persona
from slackincidents.schema.plan import Beat, Page, Plan

HOURS: dict[Shift, int] = {"night": 1, "day": 10}
"""The hour on the responders' clocks when it begins; six hours later it is still night, or day."""

ZONES, FARTHEST_WEST = 24, -11


def moved(
    people: Mapping[str, Persona], engineers: Mapping[str, tuple[str, ...]], shift: Shift | None, start: datetime
) -> Mapping[str, Persona]:
    """The people, all who respond living where it is `shift` at the start; the others where they lived."""
    if shift is None:
        return people
    called = {handle for crew in engineers.values() for handle in crew}
    zone = _zone(HOURS[shift] - start.astimezone(UTC).hour)
    called.update(handle for handle, person in people.items() if person.role == "engineer")
    there = {handle: people[handle].model_copy(update={"timezone": zone}) for handle in called}
    return {handle: there.get(handle, person) for handle, person in people.items()}


def _zone(ahead: int) -> str:
    """The zone that is so many hours ahead of UTC. The names count the other way."""
    hours = (ahead - FARTHEST_WEST) % ZONES + FARTHEST_WEST
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def parting(before: Plan, after: Plan) -> Changed:
    """Where two courses from the same request part, nothing when they do not."""
    pairs = zip_longest(before.beats, after.beats)
    beat = next((index for index, (one, other) in enumerate(pairs) if one != other), None)
    times = [*_beats(before, after), *_pages(before, after), *_looks(before, after)]
    times += [note.at for note in set(before.presence) ^ set(after.presence)]
    if beat is not None and not times:
        times = [before.beats[beat].at]
    return Changed(at=min(times, default=None), beat=beat)


def bare(beat: Beat) -> Beat:
    """A beat as it was when it was posted: no reaction, edit or label yet that came later."""
    return beat.model_copy(update={"reactions": (), "edit": None, "features": ()})


def _beats(before: Plan, after: Plan) -> Iterator[int]:
    for one, other in zip_longest(before.beats, after.beats):
        if one is None or other is None or bare(one) != bare(other):
            yield min(beat.at for beat in (one, other) if beat is not None)
            return


def _pages(before: Plan, after: Plan) -> Iterator[int]:
    ours, theirs = _by_sending(before.pages), _by_sending(after.pages)
    for key in ours.keys() | theirs.keys():
        one, other = ours.get(key), theirs.get(key)
        if one != other:
            answers = [p.acknowledged_at for p in (one, other) if p is not None and p.acknowledged_at is not None]
            yield min(answers, default=key[2])


def _by_sending(pages: Iterable[Page]) -> dict[tuple[str, str, int], Page]:
    return {(page.person, page.service, page.at): page for page in pages}


def _looks(before: Plan, after: Plan) -> Iterator[int]:
    yield from (look.end for look in set(before.looks) ^ set(after.looks))
