"""What a person decides to do next, done: the same for those who are simulated and for the one in the seat."""

from __future__ import annotations

from slackincidents.planner import actions, clues, crossteam, guesses, talk
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line
from slackincidents.planner.speech import speak
from slackincidents.planner.world import Responder, World
from slackincidents.schema import seat
from slackincidents.schema.acts import Act
from slackincidents.schema.exchange import ExchangeKind
from slackincidents.schema.plan import Words


def carry_out(world: World, me: Responder, order: seat.Order) -> Process:
    """The process of an order that responders give themselves; nothing for those only a seat can give."""
    match order:
        case seat.Look(clue=key):
            yield from clues.look(world, me, key)
        case seat.Guess(hypothesis=key):
            yield from guesses.raise_guess(world, me, key)
        case seat.Withdraw(hypothesis=key):
            yield from guesses.take_back(world, me, key)
        case seat.Attempt(action=key):
            yield from actions.attempt(world, me, key)
        case seat.Ask(service=service):
            yield from crossteam.ask_group(world, me, service)
        case seat.Inform(channel=channel, fact=fact):
            yield from crossteam.inform(world, me, channel, fact)
        case seat.Chat():
            yield from talk.start_one(world, me, tuple(ExchangeKind))
        case seat.Back():
            yield from come_back(world, me)
        case _:
            return


def come_back(world: World, me: Responder) -> Process:
    """Say where one was after a long silence."""
    yield from speak(world, me, Line(Act.INFORM, Words(bank="after_silence", gist="back after a long silence")))
