"""How it ends: verified, resolved, thanked and tidied up; or left for tomorrow."""

from __future__ import annotations

from slackincidents.planner import talk
from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.places import work_channel, work_place
from slackincidents.planner.speech import reacts, speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.exchange import ExchangeKind
from slackincidents.schema.plan import Beat, Ending, Kind, Words

STILL_RED = 0.25
"""Share of fixes after which somebody at another desk still sees it red for a while."""

STALE_S = 2400.0
"""So long after it was found, the cause is worth saying again at the end."""

RESTATED = 0.15
"""Share of endings that say the cause to people who all know it."""

AFTERWARDS = 0.45
"""Share of tasks that somebody thinks of only when it has been over for a while."""

WHEN = ("tomorrow", "on monday", "this week", "after lunch", "next week", "thursday")


def conclude(world: World) -> Process:
    """Wait for the fix, or for the patience to run out, and end it."""
    patience = world.tempo.patience_s * world.rng("ending").uniform(0.55, 1.35)
    while not world.is_fixed():
        yield 15.0 if not world.setting.brief else 2.0
        if world.now < patience or world.trouble.acting is not None or world.lead is None:
            continue
        if world.setting.ending is Ending.OPEN or (world.now > 3 * patience and not world.setting.brief):
            yield from _leave_open(world)
            return
        if world.setting.ending is Ending.UNEXPLAINED:
            yield from optionally(_gone_by_itself(world))
    yield from _verify(world)
    if not world.trouble.resolved:
        yield from resolve(world, _lead(world))
    yield from optionally(_wind_down(world))
    world.trouble.closing = True


def _lead(world: World) -> Responder:
    return world.responders[world.lead or ""]


def _gone_by_itself(world: World) -> Process:
    world.trouble.fixed_at = world.now
    yield pause(world, "normal")
    words = Words(bank="all_clear", gist="it seems to be fine, nobody knows why")
    yield from speak(world, _lead(world), Line(Act.OUTCOME, words))


def _leave_open(world: World) -> Process:
    lead = _lead(world)
    words = Words(bank="ragged_end", gist="leaves it for now, not solved")
    beat = yield from speak(world, lead, Line(Act.SIGN_OFF, words, features=(Feature.WINDING_DOWN,)))
    others = [r for r in world.present(beat.channel) if r is not lead]
    world.trouble.closing = True
    for person in others[:2]:
        if world.chance("ending", 0.5):
            act, bank = world.rng("ending").choice(((Act.AGREE, "agree"), (Act.SIGN_OFF, "sign_off")))
            words = Words(bank=bank, gist="agrees to leave it")
            place = Place(beat.channel, beat.thread)
            yield from speak(world, person, Line(act, words, place=place, answers=beat.id), pause(world, "normal"))
    if world.cause_known and world.chance("ending", 0.35):
        yield from _follow_up(world, lead)


def _verify(world: World) -> Process:
    lead = _lead(world)
    yield pause(world, "normal")
    if world.chance("ending", 0.3):
        yield from optionally(speak(world, lead, Line(Act.WAIT, Words(bank="watch", gist="keeps an eye on it"))))
    downstream = [r for r in world.present() if r.desk != lead.desk]
    if downstream and not world.setting.brief and world.chance("ending", STILL_RED):
        yield from optionally(_still_red(world, lead, world.rng("ending").choice(downstream)))
        downstream = []
    if downstream and world.chance("ending", 0.55) and world.led:
        other = world.rng("ending").choice(downstream)
        place = work_place(world, other)
        if place.channel in lead.rooms or world.chance("ending", 0.7):
            world.enter(lead, place.channel, "asked")
            yield from optionally(_ask_downstream(world, lead, other, place))
    median = 420.0 if not world.setting.brief else 6.0
    yield lognormal(world.rng("ending"), median, 0.8)
    world.trouble.confirmed = True


def _still_red(world: World, lead: Responder, other: Responder) -> Process:
    """It looks fine in one room and not yet in another; after a while it does there too."""
    place = work_place(world, other)
    world.enter(lead, place.channel, "asked")
    words = Words(bank="still_red", gist=f"{other.desk} still looks bad to them, perhaps it is old")
    red = yield from speak(world, other, Line(Act.REPORT, words, place=place))
    words = Words(bank="still_red_answer", gist="give it a moment, or is it stale")
    line = Line(Act.ANSWER, words, place=place, answers=red.id)
    asked = yield from optionally(speak(world, lead, line, reaction_time(world, lead)))
    yield lognormal(world.rng("ending"), 240.0, 0.5)
    words = Words(bank="verify_yes", gist="fine there too now")
    line = Line(Act.ANSWER, words, place=place, answers=asked.id if asked else None)
    yield from speak(world, other, line)


def _ask_downstream(world: World, lead: Responder, other: Responder, place: Place) -> Process:
    words = Words(bank="verify_ask", gist=f"asks whether {other.desk} is fine too")
    asked = yield from speak(world, lead, Line(Act.ASK, words, place=place, you=other.handle))
    if world.chance("ending", 0.8):
        words = Words(bank="verify_yes", gist="confirms")
        line = Line(Act.ANSWER, words, place=place, answers=asked.id)
        yield from speak(world, other, line, pause(world, "normal"))


def resolve(world: World, lead: Responder) -> Process:
    """Say that it is over, and what it was if anybody knows."""
    cause = next((fact for fact in world.causes if world.public(fact)), None)
    if cause and not world.knows(lead, cause):
        world.enter(lead, next(c for c, facts in sorted(world.posted.items()) if cause in facts), "joined")
    resolution = world.skeleton.resolution
    if cause is None:
        words = Words(tellings=resolution.vague, gist="it is over, cause unknown")
    elif _is_news(world, lead, cause):
        words = Words(tellings=resolution.plain, gist="it is over, says what it was")
    else:
        words, cause = Words(bank="resolve_short", gist="it is over; those here know what it was"), None
    line = Line(
        Act.RESOLVE,
        words,
        kind=Kind.RESOLUTION,
        cites=(cause,) if cause else (),
        reveals=("recovery",),
        plain=True,
    )
    beat = yield from speak(world, lead, line)
    world.trouble.resolved = True
    for person in world.present(beat.channel):
        if person is not lead:
            reacts(world, person, beat, ("tada", "+1", "pray", "white_check_mark"), 0.3)


def _is_news(world: World, lead: Responder, cause: str) -> bool:
    """True when somebody where the lead talks has not heard the cause, or it was found long ago."""
    told = world.posted.get(work_channel(world, lead), {}).get(cause)
    if told is None or world.setting.brief or world.now - told > STALE_S:
        return True
    came = any(p.channel == work_channel(world, lead) and p.at > told for p in world.presence)
    return came or world.chance("ending", RESTATED)


def _wind_down(world: World) -> Process:
    lead = _lead(world)
    rng = world.rng("winding")
    brief = world.setting.brief
    crowd = [r for r in world.present() if r is not lead]
    rng.shuffle(crowd)
    for person in crowd[:2]:
        if rng.random() < (0.45 if not brief else 0.6):
            yield from optionally(_thanks(world, person))
    if rng.random() < 0.3 and not brief:
        yield from optionally(talk.start_one(world, rng.choice([lead, *crowd]), (ExchangeKind.ASIDE,)))
    if world.cause_known and rng.random() < (0.6 if not brief else 0.15):
        yield from optionally(_follow_up(world, rng.choice([lead, *crowd])))
    heard = speakers(world, work_channel(world, lead))
    sleepy = [r for r in crowd if r.night and r.handle in heard]
    if sleepy and rng.random() < 0.5 and world.led:
        words = Words(bank="release", gist=f"lets {sleepy[0].handle} go")
        line = Line(Act.RELEASE, words, you=sleepy[0].handle, features=(Feature.LEVITY,))
        yield from optionally(speak(world, lead, line, pause(world, "normal")))
    if world.skeleton.severity in {"SEV-1", "SEV-2"} and rng.random() < 0.3 and not brief and crowd and world.led:
        owner = rng.choice(crowd or [lead])
        words = Words(bank="postmortem", gist="post-mortem owner and date")
        line = Line(
            Act.FOLLOW_UP,
            words,
            you=owner.handle,
            particulars={"when": rng.choice(WHEN)},
            features=(Feature.WINDING_DOWN,),
        )
        yield from optionally(speak(world, lead, line, pause(world, "slow")))
    if rng.random() < 0.25 and not brief:
        words = Words(bank="sign_off", gist="leaves")
        yield from speak(world, rng.choice([lead, *crowd]), Line(Act.SIGN_OFF, words), pause(world, "slow"))


def speakers(world: World, channel: str) -> list[str]:
    """The responders who have spoken in a channel, the last one first."""
    said = (b.speaker for b in reversed(world.beats) if b.channel == channel and b.speaker in world.responders)
    return list(dict.fromkeys(said))


def _thanks(world: World, person: Responder) -> Process:
    """Thank somebody who has said something where one is; nobody thanks an empty room."""
    others = [h for h in speakers(world, work_channel(world, person)) if h != person.handle]
    if not others:
        return
    words = Words(bank="thanks", gist="thanks")
    line = Line(Act.THANKS, words, you=others[0], features=(Feature.LEVITY,))
    beat = yield from speak(world, person, line, pause(world, "normal"))
    lead = _lead(world)
    if beat.channel in lead.rooms and world.chance("winding", 0.12):
        words = Words(bank="welcome", gist="you are welcome")
        yield from speak(
            world,
            lead,
            Line(Act.THANKS, words, place=Place(beat.channel, beat.thread), answers=beat.id),
            pause(world, "quick"),
        )


def _thought_of(world: World) -> str:
    """When a task comes to mind: at once, or long after the room went quiet."""
    return "afterwards" if not world.setting.brief and world.chance("winding", AFTERWARDS) else "normal"


def _follow_up(world: World, person: Responder) -> Process:
    rng = world.rng("winding")
    todos = list(world.skeleton.follow_ups)
    rng.shuffle(todos)
    for index, todo in enumerate(todos[: rng.choice((1, 1, 2))]):
        words = Words(tellings=todo.tellings, bank="follow_up", gist=f"to do: {todo.task}")
        wait = pause(world, _thought_of(world) if index == 0 else "burst")
        beat: Beat = yield from speak(
            world,
            person,
            Line(Act.FOLLOW_UP, words, cites=(f"task:{todo.task}",), features=(Feature.WINDING_DOWN,)),
            wait,
        )
        for other in world.present(beat.channel):
            if other is not person:
                reacts(world, other, beat, ("+1", "memo"), 0.2)
