"""Paging: one after another, until somebody answers; some sleep through it."""

from __future__ import annotations

from slackincidents.planner.kernel import Process
from slackincidents.planner.speech import Line, speak
from slackincidents.planner.timing import SPEED, lognormal, pause
from slackincidents.planner.world import Place, Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import INCIDENT_BOT, Beat, Kind, Page, Words

MISSES = {"fast": 0.04, "medium": 0.09, "slow": 0.16}
FIRST_WORD_S = 30.0


def page_service(world: World, service: str, cause: Beat) -> Process:
    """Page the people of a service in order until one acknowledges. Those at work on it are enough."""
    if any(r.active and r.desk == service for r in world.responders.values()) or f"paged:{service}" in world.used:
        return
    world.used.add(f"paged:{service}")
    order = world.on_call(service)
    for level, handle in enumerate(order[:3]):
        person = world.person(handle)
        sent = round(world.now)
        if level:
            _announce_escalation(world, service, handle, cause)
        last = level == min(2, len(order) - 1)
        first = not level and not world.paged
        world.paged = True
        if not last and not person.active and _misses(world, person, first=first):
            world.pages.append(Page(person=handle, service=service, at=sent, missed=True))
            yield world.tempo.page_timeout_s
            if world.chance("late-ack", 0.4):
                world.spawn(_late(world, person, service), lognormal(world.rng("paging"), 900, 0.6))
            continue
        yield _delay(world, person)
        world.pages.append(Page(person=handle, service=service, at=sent, acknowledged_at=round(world.now)))
        world.enter(person, cause.channel, "paged")
        if not person.active:
            world.lead = world.lead or handle
            person.desk = service
            yield from _acknowledge(world, person, cause, backup=level > 0)
            world.start(person, service, _drive(world, person, service))
        return


def _drive(world: World, person: Responder, service: str) -> float:
    if person.handle == world.lead:
        return 1.0
    return 0.85 if service == world.primary else 0.15


def _misses(world: World, person: Responder, *, first: bool) -> bool:
    share = MISSES[person.persona.response_time] * (2.5 if person.night else 1.0)
    drawn = world.chance("paging", share * (0.3 if world.setting.brief else 1.0))
    return world.change.first_page == "missed" if first and world.change.first_page else drawn


def _delay(world: World, person: Responder) -> float:
    median = 62 * SPEED[person.persona.response_time] * (2.0 if person.night else 1.0)
    drawn = lognormal(world.rng("paging"), median, 0.6)
    return max(FIRST_WORD_S, drawn) if not world.setting.brief else max(3.0, drawn * 0.09)


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
