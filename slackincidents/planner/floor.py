"""Whose turn it is in a channel: while something is talked over, or a question is open, others begin nothing new."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from slackincidents.planner import places
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat

Told = TypeVar("Told")

ASKING = {Act.ASK, Act.REQUEST, Act.DOUBT, Act.NUDGE, Act.RECAP_REQUEST, Act.SUPPORT, Act.EXEC}
BEGINNING = {
    Act.REPORT,
    Act.PASTE,
    Act.CAUSE,
    Act.HYPOTHESIZE,
    Act.WITHDRAW,
    Act.LOOK,
    Act.INFORM,
    Act.ASK,
    Act.ASIDE,
    Act.TROUBLE,
    Act.PROPOSE,
    Act.WAIT,
    Act.NUDGE,
    Act.RESOLVE,
    Act.FOLLOW_UP,
    Act.SIGN_OFF,
}
"""What opens something new, unless it answers somebody."""

OTHERS_WAIT_S = 45.0
ASKER_WAITS_S = 110.0
"""How long a question keeps the floor: for those it was not put to, and for the one who asked it."""

LONGEST_S = 70.0
"""Nobody holds back longer than this for what others talk over."""

READS_S = 12.0
"""Half of it is left to a line of somebody else before one begins something; at most all of it."""

LATE_S = 90.0
"""An answer that comes after this no longer says by itself what it answers."""

LOOKED_BACK = 40
RECENT_S = 1200


def held(world: World, channel: str, process: Generator[float, None, Told]) -> Generator[float, None, Told]:
    """Let a process have the floor of a channel while it runs."""
    strand = world.strand
    world.floor[channel] = strand
    try:
        return (yield from process)
    finally:
        if world.floor.get(channel) is strand:
            del world.floor[channel]


def taken(world: World, channel: str) -> bool:
    """True while something is talked over in the channel."""
    return channel in world.floor


def turn(world: World, me: Responder, line: Line) -> Process:
    """Wait until one can begin something; answers and what is brief wait for nobody."""
    if line.answers or line.act not in BEGINNING or world.setting.brief:
        return
    channel = line.place.channel if line.place else places.work_channel(world, me)
    begun = world.now
    while world.now - begun < ASKER_WAITS_S and _must_wait(world, me, channel, world.now - begun):
        yield world.rng("floor").uniform(4.0, 12.0)


def _must_wait(world: World, me: Responder, channel: str, waited: float) -> bool:
    others = world.floor.get(channel) not in (None, world.strand)
    if (others and waited < LONGEST_S) or open_question(world, me, channel):
        return True
    last = next((b for b in reversed(world.beats) if b.channel == channel), None)
    return last is not None and last.speaker in world.responders and _just_said(world, me, last) and waited < READS_S


def _just_said(world: World, me: Responder, beat: Beat) -> bool:
    return beat.speaker != me.handle and world.now - beat.at < READS_S / 2


def open_question(world: World, me: Responder, channel: str) -> bool:
    """True when the last thing asked in the channel is fresh and nobody has answered it."""
    answered: set[str | None] = set()
    for beat in reversed(world.beats[-LOOKED_BACK:]):
        if beat.channel != channel:
            continue
        if beat.act in ASKING:
            patience = ASKER_WAITS_S if beat.speaker == me.handle else OTHERS_WAIT_S
            return beat.id not in answered and world.now - beat.at < patience
        answered.add(beat.answers)
    return False


def beat_of(world: World, name: str | None) -> Beat | None:
    """The beat of that id."""
    return next((b for b in reversed(world.beats) if b.id == name), None)


def is_late(world: World, me: Responder, asked: Beat) -> bool:
    """True when an answer now would stand far from what it answers: minutes later, or after others' lines."""
    if world.now - asked.at > LATE_S:
        return True
    since = world.beats[world.beats.index(asked) + 1 :]
    return any(b.channel == asked.channel and b.speaker not in {me.handle, asked.speaker} for b in since)


def talkers(world: World, channel: str) -> int:
    """How many people have spoken in the channel lately."""
    recent = (b for b in reversed(world.beats) if world.now - b.at < RECENT_S)
    return len({b.speaker for b in recent if b.channel == channel and b.speaker in world.responders})
