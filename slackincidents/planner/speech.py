"""Saying something: waiting for the fingers, splitting a thought, slipping, correcting."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from slackincidents.planner import floor, places
from slackincidents.planner.cues import on_cue
from slackincidents.planner.line import Line, Place
from slackincidents.planner.recognition import mentioned, recognised
from slackincidents.planner.timing import lognormal, pause, typing_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.people import Voice
from slackincidents.schema.plan import Beat, Kind, Words
from slackincidents.tellings import slots

Speech = Generator[float, None, Beat]

CLOCK_SLOTS = ("now", "onset", "mins")
"""Filled when the plan is finished, because only then the first event's time is known."""

CAUSE_SPLITS = 0.65
"""Share of times that the cause is told in pieces."""

HABITUAL = 0.3
"""From this share on a person is a habitual splitter; others rarely split."""

SPLIT_FROM = 46
"""Characters of a telling, choices included, from which it may be sent in two messages."""

TAIL = 0.02
HALF = 0.2
"""Share of the time for a whole thought that its second half takes to type."""

EDIT = 0.02
SPLITTABLE = {
    Act.REPORT,
    Act.HYPOTHESIZE,
    Act.CAUSE,
    Act.PROPOSE,
    Act.OUTCOME,
    Act.ASIDE,
    Act.DOUBT,
    Act.ANSWER,
    Act.INFORM,
    Act.LOOK,
    Act.TROUBLE,
    Act.ASK,
}
TAILED = {Act.REPORT}
MENTIONING = (Kind.MESSAGE, Kind.MENTION)
"""Kinds of event that carry mentions in a file."""


JOINED = {"terse": 0.25, "normal": 0.5, "wordy": 0.85}
"""Share of second thoughts that go into the same message, by verbosity."""


def joins(world: World, me: Responder) -> bool:
    """True when this person says two things in one message rather than in two."""
    return world.chance("joins", JOINED[me.persona.verbosity])


def speak(world: World, me: Responder, line: Line, wait: float = 0.0) -> Speech:
    """Say a line after `wait` seconds and the time it takes to type it."""
    yield wait + typing_time(line.words, world.rng("typing"))
    yield from floor.turn(world, me, line)
    while me.free_at > world.now:
        yield me.free_at - world.now + world.rng("typing").uniform(1.0, 4.0)
    place = line.place or places.work_place(world, me)
    own = yield from on_cue(world, me, line, place)
    if own is not None:
        return in_own_words(world, me, line, place, own)
    world.enter(me, place.channel, "asked")
    beat = _post(world, me, _addressed(world, me, line, place), place)
    places.adopt_root(world, beat)
    me.free_at = world.now + 2.0
    if not line.plain and not line.words.literal:
        yield from _afterthoughts(world, me, line, beat)
    return beat


def in_own_words(world: World, me: Responder, line: Line, place: Place, text: str) -> Beat:
    """A line as the person in the seat put it. It holds the facts that its text is recognised by, no others."""
    world.enter(me, place.channel, "asked")
    reveals, cites = recognised(world, me, place.channel, text)
    beat = world.post(
        me.handle,
        line.act,
        place,
        Words(said=text, literal=True, gist=text),
        kind=line.kind if line.kind is not Kind.MENTION else Kind.MESSAGE,
        reveals=(*reveals, *(fact for fact in line.reveals if fact.partition(":")[0] not in {"clue", "outcome"})),
        cites=cites,
        mentions=mentioned(world, text) if line.kind in MENTIONING else (),
        answers=line.answers,
        hypothesis=line.hypothesis,
        action=line.action,
        features=(*line.features, *places.lapsed(world, place)),
    )
    places.adopt_root(world, beat)
    me.free_at = world.now + 2.0
    return beat


def _post(world: World, me: Responder, line: Line, place: Place) -> Beat:
    voice = me.persona.voice
    slip = not line.plain and not line.words.literal and world.chance("slips", voice.typos)
    kind = Kind.MENTION if line.mentions and line.kind is Kind.MESSAGE else line.kind
    return world.post(
        me.handle,
        line.act,
        place,
        line.words,
        kind=kind,
        reveals=line.reveals,
        cites=line.cites,
        mentions=line.mentions,
        answers=line.answers,
        hypothesis=line.hypothesis,
        action=line.action,
        exchange=line.exchange,
        particulars={**common_slots(world, me, line), **line.particulars},
        features=(*line.features, *places.lapsed(world, place)),
        slip=slip,
    )


ADDRESSED_LATE = 0.9
ADDRESSED = {1: 0.1, 2: 0.1}
ADDRESSED_IN_A_CROWD = 0.4
"""Share of answers that name whom they answer, by how many have spoken there lately."""


def _addressed(world: World, me: Responder, line: Line, place: Place) -> Line:
    if line.mentions or line.words.literal or line.kind is not Kind.MESSAGE or not line.answers:
        return line
    asked = floor.beat_of(world, line.answers)
    if asked is None or asked.speaker == me.handle or asked.speaker not in world.responders:
        return line
    far = floor.is_late(world, me, asked) and place.thread != asked.id
    share = ADDRESSED_LATE if far else ADDRESSED.get(floor.talkers(world, place.channel), ADDRESSED_IN_A_CROWD)
    return replace(line, mentions=(f"@{asked.speaker}",)) if world.chance("addressed", share) else line


def common_slots(world: World, me: Responder, line: Line) -> dict[str, str]:
    """Values for the slots every telling may use, as far as this line's tellings use them."""
    wanted = (
        set().union(*(slots(t) for t in (*line.words.tellings, *line.words.more))) if line.words.tellings else set()
    )
    values = {
        **dict.fromkeys(CLOCK_SLOTS, ""),
        "you": line.you or _answered(world, line) or _other(world, me),
        "lead": world.lead or me.handle,
        "service": me.desk or world.primary,
    }
    chosen = {name: value for name, value in values.items() if name in wanted}
    if line.you or line.words.bank:
        chosen["you"] = values["you"]
    return chosen


def _answered(world: World, line: Line) -> str | None:
    author = next((b.speaker for b in reversed(world.beats) if b.id == line.answers), None)
    return author if author in world.responders else None


def _other(world: World, me: Responder) -> str:
    here = [r.handle for r in world.present() if r is not me]
    return here[0] if here else next(r for r in world.responders if r != me.handle or len(world.responders) == 1)


def _afterthoughts(world: World, me: Responder, line: Line, beat: Beat) -> Generator[float, None, None]:
    voice = me.persona.voice
    long = sum(map(len, line.words.tellings)) > SPLIT_FROM * len(line.words.tellings) > 0
    if (
        line.act in SPLITTABLE
        and long
        and not line.words.more
        and world.chance("splits", _split_share(line.act, voice))
    ):
        world.parted.add(beat.id)
        yield HALF * typing_time(line.words, world.rng("typing"))
        yield from _append(world, me, beat, Act.CONTINUE, Words(gist="the rest of the same thought"))
    elif line.act in TAILED and not line.words.tail and world.chance("tails", TAIL):
        yield from _append(
            world, me, beat, Act.CONTINUE, Words(bank="continue", gist="a short tail to the last message")
        )
    if beat.slip and world.chance("corrects", voice.corrects * 0.5):
        correction = yield from _append(world, me, beat, Act.CORRECTION, Words(gist="corrects the typing slip: *word"))
        world.mark(correction, Feature.SLIP)
    elif world.chance("edits", EDIT) and beat.kind is Kind.MESSAGE:
        world.edits[beat.id] = max(3, round(lognormal(world.rng("edits"), 25, 0.8)))
        world.mark(beat, Feature.SLIP)


def _split_share(act: Act, voice: Voice) -> float:
    share = min(0.9, voice.splits * 1.8) if voice.splits > HABITUAL else voice.splits * 0.7
    return max(share, CAUSE_SPLITS) if act is Act.CAUSE else share


def _append(world: World, me: Responder, beat: Beat, act: Act, words: Words) -> Speech:
    yield pause(world, "burst") + 2.0
    more = world.post(
        me.handle,
        act,
        Place(beat.channel, beat.thread),
        words,
        continues=beat.id,
        cites=(*beat.reveals, *beat.cites) if not words.bank and act is Act.CONTINUE else (),
        hypothesis=beat.hypothesis if act is Act.CONTINUE else None,
        exchange=beat.exchange,
    )
    me.free_at = world.now + 2.0
    return more


def reacts(world: World, me: Responder, beat: Beat, emoji: tuple[str, ...], share: float) -> bool:
    """Perhaps react to a beat instead of answering; more for people who like to."""
    if world.chance("reactions", min(0.95, share * (0.5 + 2.5 * me.persona.voice.reacts))):
        world.react(beat, world.rng("reactions").choice(emoji), me.handle)
        return True
    return False
