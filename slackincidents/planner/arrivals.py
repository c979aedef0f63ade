"""Who comes by: users before the alert, support, late joiners, people with another problem."""

from __future__ import annotations

from slackincidents.planner import listening, talk
from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.oncall import at_night
from slackincidents.planner.paging import page_service
from slackincidents.planner.places import work_place
from slackincidents.planner.replies import reply
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.updates import outsider
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat, Page, Words

AGAIN_S = 400.0
"""After so many seconds support asks again, if nobody has answered."""

COMES_BACK = 0.4
"""Share of answered support people who ask once more when it is fixed."""


def user_report(world: World, *, certain: bool) -> Process:
    """Support passes on what users see, before or with the alert; without alerts it is what pages."""
    if not certain and (not world.chance("users", 0.18 * world.tempo.features) or world.change.support == "absent"):
        return
    yield world.rng("users").uniform(20, 400) * (1.0 if not world.setting.brief else 0.05)
    reporter = outsider(world, "support")
    if reporter is None or world.is_fixed() or world.is_over():
        return
    service = _seen_service(world)
    channel = world.channel_of(service)
    world.enter(reporter, channel, "joined")
    group = world.group_of(service)
    words = Words(tellings=world.skeleton.audience.users, gist="passes on what users see")
    line = Line(
        Act.USER_REPORT,
        words,
        place=Place(channel),
        mentions=(group,) if certain else (),
        features=(Feature.USER_REPORT,),
        plain=True,
    )
    beat = yield from speak(world, reporter, line)
    if certain:
        world.spawn(page_service(world, service, beat))
        return
    yield pause(world, "slow")
    listening.stir(world, beat)


def _seen_service(world: World) -> str:
    first = min(
        world.skeleton.alerts.values(),
        key=lambda a: world.skeleton.signals[a.threshold.signal].onset_s + a.after_s,
        default=None,
    )
    return first.service if first else next(iter(world.skeleton.services))


def support_asks(world: World) -> Process:
    """Support asks what to tell customers."""
    share = {"SEV-1": 0.4, "SEV-2": 0.35, "SEV-3": 0.2, "SEV-4": 0.08}[world.skeleton.severity]
    if not world.chance("support", share * world.tempo.features) or world.change.support == "absent":
        return
    yield lognormal(world.rng("support"), 1300, 0.5)
    lead = world.responders.get(world.lead or "")
    asker = outsider(world, "support")
    if world.is_over() or lead is None or not lead.active or asker is None or world.is_fixed():
        return
    place = Place(world.room or world.channel_of(lead.desk))
    world.enter(asker, place.channel, "joined")
    words = Words(tellings=world.skeleton.audience.support, gist="support asks what to tell customers")
    beat = yield from speak(world, asker, Line(Act.SUPPORT, words, place=place, features=(Feature.SUPPORT_ASKS,)))
    answered = world.led and world.chance("support", 0.7)
    if not answered:
        yield lognormal(world.rng("support"), AGAIN_S, 0.4)
        if world.is_over() or world.is_fixed():
            return
        words = Words(bank="ask_again", gist="asks again what to tell customers")
        beat = yield from speak(world, asker, Line(Act.SUPPORT, words, place=place, answers=beat.id))
    if world.led and (answered or world.chance("support", 0.8)):
        yield from optionally(_tell_support(world, lead, asker, beat))
        yield from _come_back(world, asker, place)


def _tell_support(world: World, lead: Responder, asker: Responder, beat: Beat) -> Process:
    yield reaction_time(world, lead)
    where = Place(beat.channel, beat.id if beat.answers is None and world.chance("support", 0.6) else None)
    words = Words(tellings=world.skeleton.audience.answer, gist="answers support without a cause")
    answer = yield from speak(world, lead, Line(Act.ANSWER, words, place=where, answers=beat.id, you=asker.handle))
    if world.chance("support", 0.5):
        yield from speak(
            world,
            asker,
            Line(Act.THANKS, Words(bank="thanks", gist="thanks"), place=where, answers=answer.id),
            pause(world, "quick"),
        )


def _come_back(world: World, asker: Responder, place: Place) -> Process:
    """Once it is fixed support may ask whether that can be told."""
    if not world.chance("support", COMES_BACK):
        return
    while not world.is_fixed():
        yield 60.0
        if world.is_over() or world.now > world.tempo.limit_s:
            return
    yield lognormal(world.rng("support"), 200.0, 0.5)
    lead = world.responders.get(world.lead or "")
    if world.is_over() or world.trouble.resolved or lead is None:
        return
    words = Words(bank="support_back", gist="support asks whether it is over")
    line = Line(Act.SUPPORT, words, place=place, features=(Feature.SUPPORT_ASKS,))
    asked = yield from speak(world, asker, line)
    yield reaction_time(world, lead)
    bank = "support_back_answer" if not world.trouble.resolved else "verify_yes"
    words = Words(bank=bank, gist="it looks so")
    yield from speak(world, lead, Line(Act.ANSWER, words, place=place, answers=asked.id, you=asker.handle))


def teammate(world: World) -> Process:
    """Somebody of the same team sees the alert and helps a little."""
    patience = 420 if not world.setting.brief else 9
    for attempt in range(3):
        yield lognormal(world.rng("teammate"), patience * (1 + attempt), 0.7)
        lead = world.responders.get(world.lead or "")
        if world.is_over() or world.is_fixed() or len(world.present()) > 2:
            return
        if lead is None or not lead.active or not world.chance("teammate", 0.6 + 0.2 * attempt):
            continue
        crew = [
            h for h in world.setting.engineers[lead.desk] if h not in world.responders or not world.responders[h].active
        ]
        awake = [h for h in crew if not world.is_night(world.setting.people[h])]
        if awake:
            yield from _help(world, lead, world.person(awake[0]))
        elif crew and attempt:
            yield from call_in(world, lead, world.person(crew[0]))


def _help(world: World, lead: Responder, me: Responder) -> Process:
    me.desk = lead.desk
    world.enter(me, work_place(world, lead).channel, "owner")
    if world.chance("teammate", 0.5):
        words = Words(bank="greet", gist="a teammate turns up to help")
        hello = yield from speak(world, me, Line(Act.GREET, words))
        if lead.active and world.chance("teammate", 0.85):
            words = Words(bank="greet_answer", gist="hi, nothing to hand out yet")
            world.spawn(reply(world, lead, hello, words, Act.ANSWER))
    world.start(me, lead.desk, 0.3)


def call_in(world: World, lead: Responder, me: Responder) -> Process:
    """Page somebody who is not at it yet; they answer after a while and set to work."""
    words = Words(bank="escalate", gist=f"pages {me.handle}, who was asleep")
    line = Line(Act.REQUEST, words, mentions=(f"@{me.handle}",), you=me.handle, features=(Feature.STAGGERED_PAGING,))
    asked = yield from speak(world, lead, line)
    sent = round(world.now)
    yield reaction_time(world, me) * 8
    world.pages.append(Page(person=me.handle, service=lead.desk, at=sent, acknowledged_at=round(world.now)))
    me.desk = lead.desk
    world.enter(me, asked.channel, "paged")
    words = Words(bank="called_in", gist="awake now")
    yield from speak(
        world, me, Line(Act.ACKNOWLEDGE, words, place=Place(asked.channel, asked.thread), answers=asked.id)
    )
    world.start(me, lead.desk, 0.3)


def late_joiner(world: World) -> Process:
    """A colleague comes late and asks where things stand."""
    if not world.chance("late", 0.28 * world.tempo.features):
        return
    yield lognormal(world.rng("late"), 1500, 0.5)
    lead = world.responders.get(world.lead or "")
    if world.is_over() or lead is None or not lead.active or world.is_fixed():
        return
    crew = [
        h
        for s in world.skeleton.services
        for h in world.setting.engineers[s]
        if (h not in world.responders or not world.responders[h].active)
        and not at_night(world.setting.people[h], world.setting.start)
    ]
    if not crew:
        return
    me = world.person(world.rng("late").choice(sorted(set(crew))))
    me.desk = me.desk or next(s for s in world.skeleton.services if me.handle in world.setting.engineers[s])
    place = Place(work_place(world, lead).channel, work_place(world, lead).thread)
    world.enter(me, place.channel, "joined")
    bank = "recap_request" if world.chance("late", 0.7) else "join_late"
    words = Words(bank=bank, gist="comes late, asks where things stand")
    beat = yield from speak(world, me, Line(Act.RECAP_REQUEST, words, place=place, features=(Feature.LATE_JOINER,)))
    world.start(me, me.desk, 0.15, after=pause(world, "slow"))
    if world.chance("late", 0.85) and world.led:
        yield from _recap(world, lead, place, beat.id)


def _recap(world: World, me: Responder, place: Place, asked: str) -> Process:
    known = [k for k in world.skeleton.clues if f"clue:{k}" in world.posted.get(place.channel, ())][-2:]
    if not known:
        words = Words(bank="answer_unknown", gist="nothing to tell yet")
        yield from speak(world, me, Line(Act.ANSWER, words, place=place, answers=asked), reaction_time(world, me))
        return
    tellings = [world.skeleton.clues[k].tellings.casual for k in known]
    bank = "recap_intro" if len(known) == 2 else "recap_short"
    words = Words(
        tellings=tellings[0],
        more=tellings[-1] if len(known) == 2 else (),
        bank=bank,
        gist="says roughly where things stand",
    )
    line = Line(
        Act.RECAP,
        words,
        place=place,
        answers=asked,
        cites=tuple(f"clue:{k}" for k in known),
        features=(Feature.LATE_JOINER,),
    )
    yield from speak(world, me, line, reaction_time(world, me))


def bystander(world: World) -> Process:
    """Somebody with another problem asks, is told or not, and leaves."""
    if not world.chance("bystander", 0.24 * world.tempo.features):
        return
    yield lognormal(world.rng("bystander"), 1300, 0.7)
    fitting = [x for x in world.setting.exchanges if x.opener == "outsider" and world.phase in x.phases]
    crowd = world.present()
    if world.is_over() or not fitting or not crowd:
        return
    exchange = world.rng("bystander").choice(fitting)
    taken = {r.handle for r in crowd}
    strangers = sorted(
        h
        for h, p in world.setting.people.items()
        if h not in taken and p.role in {"engineer", "product"} and not world.is_night(p)
    )
    if not strangers:
        return
    me = world.person(world.rng("bystander").choice(strangers))
    lead = world.responders.get(world.lead or "") or crowd[0]
    me.desk = me.desk or lead.desk
    channel = world.channel_of(lead.desk)
    world.enter(me, channel, "joined")
    beats = len(world.beats)
    yield from talk.perform(world, me, exchange, [r for r in crowd if channel in r.rooms])
    for beat in world.beats[beats:]:
        if beat.exchange == exchange.id:
            world.mark(beat, Feature.IS_IT_RELATED)
