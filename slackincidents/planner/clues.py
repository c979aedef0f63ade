"""Looking for clues: where people look first, how long it takes, how they tell what they saw."""

from __future__ import annotations

from slackincidents.planner import guesses, listening, places, talk
from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line
from slackincidents.planner.offers import Offer
from slackincidents.planner.speech import joins, speak
from slackincidents.planner.timing import lognormal, pause, search_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema import plan
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.exchange import ExchangeKind
from slackincidents.schema.people import ServiceKind
from slackincidents.schema.plan import Ending, Words
from slackincidents.schema.seat import Look
from slackincidents.schema.skeleton import Clue

NAMES_OF_SOURCES = {
    "dashboard": "the dashboard",
    "logs": "the logs",
    "traces": "traces",
    "deploys": "the deploy history",
    "flags": "the flags",
    "config": "the config",
    "pods": "the pods",
    "queue": "the queue",
    "database": "the db",
    "code": "the code",
    "users": "what users report",
    "history": "old incidents",
    "network": "the network side",
}
BOXES = ("five minutes", "ten minutes", "a few minutes", "a quarter of an hour")
AFTERTHOUGHT = 0.06
"""Share of finds that are still told once the cause is known."""

TOLD = 0.28
"""Share of finds that are told; the rest is kept, forgotten or taken as known."""

TOLD_ALONE = 0.3
"""The same where nobody else is there to read it."""

TOLD_ON_THE_TRAIL = 0.7
"""The same for what leads to the cause, if somebody is there: who finds it often leaves the rest to others."""

LEFT_S = 100.0
LEFT_CAUSE_S = 210.0
"""How long who found one part leaves the next to the others; longer for the cause itself."""

SHARED = {"dashboard", "logs", "traces", "deploys"}
"""Sources everybody can look at, whosever service it is."""

LINKED = 0.22
"""Share of told finds that come with a link to where it can be seen."""

LOOK_ANNOUNCED = 0.08
EMPTY_HANDED = 0.08
"""Share of looks that find nothing of use the first time."""


def offers(world: World, me: Responder) -> list[Offer]:
    """One offer a clue that this person could go and find now."""
    if world.trouble.resolved or (world.is_fixed() and world.trouble.confirmed):
        return []
    return [Offer(weight, Look(clue=key)) for key, weight in candidates(world, me).items()]


def candidates(world: World, me: Responder) -> dict[str, float]:
    """Clues this person could look for, with how much they are drawn to each."""
    found: dict[str, float] = {}
    for key, clue in world.skeleton.clues.items():
        if not searchable(world, me, key, clue) or (clue.states_cause and world.cause_known):
            continue
        weight = 1.0 if clue.service in me.services else 0.3
        weight *= 2.0 if clue.where in me.persona.looks_first else 1.0
        weight *= (
            1.5 if any(h in world.raised and h not in world.withdrawn for h in (*clue.supports, *clue.refutes)) else 1.0
        )
        if key in world.trail:
            weight *= world.luck * (1.0 + 1.5 * min(1.0, world.now / (0.5 * world.tempo.patience_s)))
        found[key] = weight * (0.03 if world.is_fixed() or world.cause_known else 1.0)
    return found


def searchable(world: World, me: Responder, key: str, clue: Clue) -> bool:
    """True when the clue is still unknown to this person and all it needs is known to them."""
    fact = f"clue:{key}"
    if world.knows(me, fact) or world.public(fact) or f"looking:{key}" in world.used:
        return False
    if world.setting.ending is not Ending.EXPLAINED and (clue.states_cause or key in world.telling):
        return False
    if clue.service not in me.services and clue.where not in SHARED and not _may_look(world, me, clue):
        return False
    if key in world.trail and _leaves(world, me, clue):
        return False
    return all(guesses.knows_ref(world, me, need) for need in clue.needs)


def _leaves(world: World, me: Responder, clue: Clue) -> bool:
    """True while who has just found what a clue rests on leaves it to others who are there to take it up."""
    mine = [x.end for x in world.looks if x.person == me.handle and x.clue in clue.needs]
    if not mine or not places.heard(world, me):
        return False
    left = LEFT_CAUSE_S if clue.states_cause else LEFT_S
    return world.now - max(mine) < left * world.tempo.think


def can_be_found(world: World, me: Responder, key: str) -> bool:
    """True when all that must be known first is known to this person, and nobody has told it yet."""
    clue = world.skeleton.clues[key]
    if world.public(f"clue:{key}") or f"looking:{key}" in world.used:
        return False
    return all(guesses.knows_ref(world, me, need) for need in clue.needs)


def _may_look(world: World, me: Responder, clue: Clue) -> bool:
    """The lead looks at shared infrastructure, and at another team's insides when it takes too long."""
    if me.handle != world.lead:
        return False
    service = world.setting.catalogue.services[clue.service]
    return service.kind is not ServiceKind.SERVICE or world.now > 0.5 * world.tempo.patience_s


def look(world: World, me: Responder, key: str) -> Process:
    """Go and look; now and then come back with nothing first; then tell it, or keep it."""
    clue = world.skeleton.clues[key]
    world.used.add(f"looking:{key}")
    start = round(world.now)
    announced = world.chance("look", LOOK_ANNOUNCED if places.heard(world, me) else LOOK_ANNOUNCED / 2)
    if announced:
        yield from optionally(_announce(world, me, clue))
    yield search_time(world, me, clue.search_s)
    if world.chance("look", EMPTY_HANDED * world.tempo.waste) and not world.is_over():
        kinds = (ExchangeKind.DEAD_END, ExchangeKind.TOOL_TROUBLE, ExchangeKind.NO_ACCESS, ExchangeKind.MISREAD)
        yield from optionally(talk.start_one(world, me, kinds))
        yield search_time(world, me, clue.search_s) * 0.7
    world.used.discard(f"looking:{key}")
    if world.is_over() or world.public(f"clue:{key}"):
        return
    me.found.add(f"clue:{key}")
    world.looks.append(plan.Look(person=me.handle, clue=key, start=start, end=round(world.now)))
    if world.cause_known and (clue.states_cause or not world.chance("look", AFTERTHOUGHT)):
        return
    if clue.states_cause:
        yield from optionally(_lead_up(world, me, key))
        if world.is_over() or world.public(f"clue:{key}"):
            return
    if clue.states_cause or announced or world.chance("look", _told_share(world, me, key)):
        yield from tell(world, me, key)


def _told_share(world: World, me: Responder, key: str) -> float:
    if not places.heard(world, me):
        return TOLD_ALONE
    return TOLD_ON_THE_TRAIL if key in world.trail else TOLD


def _lead_up(world: World, me: Responder, key: str) -> Process:
    """First tell what the cause rests on, if the others have not heard it, then how it dawned."""
    channel = places.work_channel(world, me)
    for need in world.skeleton.clues[key].needs if places.heard(world, me) else ():
        fact = f"clue:{need}"
        if fact in me.found and fact not in world.posted.get(channel, ()) and not world.is_over():
            yield from tell(world, me, need)
            yield lognormal(world.rng("dawn"), 70.0, 0.6) * world.tempo.think
    yield from _dawn(world, me, key)


def _dawn(world: World, me: Responder, key: str) -> Process:
    """What is said on the way to the cause, before anybody states it."""
    clue = world.skeleton.clues[key]
    place = places.work_place(world, me)
    others = talk.company(world, me, place)
    needed = tuple(f"clue:{need}" for need in clue.needs if need in world.skeleton.clues)
    shared = all(fact in world.posted.get(place.channel, ()) for fact in needed)
    if clue.lead_in and others and shared and world.chance("dawn", 0.8 * world.tempo.answers):
        turns = world.rng("dawn").choice(clue.lead_in).turns
        yield from talk.hold(
            world, talk.Scene(turns, talk.cast(me, others), place, Line(Act.LOOK, Words(), cites=needed[:1]))
        )


def _worded(world: World, me: Responder, key: str, act: Act) -> Line:
    """The find in words, perhaps with the guess it suggests, a tail or a link."""
    clue = world.skeleton.clues[key]
    words = Words(tellings=getattr(clue.tellings, me.persona.voice.manner), bank="report", gist=clue.fact)
    link = link_to(clue) if world.chance("links", LINKED) else None
    guess = _suggested(world, me, key)
    if guess and joins(world, me) and guesses.may_be_next(world, guess):
        world.raised[guess] = me.handle
        claim = world.skeleton.hypotheses[guess]
        both = words.model_copy(
            update={"more": claim.raised, "gist": f"{clue.fact}; guesses: {claim.claim}", "link": link}
        )
        return Line(act, both, reveals=(f"clue:{key}",), hypothesis=guess)
    tailed = not clue.states_cause and "tail" not in world.used and joins(world, me) and world.chance("joins", 0.2)
    tail = "continue" if tailed else None
    if tail:
        world.used.add("tail")
    return Line(act, words.model_copy(update={"tail": tail, "link": link}), reveals=(f"clue:{key}",))


def _suggested(world: World, me: Responder, key: str) -> str | None:
    fitting = [h for h in guesses.candidates(world, me) if key in world.skeleton.hypotheses[h].needs]
    return fitting[0] if fitting and not world.cause_known and not world.is_fixed() else None


def link_to(clue: Clue) -> str | None:
    """Where one could see it, for sources that have an address."""
    pages = {
        "dashboard": f"https://grafana.company.com/d/{clue.service}-overview",
        "logs": f"https://logs.company.com/app/{clue.service}",
        "traces": f"https://jaeger.company.com/search?service={clue.service}",
        "deploys": f"https://argocd.company.com/applications/{clue.service}",
        "code": f"https://git.company.com/shop/{clue.service}",
    }
    return pages.get(clue.where)


def _announce(world: World, me: Responder, clue: Clue) -> Process:
    if world.chance("time-box", 0.15 * world.tempo.features):
        words = Words(bank="wait_timebox", gist="asks for a bounded time to look")
        box = world.rng("time-box").choice(BOXES)
        yield from speak(world, me, Line(Act.WAIT, words, particulars={"box": box}, features=(Feature.TIME_BOX,)))
        return
    words = Words(bank="look", gist=f"is looking at {NAMES_OF_SOURCES[clue.where]}")
    yield from speak(world, me, Line(Act.LOOK, words, particulars={"source": NAMES_OF_SOURCES[clue.where]}))


def tell(world: World, me: Responder, key: str) -> Process:
    """Say what was found: in words, as a bare paste, or both."""
    clue = world.skeleton.clues[key]
    fact = f"clue:{key}"
    act = Act.CAUSE if clue.states_cause else Act.REPORT
    pasted = bool(clue.paste) and world.chance("paste", 0.2)
    bare = pasted and world.chance("paste", 0.3) and not clue.states_cause
    if bare:
        words = Words(tellings=clue.paste, literal=True, gist=clue.fact)
        beat = yield from speak(world, me, Line(Act.PASTE, words, reveals=(fact,), features=(Feature.BARE_EVIDENCE,)))
    else:
        line = _worded(world, me, key, act)
        beat = yield from speak(world, me, line)
        if pasted:
            paste = Words(tellings=clue.paste, literal=True, gist=f"evidence: {clue.fact}")
            line = Line(Act.PASTE, paste, cites=(fact,), features=(Feature.BARE_EVIDENCE,))
            yield from speak(world, me, line, pause(world, "burst"))
    if clue.states_cause:
        world.quiet_until = world.now
    listening.stir(world, beat)
