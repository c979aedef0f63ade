"""What the person in the seat can name just now: people, services, places, actions, guesses, finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from slackincidents.drills.session import Session
from slackincidents.planner.clues import can_be_found
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.people import Service
from slackincidents.tellings import fill


@dataclass(frozen=True, slots=True)
class Spot:
    """A clue that can be found now, and where."""

    clue: str
    where: str
    service: str


@dataclass(frozen=True, slots=True)
class Sight:
    """The names a typed line may use. Keys of actions and guesses come with what they say in plain words."""

    ringing: str | None = None
    me: str | None = None
    desk: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    guesses: Mapping[str, str] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    finds: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    expected: Act | None = None
    objection: str | None = None
    next_person: str | None = None


def sight(session: Session) -> Sight:
    """What can be named at this moment of a drill."""
    world, me = session.world, session.me
    setting, skeleton = world.setting, session.skeleton
    values = {**setting.figures, **setting.particulars}
    labels = {key: fill(action.label, values) for key, action in skeleton.actions.items()}
    claims = {key: fill(guess.claim, values) for key, guess in skeleton.hypotheses.items()}
    finds = found(session)
    cue = session.cue
    return Sight(
        ringing=session.ringing,
        me=me.handle if me else None,
        desk=me.desk if me else session.chair.ringing.service if session.chair.ringing else world.primary,
        people={handle: persona.name for handle, persona in setting.people.items()},
        services=setting.catalogue.services,
        actions=dict(sorted(labels.items(), key=lambda pair: pair[1].lower())),
        guesses=dict(sorted(claims.items(), key=lambda pair: pair[1].lower())),
        held=tuple(k for k, who in world.raised.items() if me and who == me.handle and k not in world.withdrawn),
        spots=_spots(world, me) if me else (),
        finds=finds,
        untold=tuple(key for key in finds if not world.public(f"clue:{key}")),
        expected=cue.line.act if cue else None,
        objection=session.chair.objection.action if session.chair.objection else None,
        next_person=_next_person(world, me) if me else None,
    )


def found(session: Session) -> tuple[str, ...]:
    """The clues the seat has found itself, in the order of finding."""
    me = session.me
    if me is None:
        return ()
    looked = (look.clue for look in session.world.looks if look.person == me.handle)
    return tuple(key for key in dict.fromkeys((*looked, *session.skeleton.clues)) if f"clue:{key}" in me.found)


def _spots(world: World, me: Responder) -> tuple[Spot, ...]:
    """What a look would find, the own service first, else in the skeleton's order."""
    open_ = (
        Spot(key, clue.where, clue.service)
        for key, clue in world.skeleton.clues.items()
        if not world.knows(me, f"clue:{key}") and can_be_found(world, me, key)
    )
    return tuple(sorted(open_, key=lambda spot: spot.service != me.desk))


def _next_person(world: World, me: Responder) -> str | None:
    """Whom the policy of the seat's service would page next: the first who is not at it yet."""
    crew = world.on_call(me.desk)
    at_it = {handle for handle, person in world.responders.items() if person.active}
    return next((handle for handle in crew if handle != me.handle and handle not in at_it), None)
