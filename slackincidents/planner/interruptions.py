"""What cuts across: is it related, a wrong channel, a call nobody logged, the shift that ends."""

from __future__ import annotations

from slackincidents.planner import places, talk
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.oncall import at_night
from slackincidents.planner.replies import ask_again, second
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Words


def is_it_related(world: World) -> Process:
    """Somebody sees two alerts and asks whether they belong together."""
    if not world.chance("related", 0.3 * world.tempo.features):
        return
    yield lognormal(world.rng("related"), 700, 0.6)
    lead = world.responders.get(world.lead or "")
    if world.is_over() or lead is None or world.is_fixed():
        return
    other = next(
        (a.service for k, a in world.skeleton.alerts.items() if a.service != lead.desk and world.public(f"alert:{k}")),
        None,
    )
    crowd = [r for r in world.present() if r is not lead and r.desk != other]
    asker = world.rng("related").choice(crowd) if crowd else lead
    if other is None:
        return
    world.enter(asker, world.channel_of(other), "joined")
    alert = next(k for k, a in world.skeleton.alerts.items() if a.service == other and world.public(f"alert:{k}"))
    words = Words(bank="ask_related", gist=f"asks whether the {other} alert is related")
    line = Line(
        Act.ASK,
        words,
        cites=(f"alert:{alert}",),
        particulars={"topic": f"the {other} alert"},
        features=(Feature.IS_IT_RELATED,),
    )
    beat = yield from speak(world, asker, line)
    listeners = [r for r in world.present(beat.channel) if r is not asker]
    world.spawn(ask_again(world, asker, beat))
    if listeners and world.chance("related", 0.75):
        me = world.rng("related").choice(listeners)
        yield reaction_time(world, me)
        bank = world.rng("related").choice(("related_no", "related_maybe", "answer_unknown"))
        words = Words(bank=bank, gist="not sure whether it is related")
        place = Place(beat.channel, beat.thread)
        line = Line(Act.ANSWER, words, place=place, answers=beat.id, features=(Feature.IS_IT_RELATED,))
        second(world, (yield from speak(world, me, line)))


def fall_quiet(world: World) -> Process:
    """Now and then everybody is busy elsewhere for a good while: a build, a meeting, lunch."""
    rng = world.rng("lull")
    if world.setting.brief:
        return
    for _ in range(rng.choice((0, 1, 1, 2))):
        yield rng.uniform(600, 2700)
        if world.is_over():
            return
        world.quiet_until = world.now + lognormal(rng, 1300, 0.5)


def wrong_channel(world: World) -> Process:
    """A message lands in the wrong channel; the sender notices."""
    if not world.chance("wrong-channel", 0.07 * world.tempo.features):
        return
    yield lognormal(world.rng("wrong-channel"), 900, 0.6)
    crowd = [r for r in world.present() if len(r.rooms) > 1]
    if world.is_over() or not crowd:
        return
    me = world.rng("wrong-channel").choice(crowd)
    right = places.work_place(world, me).channel
    wrong = next((c for c in sorted(me.rooms) if c != right), None)
    if wrong is None:
        return
    words = Words(bank="nudge", gist="asks for news, in the wrong channel")
    beat = yield from speak(world, me, Line(Act.NUDGE, words, place=Place(wrong), features=(Feature.SLIP,), plain=True))
    words = Words(bank="wrong_channel", gist="wrong channel, sorry")
    line = Line(
        Act.CORRECTION,
        words,
        place=Place(wrong),
        answers=beat.id,
        particulars={"channel": right},
        features=(Feature.SLIP,),
        plain=True,
    )
    yield from speak(world, me, line, pause(world, "quick"))


def hold_call(world: World) -> Process:
    """Some of them go on a call that nobody writes up; the channel falls silent."""
    share = {"SEV-1": 0.3, "SEV-2": 0.22, "SEV-3": 0.08, "SEV-4": 0.03}[world.skeleton.severity]
    if not world.chance("call", share * world.tempo.features) or not world.led:
        return
    yield lognormal(world.rng("call"), 1200, 0.5)
    lead = world.responders.get(world.lead or "")
    if world.is_over() or lead is None or not lead.active or world.is_fixed():
        return
    others = [r for r in world.present() if r is not lead and r.drive > 0.2]
    if not others:
        return
    words = Words(bank="call_start", gist="takes it to a call")
    yield from speak(world, lead, Line(Act.WAIT, words, features=(Feature.SPLIT_TALK,)))
    length = lognormal(world.rng("call"), 900, 0.4)
    for person in (lead, *others[:2]):
        person.free_at = world.now + length
    yield length
    if world.is_over():
        return
    me: Responder = world.rng("call").choice([lead, *others[:2]])
    words = Words(bank="call_end", gist="back from the call, says little of it")
    yield from speak(world, me, Line(Act.INFORM, words, features=(Feature.SPLIT_TALK,)))


def hand_over(world: World) -> Process:
    """After a long while the lead's shift ends and somebody else takes over."""
    yield world.rng("handover").uniform(3600, 7200)
    lead = world.responders.get(world.lead or "")
    if world.is_over() or lead is None or not lead.active or world.is_fixed() or not world.chance("handover", 0.35):
        return
    if not world.led:
        return
    order = world.on_call(lead.desk)
    start = world.setting.start
    heir = next((h for h in order if h != lead.handle and not at_night(world.setting.people[h], start)), None)
    if heir is None:
        return
    yield from give_lead(world, lead, world.person(heir))


def give_lead(world: World, lead: Responder, them: Responder) -> Process:
    """The lead offers it, the other one takes over."""
    heir = them.handle
    place = places.work_place(world, lead)
    world.enter(them, place.channel, "asked")
    words = Words(bank="handoff_offer", gist=f"shift ends, hands over to {heir}")
    beat = yield from speak(world, lead, Line(Act.HANDOFF, words, place=place, you=heir, features=(Feature.HANDOFF,)))
    yield reaction_time(world, them)
    words = Words(bank="handoff_take", gist="takes over")
    line = Line(Act.HANDOFF, words, place=place, answers=beat.id, you=lead.handle, features=(Feature.HANDOFF,))
    yield from speak(world, them, line)
    world.lead = heir
    lead.drive = 0.1
    world.start(them, lead.desk, 1.0)
    them.drive = 1.0


def recall_past(world: World) -> Process:
    """Somebody is reminded of an earlier incident, rightly or not."""
    if not world.skeleton.past_incidents or not world.chance("past", 0.3 * world.tempo.features):
        return
    yield lognormal(world.rng("past"), 900, 0.6)
    crowd = [r for r in world.present() if r.persona.seniority != "junior"]
    if world.is_over() or not crowd or world.is_fixed():
        return
    rng = world.rng("past")
    past = rng.choice(world.skeleton.past_incidents)
    me = rng.choice(crowd)
    if not talk.company(world, me, places.work_place(world, me)):
        return
    words = Words(tellings=past.tellings, gist=f"is reminded of {past.ref} ({past.when}): {past.what}")
    line = Line(Act.ASK, words, cites=(f"past:{past.ref}",), particulars={"ref": past.ref})
    beat = yield from speak(world, me, line)
    others = [r for r in world.present(beat.channel) if r is not me]
    if others and rng.random() < 0.7:
        bank = rng.choice(("answer_unknown", "related_maybe", "agree"))
        other = rng.choice(others)
        yield reaction_time(world, other)
        act = Act.AGREE if bank == "agree" else Act.ANSWER
        words = Words(bank=bank, gist="not sure")
        line = Line(act, words, place=Place(beat.channel, beat.thread), answers=beat.id)
        second(world, (yield from speak(world, other, line)))
