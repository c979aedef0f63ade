"""Moments of a run, read off its world: the same for the person in the seat and for those who are simulated there."""

from __future__ import annotations

from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Kind
from slackincidents.stats import Measure


def first_alert(world: World) -> Beat | None:
    """The first alert that fires."""
    return next((beat for beat in world.beats if beat.kind is Kind.ALERT), None)


def start_of(world: World) -> float | None:
    """When the clock starts: at the first alert, else at the first report of a user; None before both."""
    found = first_alert(world) or next((beat for beat in world.beats if beat.act is Act.USER_REPORT), None)
    return None if found is None else float(found.at)


def acknowledged_at(world: World, handle: str | None) -> float | None:
    """When the seat was filled: the first page that this person acknowledged."""
    answered = [page.acknowledged_at for page in world.pages if page.person == handle]
    return min((float(at) for at in answered if at is not None), default=None)


def found_at(world: World, handle: str, fact: str) -> float | None:
    """When a person found a fact by looking for it."""
    ends = [float(look.end) for look in world.looks if look.person == handle and f"clue:{look.clue}" == fact]
    return min(ends, default=None)


def read_at(world: World, person: Responder, fact: str) -> float | None:
    """When a person could first read a fact: it stands in a channel, and they are in it."""
    rooms = [(channel, at) for channel, at in person.rooms.items() if fact in world.posted.get(channel, ())]
    return min((max(at, world.posted[channel][fact]) for channel, at in rooms), default=None)


def known_at(world: World, handle: str | None, fact: str) -> float | None:
    """When a fact was known to the seat: found or readable, and not before the seat was filled."""
    person = world.responders.get(handle or "")
    begun = acknowledged_at(world, handle)
    if person is None or begun is None:
        return None
    known = (found_at(world, person.handle, fact), read_at(world, person, fact))
    first = min((at for at in known if at is not None), default=None)
    return None if first is None else max(first, begun)


def cause_known_at(world: World, handle: str | None) -> float | None:
    """When the seat knew the cause: the first fact that states it."""
    known = (known_at(world, handle, fact) for fact in world.causes)
    return min((at for at in known if at is not None), default=None)


def cause_told_at(world: World) -> float | None:
    """When the cause was first stated in any channel."""
    return min((facts[f] for facts in world.posted.values() for f in world.causes if f in facts), default=None)


def resolution(world: World) -> Beat | None:
    """The last word that it is over, if it is."""
    said = [beat for beat in world.beats if beat.kind is Kind.RESOLUTION]
    return said[-1] if said and world.trouble.resolved else None


def four_times(world: World, handle: str | None) -> dict[Measure, int | None]:
    """The four times of whoever sits in the seat, in whole seconds from the start of the clock."""
    start, over = start_of(world), resolution(world)
    moments = {
        Measure.ACKNOWLEDGE: acknowledged_at(world, handle),
        Measure.DIAGNOSE: cause_known_at(world, handle),
        Measure.MITIGATE: world.trouble.fixed_at,
        Measure.RESOLVE: None if over is None else float(over.at),
    }
    return {what: None if at is None or start is None else max(0, round(at - start)) for what, at in moments.items()}
