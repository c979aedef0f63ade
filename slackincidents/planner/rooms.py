"""The incident channel: declared for the worse ones, opened by the bot, joined in a burst."""

from __future__ import annotations

import re

from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, pause
from slackincidents.planner.world import World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import INCIDENT_BOT, Beat, Kind, Words

DECLARED = {"SEV-1": 0.65, "SEV-2": 0.4, "SEV-3": 0.1, "SEV-4": 0.04}
SEVERITIES = ("SEV-4", "SEV-3", "SEV-2", "SEV-1")


def open_room(world: World) -> Process:
    """Perhaps declare the incident: channel, card, topic, joins, a lead."""
    drawn = world.chance("room", DECLARED[world.skeleton.severity] * world.tempo.features)
    if world.change.room == "none" or not (drawn or world.change.room == "declared"):
        yield from _severity_only(world)
        return
    while world.lead is None or not world.responders[world.lead].active:
        yield 20.0
    yield lognormal(world.rng("room"), 300, 0.6)
    if world.is_over() or world.is_fixed():
        return
    lead = world.responders[world.lead]
    alert = next((b.alert for b in world.beats if b.alert), None)
    title = world.skeleton.alerts[alert].title if alert else f"{lead.desk} complaints"
    room = room_name(world.rng("room").randrange(1200, 4800), lead.desk, title)
    home = Place(world.channel_of(lead.desk))
    low = _start_low(world)
    _bot(world, home, f"{lead.handle} declared {room} ({low})", Feature.DECLARED_CHANNEL)
    for person in (lead, *(r for r in world.present() if r is not lead)):
        world.enter(person, room, "declared")
    world.room = room
    inside = Place(room)
    _bot(world, inside, f"{lead.handle} created this channel for {low}: {title}", Feature.DECLARED_CHANNEL)
    if world.chance("room", 0.7):
        yield 2.0
        led = f" | lead: {lead.handle}" if world.led else ""
        _bot(world, inside, f"set the topic: {low}{led} | {title}", Feature.BOT_PREAMBLE)
    joined = [r.handle for r in world.present(room) if r is not lead]
    if joined:
        yield 3.0
        _bot(world, inside, f"{', '.join(joined)} joined", Feature.BOT_PREAMBLE)
    yield from optionally(_roles(world, room))
    if low != world.skeleton.severity:
        yield from _bump(world, low)


def room_name(number: int, service: str, title: str) -> str:
    """``#inc-2267-checkout-success``: number, service and a word or two of what is known so far."""
    words = [w for w in re.findall(r"[a-z0-9]+", title.lower()) if len(w) > 3 and w not in service]
    return "-".join(["#inc", str(number), service, *words[:1]])


def _start_low(world: World) -> str:
    rank = SEVERITIES.index(world.skeleton.severity)
    return SEVERITIES[max(0, rank - 1)] if world.chance("severity", 0.4) else world.skeleton.severity


def _roles(world: World, room: str) -> Process:
    lead = world.responders[world.lead or ""]
    others = [r for r in world.present(room) if r is not lead]
    if world.chance("roles", 0.5) and world.led:
        words = Words(bank="claim_lead", gist="takes the lead")
        yield from speak(
            world,
            lead,
            Line(Act.CLAIM_ROLE, words, place=Place(room), features=(Feature.ROLE_CLAIM,)),
            pause(world, "quick"),
        )
    elif others and world.chance("roles", 0.6):
        asker = world.rng("roles").choice(others)
        words = Words(bank="ask_lead", gist="asks who is leading")
        line = Line(Act.ASK, words, place=Place(room), features=(Feature.ROLE_CLAIM,))
        beat = yield from speak(world, asker, line, pause(world, "normal"))
        if world.chance("roles", 0.7) and world.led:
            words = Words(bank="claim_lead", gist="takes the lead")
            yield from speak(
                world,
                lead,
                Line(Act.CLAIM_ROLE, words, place=Place(room), answers=beat.id, features=(Feature.ROLE_CLAIM,)),
                pause(world, "quick"),
            )


def _severity_only(world: World) -> Process:
    yield lognormal(world.rng("severity"), 700, 0.5) * world.tempo.think
    if (
        world.chance("severity", 0.14 * world.tempo.features)
        and not world.is_over()
        and world.lead
        and not world.is_fixed()
    ):
        yield from _bump(world, SEVERITIES[max(0, SEVERITIES.index(world.skeleton.severity) - 1)])


def _bump(world: World, low: str) -> Process:
    yield lognormal(world.rng("severity"), 420, 0.6) * world.tempo.think
    crowd = [r for r in world.present() if r.desk]
    if world.is_over() or world.is_fixed() or not crowd:
        return
    rng = world.rng("severity")
    sev = world.skeleton.severity
    me = rng.choice(crowd)
    words = Words(bank="severity_up", gist=f"raises the severity from {low} to {sev}")
    beat = yield from speak(
        world, me, Line(Act.SEVERITY, words, particulars={"sev": sev}, features=(Feature.SEVERITY_CHANGE,))
    )
    others = [r for r in world.present(beat.channel) if r is not me]
    if others and rng.random() < 0.35:
        words = Words(bank="severity_doubt", gist=f"doubts that it is a {sev}")
        line = Line(
            Act.SEVERITY,
            words,
            place=Place(beat.channel, beat.thread),
            particulars={"sev": sev},
            answers=beat.id,
            features=(Feature.SEVERITY_CHANGE,),
        )
        yield from speak(world, rng.choice(others), line, pause(world, "quick"))


def _bot(world: World, place: Place, text: str, feature: Feature) -> Beat:
    words = Words(tellings=(text,), literal=True, gist=text)
    return world.post(INCIDENT_BOT, Act.SYSTEM, place, words, kind=Kind.SYSTEM, features=(feature,))
