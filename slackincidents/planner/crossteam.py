"""Across teams: ask the other group, they answer where they were asked, the news travels back."""

from __future__ import annotations

from slackincidents.planner import listening, places
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.offers import Offer
from slackincidents.planner.replies import ask_again, second
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat, Page, Words
from slackincidents.schema.seat import Ask, Inform
from slackincidents.schema.skeleton import CascadeStep

ASKED_IN_THEIR_CHANNEL = 0.4
MOST_TOLD = 1
"""Channels the cause is carried to; the others read it or do not."""

FRESH_S = 1200


def offers(world: World, me: Responder) -> list[Offer]:
    """Ask the team one suspects, or carry the cause to where it is not known."""
    found = [Offer(weight, Ask(service=service)) for service, weight in suspects(world, me).items()]
    return found + [Offer(1.2, Inform(channel=channel, fact=fact)) for channel, fact in uninformed(world, me)]


def suspects(world: World, me: Responder) -> dict[str, float]:
    """Services whose team this person has reason to ask and nobody here has asked."""
    if world.is_fixed() or world.cause_known:
        return {}
    found: dict[str, float] = {}
    for key, clue in world.skeleton.clues.items():
        if clue.points_to and world.knows(me, f"clue:{key}"):
            found[clue.points_to] = 1.6
    for step in world.skeleton.cascade:
        if step.target == me.desk:
            found.setdefault(step.source, 1.2 if step.source == world.primary else 0.4)
    asked = sum(ref.startswith("asked:") for ref in world.used)
    urgency = 5.0 if world.setting.brief else 1.0
    found = {s: w * (urgency if s == world.primary else 1.0) / (1 + asked) for s, w in found.items()}
    return {
        s: w
        for s, w in found.items()
        if s not in me.services and f"asked:{s}" not in world.used and world.setting.engineers[s]
    }


def step_between(world: World, source: str, target: str) -> CascadeStep | None:
    """The cascade step from source to target, else any from source."""
    steps = [s for s in world.skeleton.cascade if s.source == source]
    return next((s for s in steps if s.target == target), steps[0] if steps else None)


def ask_group(world: World, me: Responder, service: str) -> Process:
    """Ask another team's group, in their channel or one's own."""
    world.used.add(f"asked:{service}")
    step = step_between(world, service, me.desk)
    group = world.group_of(service)
    theirs = world.chance("crossteam", ASKED_IN_THEIR_CHANNEL)
    channel = world.channel_of(service)
    if theirs:
        world.enter(me, channel, "asked")
    place = places.thread_of(world, channel) if theirs else places.work_place(world, me)
    if step is not None:
        words = Words(tellings=step.ask, bank="request", gist=f"asks {group} whether they see anything on {service}")
    else:
        words = Words(
            bank="request",
            tellings=(f"(anything|something) (odd|going on) (with|on) {service}?",),
            gist=f"asks {group} about {service}",
        )
    line = Line(
        Act.REQUEST,
        words,
        place=place,
        cites=alerts_known(world, me, me.desk)[:1] if step is not None else (),
        mentions=(group,),
        particulars={"mention": group, "service": service},
        features=(Feature.SPLIT_TALK,) if theirs else (),
    )
    beat = yield from speak(world, me, line)
    world.spawn(answer(world, service, beat, step))
    world.spawn(ask_again(world, me, beat))


def alerts_known(world: World, person: Responder, service: str) -> tuple[str, ...]:
    """The alerts of a service that the person knows of."""
    facts = (f"alert:{key}" for key, alert in world.skeleton.alerts.items() if alert.service == service)
    return tuple(fact for fact in facts if world.knows(person, fact))


def _answer_line(world: World, them: Responder, service: str, beat: Beat, step: CascadeStep | None) -> Line:
    """What the asked team can say: the cause if they know it, else whether they have trouble too."""
    place = Place(beat.channel, beat.thread)
    known = world.causes_known_to(them)
    if known:
        clue = world.skeleton.clues[known[0].partition(":")[2]]
        words = Words(tellings=getattr(clue.tellings, them.persona.voice.manner), gist=clue.fact)
        return Line(Act.ANSWER, words, place=place, answers=beat.id, cites=known[:1])
    if step is None:
        return Line(Act.ANSWER, Words(bank="answer_unknown", gist="does not know"), place=place, answers=beat.id)
    aware = is_aware(world, them, service)
    words = Words(
        tellings=step.aware if aware else step.unaware,
        gist=f"{service} has trouble too" if aware else f"sees nothing on {service}",
    )
    return Line(
        Act.ANSWER,
        words,
        place=place,
        answers=beat.id,
        cites=alerts_known(world, them, service)[:1],
        particulars={"service": service},
    )


def is_aware(world: World, them: Responder, service: str) -> bool:
    """True when the person knows of trouble on the service: an alert, a find of their own, or the cause."""
    found = any(c.service == service and world.knows(them, f"clue:{k}") for k, c in world.skeleton.clues.items())
    return bool(alerts_known(world, them, service)) or found or world.cause_known


def answer(world: World, service: str, beat: Beat, step: CascadeStep | None) -> Process:
    """Somebody of the asked team answers; from then on they work on it too."""
    them = _someone(world, service)
    if them is None:
        return
    was_there = them.active
    yield reaction_time(world, them) * (1.0 if was_there else 3.0)
    if world.is_over():
        return
    if not was_there:
        world.pages.append(Page(person=them.handle, service=service, at=beat.at, acknowledged_at=round(world.now)))
        them.desk = service
    world.enter(them, beat.channel, "mentioned")
    aware = is_aware(world, them, service)
    line = _answer_line(world, them, service, beat, step)
    answer = yield from speak(world, them, line)
    second(world, answer)
    asker = world.responders[beat.speaker]
    if aware and world.chance("crossteam", 0.3) and asker.active:
        words = Words(bank="thanks_answer", gist="thanks for the answer")
        line = Line(Act.THANKS, words, place=Place(beat.channel, beat.thread), answers=answer.id)
        yield from speak(world, asker, line, pause(world, "quick"))
    if not was_there:
        world.start(
            them,
            service,
            0.85 if service == world.primary else 0.12,
            after=lognormal(world.rng("crossteam"), 40, 0.6) * world.tempo.think,
        )
    else:
        world.used.add(f"paged:{service}")


def _someone(world: World, service: str) -> Responder | None:
    at_it = [r for r in world.responders.values() if r.active and service in r.services]
    if at_it:
        return at_it[0]
    world.used.add(f"paged:{service}")
    reachable = [handle for handle in world.on_call(service) if handle not in world.called]
    return world.person(reachable[0]) if reachable else None


def uninformed(world: World, me: Responder) -> list[tuple[str, str]]:
    """Channels of other desks this person can read where a cause they know does not stand yet."""
    if world.is_fixed() or sum(ref.startswith("told:") for ref in world.used) >= MOST_TOLD:
        return []
    busy = [c for r in world.present() if (c := world.channel_of(r.desk)) != world.room]
    return [
        (channel, fact)
        for fact in world.causes_known_to(me)
        for channel in sorted(set(busy))
        if channel in me.rooms
        and fact not in world.posted.get(channel, ())
        and world.public(fact)
        and f"told:{channel}" not in world.used
        and world.now - min(facts[fact] for facts in world.posted.values() if fact in facts) < FRESH_S
    ]


def inform(world: World, me: Responder, channel: str, fact: str) -> Process:
    """Bring the cause to a channel where people still wait for it."""
    world.used.add(f"told:{channel}")
    if fact in world.posted.get(channel, ()):
        return
    clue = world.skeleton.clues[fact.partition(":")[2]]
    words = Words(tellings=getattr(clue.tellings, me.persona.voice.manner), bank="inform", gist=clue.fact)
    origin = next((c for c, facts in sorted(world.posted.items()) if fact in facts), channel)
    line = Line(
        Act.INFORM,
        words,
        place=places.thread_of(world, channel),
        cites=(fact,),
        particulars={"channel": origin},
        features=(Feature.SPLIT_TALK,),
    )
    beat = yield from speak(world, me, line)
    listening.stir(world, beat)
