"""Status updates on a clock, the clock missed, and somebody who asks for one."""

from __future__ import annotations

from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.speech import Speech, speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat, Kind, Words

CADENCE_S = {"SEV-1": 1100, "SEV-2": 1700, "SEV-3": 2600, "SEV-4": 4000}
EARLY = 0.5
"""A director who comes only because of a change comes this much sooner."""

MOST_ASKED = 4
"""How often a noisy director asks beyond the usual."""

KEEPS_CLOCK = {"SEV-1": 0.7, "SEV-2": 0.5, "SEV-3": 0.15, "SEV-4": 0.05}


def keep_clock(world: World) -> Process:
    """Write a status update every so often, for as long as anybody remembers to."""
    severity = world.skeleton.severity
    if not world.chance("updates", KEEPS_CLOCK[severity] * world.tempo.features) or not world.led:
        return
    yield CADENCE_S[severity] * world.rng("updates").uniform(0.6, 1.3)
    while not world.is_over() and world.trouble.confirmed is False and world.now < world.tempo.limit_s:
        me = world.responders.get(world.lead or "")
        if me is not None and me.active and world.chance("updates", 0.7):
            yield from optionally(_update(world, me))
        yield CADENCE_S[severity] * world.rng("updates").uniform(0.8, 1.6)


def _update(world: World, me: Responder) -> Process:
    told = sum(len(b.reveals) for b in world.beats if b.kind is not Kind.ALERT)
    if told == world.told_at_update and world.chance("updates", 0.7):
        return
    world.told_at_update = told
    yield from give_update(world, me)


def give_update(world: World, me: Responder) -> Process:
    """Say in the room where it stands, in the words of the stage."""
    updates = world.skeleton.updates
    causes = world.causes_known_to(me)
    if world.is_fixed():
        stage, tellings = "monitoring", updates.monitoring
    elif causes:
        stage, tellings = "identified", updates.identified
    else:
        stage, tellings = "investigating", updates.investigating
    cites = causes[:1] if stage == "identified" else ()
    channel = world.room or world.channel_of(me.desk)
    words = Words(tellings=tellings, gist=f"status update: {stage}")
    line = Line(
        Act.UPDATE,
        words,
        kind=Kind.STATUS_UPDATE,
        place=Place(channel),
        cites=cites,
        features=(Feature.STATUS_CLOCK,),
        plain=True,
    )
    yield from speak(world, me, line)


def outsider(world: World, role: str) -> Responder | None:
    """Somebody from outside the response with that role; the same one all through."""
    handles = sorted(h for h, p in world.setting.people.items() if p.role == role)
    return world.person(world.steady(f"outsider/{role}").choice(handles)) if handles else None


def ask_for_eta(world: World) -> Process:
    """A director turns up and asks how long it will take; perhaps a second time, or again and again."""
    share = {"SEV-1": 0.45, "SEV-2": 0.3, "SEV-3": 0.1, "SEV-4": 0.03}[world.skeleton.severity]
    drawn = world.chance("exec", share * world.tempo.features)
    noisy = world.change.executive == "noisy"
    if world.change.executive == "absent" or not (drawn or noisy):
        return
    yield lognormal(world.rng("exec"), 1500, 0.5) * (1.0 if drawn else EARLY * world.tempo.work)
    lead = world.responders.get(world.lead or "")
    boss = outsider(world, "executive")
    if world.is_over() or lead is None or boss is None or world.is_fixed():
        return
    channel = world.room or world.channel_of(lead.desk)
    world.enter(boss, channel, "joined")
    quiet = not any(b.kind is Kind.STATUS_UPDATE for b in world.beats)
    bank = "exec_nag" if quiet and world.chance("exec", 0.4) else "exec_eta"
    beat = yield from _ask(world, boss, channel, Words(bank=bank, gist="a director asks for an estimate"))
    answered = world.chance("exec", 0.7)
    if not answered:
        yield lognormal(world.rng("exec"), 420, 0.4)
        if world.is_over() or world.is_fixed():
            return
        beat = yield from _ask(world, boss, channel, Words(bank="exec_nag", gist="asks again"))
    if (answered or world.chance("exec", 0.6)) and world.led:
        yield from optionally(_no_estimate(world, lead, beat))
    if noisy:
        yield from _insist(world, boss, channel)


def _ask(world: World, boss: Responder, channel: str, words: Words) -> Speech:
    line = Line(Act.EXEC, words, place=Place(channel), features=(Feature.EXEC_ETA,), plain=True)
    return (yield from speak(world, boss, line))


def _no_estimate(world: World, lead: Responder, beat: Beat) -> Process:
    yield reaction_time(world, lead)
    words = Words(bank="exec_answer", gist="no estimate yet")
    thread = beat.id if world.chance("exec", 0.5) else None
    line = Line(Act.ANSWER, words, place=Place(beat.channel, thread), answers=beat.id)
    yield from speak(world, lead, line, pause(world, "quick"))


def _insist(world: World, boss: Responder, channel: str) -> Process:
    """Asks again every few minutes, answered or not."""
    for _ in range(MOST_ASKED):
        yield lognormal(world.rng("exec"), 420, 0.4) * world.tempo.work
        if world.is_over() or world.is_fixed():
            return
        bank = world.rng("exec").choice(("exec_nag", "exec_eta"))
        yield from _ask(world, boss, channel, Words(bank=bank, gist="asks again"))
