"""What a message stirs up in others: a nod, a doubt, a thumb, an answer late or never."""

from __future__ import annotations

from slackincidents.planner import guesses
from slackincidents.planner.kernel import Process
from slackincidents.planner.speech import Line, reacts, speak
from slackincidents.planner.timing import reaction_time
from slackincidents.planner.world import Place, Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Words

BARE_OK = 0.5
"""Share of nods that are a bare ok."""

NODS = {Act.REPORT: 0.3, Act.CAUSE: 0.5, Act.HYPOTHESIZE: 0.2, Act.OUTCOME: 0.2, Act.PASTE: 0.12, Act.INFORM: 0.5, Act.ANSWER: 0.2}
CONTESTED = 0.5
EMOJI = {Act.CAUSE: ("eyes", "facepalm", "+1"), Act.REPORT: ("eyes", "+1", "thinking_face"), Act.INFORM: ("+1", "pray")}


def stir(world: World, beat: Beat) -> None:
    """Let at most one other person take up what was said."""
    others = [r for r in world.present(beat.channel) if r.handle != beat.speaker]
    if not others:
        return
    rng = world.rng("listeners")
    me = rng.choices(others, [0.15 + r.drive for r in others])[0]
    if beat.act in {Act.HYPOTHESIZE, Act.REPORT} and beat.hypothesis and rng.random() < CONTESTED:
        world.spawn(guesses.contest(world, me, beat.hypothesis, beat.id))
        return
    if reacts(world, me, beat, EMOJI.get(beat.act, ("+1", "eyes")), 0.22):
        return
    if rng.random() < NODS.get(beat.act, 0.0):
        world.spawn(nod(world, me, beat))


def nod(world: World, me: Responder, beat: Beat) -> Process:
    """A short sign of agreement where the message stands."""
    yield reaction_time(world, me)
    if world.over or not me.active:
        return
    words = Words(bank="ok" if world.chance("nods", BARE_OK) else "agree", gist="agrees, briefly")
    yield from speak(world, me, Line(Act.AGREE, words, place=Place(beat.channel, beat.thread), answers=beat.id))
