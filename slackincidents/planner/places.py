"""Where a message goes: work in threads, the top level as timeline, with lapses."""

from __future__ import annotations

from slackincidents.planner.line import Place
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Feature
from slackincidents.schema.plan import Beat

LAPSE = 0.05
TOP_LEVEL_SHARE_IN_ROOM = 0.9


def work_channel(world: World, person: Responder) -> str:
    """The channel where somebody talks about the work."""
    return world.room if world.room and world.room in person.rooms else world.channel_of(person.desk)


def heard(world: World, person: Responder) -> bool:
    """True when somebody else reads what this person says about the work."""
    return any(r is not person for r in world.present(work_channel(world, person)))


def work_place(world: World, person: Responder) -> Place:
    """Where somebody talks about the work: the incident channel, or the alert's thread at home."""
    if world.room and world.room in person.rooms:
        return Place(world.room, _room_thread(world))
    return thread_of(world, world.channel_of(person.desk))


def thread_of(world: World, channel: str) -> Place:
    """The running thread of a channel, now and then missed for the top level."""
    root = world.alert_roots.get(channel)
    if root and not world.chance("lapse", LAPSE):
        return Place(channel, root)
    return Place(channel)


def adopt_root(world: World, beat: Beat) -> None:
    """The first word in a quiet service channel becomes the root of what follows."""
    if beat.thread is None and beat.channel != world.room:
        world.alert_roots.setdefault(beat.channel, beat.id)


def lapsed(world: World, place: Place) -> tuple[Feature, ...]:
    """The feature to label a message with that missed its thread."""
    missed = place.thread is None and place.channel != world.room and place.channel in world.alert_roots
    return (Feature.THREAD_LAPSE,) if missed else ()


def _room_thread(world: World) -> str | None:
    in_room = [b for b in world.beats[-6:] if b.channel == world.room and b.thread is None]
    if in_room and not world.chance("room-thread", TOP_LEVEL_SHARE_IN_ROOM):
        return in_room[-1].id
    return next((b.thread for b in world.beats[-1:] if b.channel == world.room and world.chance("stay", 0.5)), None)
