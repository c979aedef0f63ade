"""Waiting for the person in the seat: for the page to be answered, for a line to be said, for a decision."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from slackincidents.planner.chair import Chair, Cue, Insistence, Ring
from slackincidents.planner.kernel import UNTIL_WOKEN, Silence, Strand
from slackincidents.planner.line import Line, Place
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.seat import Acknowledge, Attempt, Take

Told = TypeVar("Told")

OWN_S = 1.0
"""How long a line of one's own accord waits to be said."""

ANSWER_S = 240.0
"""How long the others wait for an answer."""

DUTY_S = {Act.UPDATE: 900.0, Act.RESOLVE: 5400.0, Act.HANDOFF: 600.0, Act.EXECUTE: 900.0}
"""How long a duty of the one in the seat stays open."""


def optionally(process: Generator[float, None, Told]) -> Generator[float, None, Told | None]:
    """Go on without it when the person in the seat keeps silent."""
    try:
        return (yield from process)
    except Silence:
        return None


def rings(world: World) -> Chair | None:
    """The chair, if the page that goes out now is the one that fills it."""
    chair = world.chair
    return chair if chair and not world.paged and chair.handle is None else None


def rung(world: World, chair: Chair, person: Responder, service: str, *, drawn: bool) -> Generator[float, None, bool]:
    """Let a page ring. True when it is not answered: ignored, timed out, or drawn so where the simulation sits."""
    ring = Ring(person.handle, service, world.now, _strand(world))
    chair.ringing = ring
    if chair.shadow:
        return drawn
    world.spawn(_stop_ringing(world, ring), world.tempo.page_timeout_s)
    yield UNTIL_WOKEN
    chair.ringing = None
    return not ring.answered


def fill(world: World, chair: Chair, handle: str) -> None:
    """From now on the seat is this person's."""
    chair.handle = handle
    chair.ringing = None
    chair.note(handle, Acknowledge(), world.now)


def answer_page(world: World, ring: Ring, *, answered: bool) -> None:
    """Answer the page that rings, or let it go."""
    ring.answered = answered
    world.wake(ring.strand)


def by_order(world: World, process: Generator[float, None, Told]) -> Generator[float, None, Told]:
    """A process whose lines the person in the seat has ordered: nobody asks for them again."""
    return (yield from _meanwhile(world, process, ordered=True))


def on_their_own(world: World, process: Generator[float, None, Told]) -> Generator[float, None, Told]:
    """A piece of an ordered process in which the person in the seat speaks for themselves."""
    return (yield from _meanwhile(world, process, ordered=False))


def _meanwhile(world: World, process: Generator[float, None, Told], *, ordered: bool) -> Generator[float, None, Told]:
    strand = _strand(world)
    before, strand.ordered = strand.ordered, ordered
    try:
        return (yield from process)
    finally:
        strand.ordered = before


def _stop_ringing(world: World, ring: Ring) -> Generator[float, None, None]:
    if ring.answered is None:
        ring.answered = False
        world.wake(ring.strand)
    yield from ()


def on_cue(world: World, me: Responder, line: Line, place: Place) -> Generator[float, None, str | None]:
    """Wait until the person in the seat says a line: None when just as it stands, else their words.

    Raises Silence when they let it pass.
    """
    chair = world.chair
    if chair is None or not chair.holds(me.handle) or _strand(world).ordered:
        return None
    if chair.shadow:
        chair.note(me.handle, Take(), world.now)
        return None
    patience = DUTY_S.get(line.act, ANSWER_S if line.answers else OWN_S)
    cue = Cue(line, place, world.now, world.now + patience, _strand(world))
    chair.cues.append(cue)
    world.spawn(_lapse(world, cue), patience)
    yield UNTIL_WOKEN
    if cue.lapsed:
        raise Silence
    return cue.text


def _lapse(world: World, cue: Cue) -> Generator[float, None, None]:
    if not cue.closed:
        cue.closed = cue.lapsed = True
        world.wake(cue.strand)
    yield from ()


def insists(world: World, me: Responder, key: str, drawn: bool) -> Generator[float, None, bool]:
    """Whether somebody goes on after an objection; for the seat its person says so, by ordering it again."""
    chair = world.chair
    if chair is None or not chair.holds(me.handle):
        return drawn
    if chair.shadow:
        chair.note(me.handle, Attempt(action=key) if drawn else Take(), world.now)
        return drawn
    waiting = Insistence(key, _strand(world))
    chair.objection = waiting
    world.spawn(_give_in(world, chair, waiting), ANSWER_S)
    yield UNTIL_WOKEN
    return waiting.insisted


def _give_in(world: World, chair: Chair, waiting: Insistence) -> Generator[float, None, None]:
    if chair.objection is waiting:
        decide(world, chair, insisted=False)
    yield from ()


def decide(world: World, chair: Chair, *, insisted: bool) -> None:
    """Answer an objection."""
    waiting, chair.objection = chair.objection, None
    if waiting is not None:
        waiting.insisted = insisted
        world.wake(waiting.strand)


def say_on_cue(world: World, cue: Cue, text: str | None) -> None:
    """Say a line that was expected, in own words if there are any."""
    cue.closed = True
    cue.text = text
    world.wake(cue.strand)


def _strand(world: World) -> Strand:
    if world.strand is None:
        raise RuntimeError("a cue needs a process that waits for it")
    return world.strand
