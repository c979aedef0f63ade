"""Paging: one after another, until somebody answers; some sleep through it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from slackincidents.planner.chair import Chair
from slackincidents.planner.cues import by_order, fill, rings, rung
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import SPEED, lognormal, pause
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import INCIDENT_BOT, Beat, Kind, Page, Words

MISSES = {"fast": 0.04, "medium": 0.09, "slow": 0.16}
FIRST_WORD_S = 30.0
ANOTHER_PAGE_S = 5.0
"""One phone: a second page to somebody waits until the first is settled, looked at this often."""


def page_service(world: World, service: str, cause: Beat) -> Process:
    """Page the people of a service in order until one acknowledges. Those at work on it are enough."""
    if any(r.active and r.desk == service for r in world.responders.values()) or f"paged:{service}" in world.used:
        return
    world.used.add(f"paged:{service}")
    order = world.on_call(service)[:3]
    chair = rings(world)
    for level, handle in enumerate(order):
        call = Call(world.person(handle), service, cause, level, last=level == len(order) - 1)
        while handle in world.called:
            yield ANOTHER_PAGE_S
        if level:
            _announce_escalation(world, service, handle, cause)
        if (yield from _call(world, chair, call)):
            return
    if chair is not None:
        _give_up(world, chair, cause)


@dataclass(frozen=True)
class Call:
    """One page on its way to one person."""

    person: Responder
    service: str
    cause: Beat
    level: int
    last: bool


def _call(world: World, chair: Chair | None, call: Call) -> Generator[float, None, bool]:
    """Page one person and wait. True when they acknowledge."""
    person, sent = call.person, round(world.now)
    first = not call.level and not world.paged
    world.paged = True
    world.called.add(person.handle)
    missed = not call.last and not person.active and _misses(world, person, first=first)
    if chair is not None:
        missed = yield from rung(world, chair, person, call.service, drawn=missed)
    waits = chair is None or chair.shadow
    delay = world.tempo.page_timeout_s if missed else _delay(world, person)
    if waits:
        yield delay
    world.called.discard(person.handle)
    at = None if missed else round(world.now)
    world.pages.append(Page(person=person.handle, service=call.service, at=sent, acknowledged_at=at, missed=missed))
    if missed:
        if not call.last and world.chance("late-ack", 0.4):
            world.spawn(_late(world, person, call.service), lognormal(world.rng("paging"), 900, 0.6))
        return False
    if chair is not None:
        fill(world, chair, person.handle)
    yield from _arrive(world, call)
    return True


def _arrive(world: World, call: Call) -> Process:
    person = call.person
    world.enter(person, call.cause.channel, "paged")
    if not person.active:
        world.lead = world.lead or person.handle
        person.desk = call.service
        yield from by_order(world, _acknowledge(world, person, call.cause, backup=call.level > 0))
        world.start(person, call.service, _drive(world, person, call.service))


def _give_up(world: World, chair: Chair, cause: Beat) -> None:
    """Everybody was paged and nobody came: only the person in the seat can bring that about."""
    text = "No acknowledgement. Everybody on the escalation policy was paged. Major outage."
    words = Words(tellings=(text,), literal=True, gist=text)
    world.post(INCIDENT_BOT, Act.PAGE, Place(cause.channel, cause.thread or cause.id), words, kind=Kind.SYSTEM)
    world.trouble.closing = True
    chair.outage = world.now


def _drive(world: World, person: Responder, service: str) -> float:
    if person.handle == world.lead:
        return 1.0
    return 0.85 if service == world.primary else 0.15


def _misses(world: World, person: Responder, *, first: bool) -> bool:
    share = MISSES[person.persona.response_time] * (2.5 if person.night else 1.0)
    share *= world.setting.weary.get(person.handle, 1.0)
    drawn = world.chance("paging", share * (0.3 if world.setting.brief else 1.0))
    return world.change.first_page == "missed" if first and world.change.first_page else drawn


def _delay(world: World, person: Responder) -> float:
    median = 62 * SPEED[person.persona.response_time] * (2.0 if person.night else 1.0)
    median *= world.setting.weary.get(person.handle, 1.0)
    drawn = lognormal(world.rng("paging"), median, 0.6)
    shown = max(FIRST_WORD_S, drawn) if not world.setting.brief else max(3.0, drawn * 0.09)
    return min(shown, world.tempo.page_timeout_s - 1.0)


def _announce_escalation(world: World, service: str, handle: str, cause: Beat) -> None:
    text = f"No acknowledgement. Paging {handle} for {service}."
    world.post(
        INCIDENT_BOT,
        Act.PAGE,
        Place(cause.channel, cause.thread or cause.id),
        Words(tellings=(text,), literal=True, gist=text),
        kind=Kind.SYSTEM,
        features=(Feature.STAGGERED_PAGING,),
    )


def _acknowledge(world: World, me: Responder, cause: Beat, *, backup: bool) -> Process:
    place = Place(cause.channel, cause.thread or cause.id)
    wordless = world.chance("paging", 0.22 if not world.setting.brief else 0.0)
    if wordless:
        world.react(cause, world.rng("paging").choice(("eyes", "eyes", "ack", "white_check_mark")), me.handle)
        yield pause(world, "normal")
        return
    bank = "acknowledge_backup" if backup else "acknowledge"
    words = Words(bank=bank, gist="acknowledges the page")
    yield from speak(world, me, Line(Act.ACKNOWLEDGE, words, place=place, cites=(), answers=cause.id))


def _late(world: World, me: Responder, service: str) -> Process:
    if me.active or world.is_over():
        return
    me.desk = service
    words = Words(bank="late_acknowledge", gist="missed the page, turns up late")
    yield from speak(world, me, Line(Act.ACKNOWLEDGE, words, features=(Feature.STAGGERED_PAGING,)))
    world.start(me, service, 0.12)
