"""What a responder does: one thing after another, chosen from what the moment offers."""

from __future__ import annotations

from slackincidents.planner import actions, clues, crossteam, guesses, talk
from slackincidents.planner.cues import by_order
from slackincidents.planner.kernel import Process
from slackincidents.planner.offers import Offer, pick
from slackincidents.planner.orders import carry_out, come_back
from slackincidents.planner.timing import rest
from slackincidents.planner.world import Responder, World
from slackincidents.schema.seat import Back, Look, Order

LONG_SILENCE_S = 900.0
SOURCES = (clues.offers, guesses.offers, actions.offers, crossteam.offers, talk.offers)


def respond(world: World, me: Responder) -> Process:
    """The routine of one responder until the incident is over or they are released. The seat has none."""
    yield rest(world, me) * 0.6
    while me.active and not world.is_over() and not world.trouble.resolved:
        if world.chair and world.chair.decides(me.handle):
            return
        yield from _break_silence(world, me)
        offered: list[Offer] = [offer for source in SOURCES for offer in source(world, me)]
        chosen = pick(offered, world.rng(f"choice/{me.handle}"))
        if chosen is not None:
            _note(world, me, chosen)
            work = carry_out(world, me, chosen)
            yield from work if isinstance(chosen, Look) else by_order(world, work)
        yield rest(world, me)
        if world.now > world.tempo.limit_s:
            return


def _break_silence(world: World, me: Responder) -> Process:
    """After a long silence the first one back may say where they were."""
    quiet = world.now - max((b.at for b in world.beats if b.speaker in world.responders), default=world.now)
    if quiet > LONG_SILENCE_S and me.spoken and len(world.present()) > 1 and world.chance("silence", 0.2):
        _note(world, me, Back())
        yield from by_order(world, come_back(world, me))


def _note(world: World, me: Responder, order: Order) -> None:
    if world.chair:
        world.chair.note(me.handle, order, world.now)
