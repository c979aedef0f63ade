"""Short turns out of the banks: a question back, the same question again, a second answer."""

from __future__ import annotations

from slackincidents.planner import floor
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Words

SECONDED = 0.22
"""Share of answers to which another one puts in a word."""

AGAIN = 0.6
"""Share of unanswered questions that are asked again."""

AGAIN_S = 260.0
FAR = 1
"""A word on an answer is not put in any more after so many other lines."""


def reply(world: World, me: Responder, beat: Beat, words: Words, act: Act) -> Process:
    """Answer a message with a line from a bank, unless it is over by then."""
    yield reaction_time(world, me)
    if world.is_over() or not me.active:
        return
    yield from speak(world, me, Line(act, words, place=Place(beat.channel, beat.thread), answers=beat.id))


def ask_back(world: World, me: Responder, beat: Beat) -> Process:
    """After something was done: ask how long, or where to see it; whoever did it mostly knows roughly."""
    yield reaction_time(world, me)
    if world.is_over() or world.trouble.acting != beat.action or not me.active:
        return
    place = Place(beat.channel, beat.thread)
    words = Words(bank="done_ask", gist="asks how long it takes, or where to see it")
    asked = yield from speak(world, me, Line(Act.ASK, words, place=place, answers=beat.id))
    doer = world.responders[beat.speaker]
    yield reaction_time(world, doer)
    if world.trouble.acting == beat.action and world.chance("replies", 0.9):
        words = Words(bank="done_ask_answer", gist="roughly, or does not know")
        yield from speak(world, doer, Line(Act.ANSWER, words, place=place, answers=asked.id))


def ask_again(world: World, me: Responder, asked: Beat) -> Process:
    """Ask once more when nobody has answered after some minutes."""
    if not world.chance("again", AGAIN * world.tempo.features):
        return
    yield lognormal(world.rng("again"), AGAIN_S, 0.5)
    if world.is_over() or world.is_fixed() or world.cause_known or is_answered(world, asked):
        return
    words = Words(bank="ask_again", gist="asks again, nobody has answered")
    place = Place(asked.channel, asked.thread)
    yield from speak(world, me, Line(Act.NUDGE, words, place=place, answers=asked.id))


def is_answered(world: World, asked: Beat) -> bool:
    """True when somebody else has answered."""
    return any(b.answers == asked.id and b.speaker != asked.speaker for b in world.beats)


def second(world: World, answer: Beat) -> None:
    """Now and then let a third person put in a word on an answer: agree, doubt, or say the same."""
    asked = floor.beat_of(world, answer.answers)
    if asked is None or not world.chance("second", SECONDED * world.tempo.answers):
        return
    others = [r for r in world.present(answer.channel) if r.handle not in {asked.speaker, answer.speaker}]
    if others:
        world.spawn(_put_in(world, world.rng("second").choice(others), answer))


def _put_in(world: World, me: Responder, answer: Beat) -> Process:
    yield reaction_time(world, me)
    since = sum(b.channel == answer.channel for b in world.beats[world.beats.index(answer) + 1 :])
    if world.is_over() or since > FAR or floor.taken(world, answer.channel):
        return
    words = Words(bank="second", gist="puts in a word on that: the same, or doubts it")
    line = Line(Act.AGREE, words, place=Place(answer.channel, answer.thread), answers=answer.id)
    yield from speak(world, me, line)
