"""What a message stirs up in others: a question back, a doubt, a thumb, or nothing."""

from __future__ import annotations

from slackincidents.planner import guesses, talk
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.speech import reacts, speak
from slackincidents.planner.timing import reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Words

TAKEN_UP = {Act.REPORT: 0.36, Act.CAUSE: 0.95, Act.PASTE: 0.35, Act.HYPOTHESIZE: 0.5, Act.OUTCOME: 0.35}
"""Share of messages that somebody answers in kind, if anybody is there."""

NODS = {Act.INFORM: 0.35}
CONTESTED = 0.45
EMOJI = {Act.CAUSE: ("eyes", "facepalm"), Act.REPORT: ("eyes", "+1", "thinking_face"), Act.INFORM: ("+1", "pray")}


def stir(world: World, beat: Beat) -> None:
    """Let at most one other person take up what was said."""
    others = [r for r in world.present(beat.channel) if r.handle != beat.speaker]
    if not others:
        return
    rng = world.rng("listeners")
    if rng.random() < TAKEN_UP.get(beat.act, 0.0) * world.tempo.answers and _answered(world, beat):
        return
    me = rng.choices(others, [0.15 + r.drive for r in others])[0]
    if beat.hypothesis and beat.act in {Act.HYPOTHESIZE, Act.REPORT} and rng.random() < CONTESTED:
        world.spawn(guesses.contest(world, me, beat.hypothesis, beat.id))
    elif beat.act is Act.CAUSE:
        world.spawn(_reply(world, me, beat, "cause_reaction", Act.ASIDE))
    elif not reacts(world, me, beat, EMOJI.get(beat.act, ("+1", "eyes")), 0.2) and rng.random() < NODS.get(
        beat.act, 0.0
    ):
        world.spawn(_reply(world, me, beat, "ok", Act.AGREE))


def _answered(world: World, beat: Beat) -> bool:
    if beat.act is Act.OUTCOME and beat.action:
        line = Line(Act.ANSWER, Words(), action=beat.action, cites=beat.reveals)
        return talk.set_off(world, beat, world.skeleton.actions[beat.action].after, f"after:{beat.action}", line)
    if beat.hypothesis:
        line = Line(Act.DOUBT, Words(), hypothesis=beat.hypothesis, cites=beat.cites)
        return talk.set_off(
            world, beat, world.skeleton.hypotheses[beat.hypothesis].talk, f"guess:{beat.hypothesis}", line
        )
    key = next((fact.partition(":")[2] for fact in beat.reveals if fact.startswith("clue:")), None)
    if key is None:
        return False
    line = Line(Act.ANSWER, Words(), cites=(f"clue:{key}",))
    return talk.set_off(world, beat, world.skeleton.clues[key].talk, f"clue:{key}", line)


def _reply(world: World, me: Responder, beat: Beat, bank: str, act: Act) -> Process:
    yield reaction_time(world, me)
    if world.is_over() or not me.active:
        return
    words = Words(bank=bank, gist="answers with a word or two")
    yield from speak(world, me, Line(act, words, place=Place(beat.channel, beat.thread), answers=beat.id))
