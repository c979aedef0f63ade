"""What a message stirs up in others: a question back, a doubt, a thumb, or nothing."""

from __future__ import annotations

from slackincidents.planner import guesses, talk
from slackincidents.planner.line import Line
from slackincidents.planner.replies import ask_back, reply
from slackincidents.planner.speech import reacts
from slackincidents.planner.world import World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Words

TAKEN_UP = {Act.REPORT: 0.3, Act.CAUSE: 0.85, Act.PASTE: 0.35, Act.HYPOTHESIZE: 0.42, Act.OUTCOME: 0.42}
"""Share of messages that somebody answers in kind, if anybody is there."""

NODS = {Act.INFORM: 0.35, Act.REPORT: 0.05, Act.PASTE: 0.1, Act.OUTCOME: 0.25, Act.EXECUTE: 0.15}
THUMBS = {Act.OUTCOME: 0.5, Act.EXECUTE: 0.6}
THUMB = 0.2
"""Share of messages that somebody answers with an emoji and no word, before who likes to."""

ASKED_BACK = 0.2
"""Share of deeds at which somebody asks how long it takes, or where to see it."""

CONTESTED = 0.4
SHORT = "answers with a word or two"
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
        world.spawn(reply(world, me, beat, Words(bank="cause_reaction", gist=SHORT), Act.ASIDE))
    elif beat.act is Act.EXECUTE and rng.random() < ASKED_BACK * world.tempo.answers:
        world.spawn(ask_back(world, me, beat))
    elif not reacts(
        world, me, beat, EMOJI.get(beat.act, ("+1", "eyes")), THUMBS.get(beat.act, THUMB)
    ) and rng.random() < NODS.get(beat.act, 0.0):
        world.spawn(reply(world, me, beat, Words(bank="ok", gist=SHORT), Act.AGREE))


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
