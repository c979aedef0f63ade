"""Carrying out what the person in the seat orders: each order a process, begun at once, or a reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slackincidents.planner import (
    alerts,
    arrivals,
    clues,
    crossteam,
    endings,
    interruptions,
    listening,
    places,
    talk,
    updates,
)
from slackincidents.planner.chair import Chair, Cue
from slackincidents.planner.cues import answer_page, decide, say_on_cue
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.orders import carry_out
from slackincidents.planner.recognition import guessed, taken_back
from slackincidents.planner.speech import in_own_words, speak
from slackincidents.planner.timing import reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema import seat
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat, Kind, Words
from slackincidents.schema.skeleton import Severity

BROADCAST = re.compile(r"<!(channel|here|everyone)[^>]*>|@(channel|here|everyone)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
STILL_FIRING_S = 90.0
"""How long after a false all-clear the monitor says otherwise."""

PAGING = (seat.Acknowledge, seat.Ignore)


def obey(world: World, order: seat.Order) -> str | None:
    """Begin what was ordered, now. Returns why not when it makes no sense, and changes nothing then."""
    chair = world.chair
    if chair is None:
        return "nobody sits in this incident"
    if isinstance(order, PAGING):
        return _answer_page(world, chair, order)
    me = world.responders.get(chair.handle or "")
    over = world.is_over() and not _spoken(order)
    why = _too_early_or_late(world, chair, me) if me is None or over or chair.outage is not None else None
    if why or me is None:
        return why or "you have not been paged"
    return _about_the_room(world, chair, me, order) if _spoken(order) else _about_the_work(world, chair, me, order)


def _spoken(order: seat.Order) -> bool:
    return isinstance(order, seat.Take | seat.Say | seat.React)


def _answer_page(world: World, chair: Chair, order: seat.Order) -> str | None:
    ring = chair.ringing
    if ring is None:
        return "no page rings"
    answer_page(world, ring, answered=isinstance(order, seat.Acknowledge))
    return None


def _too_early_or_late(world: World, chair: Chair, me: Responder | None) -> str:
    if chair.outage is not None:
        return "nobody answered; it is over"
    if me is None:
        return "the pager rings: acknowledge or ignore it" if chair.ringing else "nothing has gone off yet"
    return "it is over"


def _about_the_room(world: World, chair: Chair, me: Responder, order: seat.Order) -> str | None:
    match order:
        case seat.Take():
            return _take(world, chair)
        case seat.Say(text=text, channel=channel):
            return _say(world, chair, me, text, channel)
        case seat.React(emoji=emoji, beat=named):
            beat = _beat(world, me, named)
            if beat is None:
                return "there is no message to react to"
            world.react(beat, emoji.strip(":"), me.handle, ordered=True)
    return None


def _take(world: World, chair: Chair) -> str | None:
    if chair.objection:
        decide(world, chair, insisted=False)
        return None
    cue = due_cue(world, chair)
    if cue is None:
        return "nothing is expected of you just now"
    say_on_cue(world, cue, None)
    return None


def due_cue(world: World, chair: Chair) -> Cue | None:
    """The line to be said now: the one whose moment this is, else the last one that others wait for."""
    cues = chair.open_cues
    now = [cue for cue in cues if cue.opened == world.now]
    waited = [cue for cue in cues if cue.expected]
    return next(iter(reversed(now or waited or list(cues))), None)


def _say(world: World, chair: Chair, me: Responder, text: str, channel: str | None) -> str | None:
    if channel is not None and channel not in world.posted and channel not in set(_channels(world)):
        return f"there is no channel {channel}"
    cleaned = clean(text)
    if not cleaned:
        return "there is nothing to say in it"
    waiting = [c for c in chair.open_cues if c.expected and channel in (None, c.place.channel) and c.line.answers]
    if waiting:
        say_on_cue(world, waiting[-1], cleaned)
        return None
    world.spawn(_speak_up(world, me, cleaned, channel), owner=me.handle, ordered=True)
    return None


def clean(text: str) -> str:
    """A person's words without control characters, and without anything that would wake a channel."""
    return BROADCAST.sub(lambda found: found.group(0).strip("<>!@"), CONTROL.sub(" ", text)).strip()


def _channels(world: World) -> Iterator[str]:
    yield from (service.channel for service in world.setting.catalogue.services.values())
    if world.room:
        yield world.room


def _beat(world: World, me: Responder, named: str | None) -> Beat | None:
    seen = (beat for beat in reversed(world.beats) if beat.channel in me.rooms)
    return next((b for b in seen if (b.speaker != me.handle if named is None else b.id == named)), None)


def _about_the_work(world: World, chair: Chair, me: Responder, order: seat.Order) -> str | None:
    if isinstance(order, seat.Resolve) and (due := _resolution_due(chair)):
        say_on_cue(world, due, clean(order.text) if order.text else None)
        return None
    if isinstance(order, seat.Attempt) and chair.objection and chair.objection.action == order.action:
        decide(world, chair, insisted=True)
        return None
    why = _why_not(world, me, order)
    if why is None:
        ordered = not isinstance(order, seat.Look)
        world.spawn(_process(world, me, order), owner=me.handle, ordered=ordered)
    return why


def _resolution_due(chair: Chair) -> Cue | None:
    return next((cue for cue in chair.open_cues if cue.line.act is Act.RESOLVE), None)


def _process(world: World, me: Responder, order: seat.Order) -> Process:
    match order:
        case seat.Tell(clue=key):
            return clues.tell(world, me, key)
        case seat.Triage(severity=severity):
            return _set_severity(world, me, severity)
        case seat.Update(text=text):
            return updates.give_update(world, me) if text is None else _update(world, me, text)
        case seat.CallIn(person=handle):
            return arrivals.call_in(world, me, world.person(handle))
        case seat.HandOver(to=handle):
            return interruptions.give_lead(world, me, world.person(handle))
        case seat.Resolve(text=text):
            return _resolve(world, me, text)
        case _:
            return carry_out(world, me, order)


def _why_not(world: World, me: Responder, order: seat.Order) -> str | None:
    skeleton = world.skeleton
    match order:
        case seat.Look(clue=key):
            known = key in skeleton.clues
            if known and not world.knows(me, f"clue:{key}") and clues.can_be_found(world, me, key):
                return None
            return "there is nothing new to see there" if known else f"there is no clue {key}"
        case seat.Tell(clue=key):
            return None if f"clue:{key}" in me.found else f"you have not found {key}"
        case seat.Guess(hypothesis=key):
            return _why_no_guess(world, key)
        case seat.Withdraw(hypothesis=key):
            held = world.raised.get(key) == me.handle and key not in world.withdrawn
            return None if held else f"you do not hold {key}"
        case seat.Attempt(action=key):
            return _why_no_action(world, key)
        case _:
            return _why_nobody(world, me, order)


def _why_no_guess(world: World, key: str) -> str | None:
    if key not in world.skeleton.hypotheses:
        return f"there is no hypothesis {key}"
    return f"{world.raised[key]} has said so already" if key in world.raised else None


def _why_no_action(world: World, key: str) -> str | None:
    if key not in world.skeleton.actions:
        return f"there is no action {key}"
    acting = world.trouble.acting
    return f"{world.skeleton.actions[acting].label} is still under way" if acting else None


def _why_nobody(world: World, me: Responder, order: seat.Order) -> str | None:
    match order:
        case seat.Ask(service=service):
            if service not in world.setting.catalogue.services:
                return f"there is no service {service}"
            if f"asked:{service}" in world.used or not world.setting.engineers[service]:
                return (
                    f"{world.group_of(service)} has been asked already"
                    if world.setting.engineers[service]
                    else (f"nobody is on call for {service}")
                )
        case seat.Inform(channel=channel, fact=fact):
            known = fact.partition(":")[2] in world.skeleton.clues and world.knows(me, fact)
            if channel not in set(_channels(world)) or not known:
                return "you have nothing to tell there"
        case seat.CallIn(person=handle) | seat.HandOver(to=handle):
            if handle not in world.setting.people or handle == me.handle:
                return f"there is nobody called {handle} to call" if handle != me.handle else "that is you"
            if isinstance(order, seat.CallIn) and world.person(handle).active:
                return f"{handle} is here already"
        case seat.Resolve() if world.trouble.resolved:
            return "it is resolved already"
    return None


def _speak_up(world: World, me: Responder, text: str, channel: str | None) -> Process:
    place = places.work_place(world, me) if channel is None else places.thread_of(world, channel)
    beat = in_own_words(world, me, _meant(world, me, text), place, text)
    if beat.act is Act.ASK:
        world.spawn(_reply(world, me, beat))
    else:
        listening.stir(world, beat)
    yield from ()


def _meant(world: World, me: Responder, text: str) -> Line:
    """What a free line does: voice a hypothesis, take one's own back, ask, or tell."""
    if key := guessed(world, text):
        world.raised[key] = me.handle
        return Line(Act.HYPOTHESIZE, Words(), hypothesis=key)
    if key := taken_back(world, me, text):
        world.withdrawn.add(key)
        return Line(Act.WITHDRAW, Words(), hypothesis=key)
    return Line(Act.ASK if "?" in text else Act.INFORM, Words())


def _reply(world: World, me: Responder, beat: Beat) -> Process:
    """Somebody answers a question: with what they found and have not told, or that they do not know."""
    asked = next((s for s, x in world.setting.catalogue.services.items() if x.oncall_group in beat.mentions), None)
    if asked and f"asked:{asked}" not in world.used and world.setting.engineers[asked]:
        world.used.add(f"asked:{asked}")
        step = crossteam.step_between(world, asked, me.desk)
        yield from crossteam.answer(world, asked, beat, step)
        return
    place = Place(beat.channel, beat.thread)
    named = {name.removeprefix("@") for name in beat.mentions}
    others = talk.company(world, me, place)
    them = next((r for r in others if r.handle in named), others[0] if others else None)
    if them is None:
        return
    yield reaction_time(world, them)
    if not world.is_over():
        yield from speak(world, them, _what_they_know(world, them, beat, place))


def _what_they_know(world: World, them: Responder, beat: Beat, place: Place) -> Line:
    untold = [k for k in world.skeleton.clues if f"clue:{k}" in them.found and not world.public(f"clue:{k}")]
    if not untold:
        words = Words(bank="answer_unknown", gist="does not know")
        return Line(Act.ANSWER, words, place=place, answers=beat.id)
    clue = world.skeleton.clues[untold[0]]
    words = Words(tellings=getattr(clue.tellings, them.persona.voice.manner), gist=clue.fact)
    act = Act.CAUSE if clue.states_cause else Act.ANSWER
    return Line(act, words, place=place, answers=beat.id, reveals=(f"clue:{untold[0]}",))


def _set_severity(world: World, me: Responder, severity: Severity) -> Process:
    world.severity = severity
    words = Words(said=f"calling this a {severity}", literal=True, gist=f"sets the severity to {severity}")
    yield from speak(world, me, Line(Act.SEVERITY, words, features=(Feature.SEVERITY_CHANGE,), plain=True))


def _update(world: World, me: Responder, text: str) -> Process:
    place = Place(world.room or world.channel_of(me.desk))
    line = Line(Act.UPDATE, Words(), kind=Kind.STATUS_UPDATE, features=(Feature.STATUS_CLOCK,))
    in_own_words(world, me, line, place, clean(text) or "no news")
    yield from ()


def _resolve(world: World, me: Responder, text: str | None) -> Process:
    """Over, if it is; else words that the monitor will give the lie to."""
    if world.is_fixed():
        world.trouble.confirmed = True
        if text is None:
            yield from endings.resolve(world, me)
            return
        line = Line(Act.RESOLVE, Words(), kind=Kind.RESOLUTION, reveals=("recovery",))
        in_own_words(world, me, line, places.work_place(world, me), clean(text) or "resolved")
        world.trouble.resolved = True
        return
    words = clean(text or "") or "calling this resolved"
    in_own_words(world, me, Line(Act.INFORM, Words()), places.work_place(world, me), words)
    world.spawn(alerts.fire_again(world), STILL_FIRING_S)
    yield from ()
