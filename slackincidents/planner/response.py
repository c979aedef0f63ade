"""What a responder does: one thing after another, chosen from what the moment offers."""

from __future__ import annotations

from slackincidents.planner import actions, clues, crossteam, guesses, talk
from slackincidents.planner.kernel import Process
from slackincidents.planner.offers import Offer, pick
from slackincidents.planner.timing import rest
from slackincidents.planner.world import Responder, World

SOURCES = (clues.offers, guesses.offers, actions.offers, crossteam.offers, talk.offers)


def respond(world: World, me: Responder) -> Process:
    """The routine of one responder until the incident is over or they are released."""
    yield rest(world, me) * 0.6
    while me.active and not world.over and not world.trouble.resolved:
        offered: list[Offer] = [offer for source in SOURCES for offer in source(world, me)]
        chosen = pick(offered, world.rng(f"choice/{me.handle}"))
        if chosen is not None:
            yield from chosen()
        yield rest(world, me)
        if world.now > world.tempo.limit_s:
            return
