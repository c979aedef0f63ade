"""Doing something about it: proposed, waved through or objected to, run, waited for, judged."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from slackincidents.planner import guesses, listening, places, talk
from slackincidents.planner.cues import insists, on_their_own, optionally
from slackincidents.planner.kernel import Process, Silence
from slackincidents.planner.line import Line, Place
from slackincidents.planner.offers import Offer
from slackincidents.planner.recognition import agrees, refuses
from slackincidents.planner.replies import reply
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import lognormal, pause, reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat, Ending, Kind, Words
from slackincidents.schema.seat import Attempt
from slackincidents.schema.skeleton import Action

LAZY = 1.6
"""The pull of trying something before the cause is known."""

BOXES = {"five minutes": 300, "ten minutes": 600, "two minutes": 120, "a few minutes": 200}
"""How long one may object, as said and in seconds."""

UNDONE = 0.4
"""Share of harmful actions whose taking back is said in a line of its own."""

UNSAID = 0.25
"""Share of deeds that somebody alone does not announce."""

DOUBTED_FROM = 2
"""After so many things that did not help somebody asks what the next is based on."""

FAILS = 0.22
"""Share of actions whose command does not work the first time."""

SLOW_TYPES = {"rollback", "restart", "scale", "config", "failover"}


def offers(world: World, me: Responder) -> list[Offer]:
    """One offer an action that this person could justify now."""
    if world.trouble.acting is not None or world.is_fixed():
        return []
    return [Offer(weight, Attempt(action=key)) for key, weight in candidates(world, me).items()]


def candidates(world: World, me: Responder) -> dict[str, float]:
    """Actions with what speaks for them; the right one once the cause is known."""
    found: dict[str, float] = {}
    for key, action in world.skeleton.actions.items():
        if key in world.tried or not justified(world, me, action):
            continue
        mine = 1.0 if action.service in me.services else 0.3 if _may_act(world, me, action) else 0.02
        found[key] = mine * _pull(world, me, action)
    return found


def _may_act(world: World, me: Responder, action: Action) -> bool:
    """The lead may act on another team's service while nobody of that team is there."""
    return me.handle == world.lead and not any(action.service in r.services for r in world.present())


def _pull(world: World, me: Responder, action: Action) -> float:
    if action.effect == "fixes":
        if world.setting.ending is Ending.OPEN:
            return 0.0
        return 8.0 if world.causes_known_to(me) else 0.5 if world.setting.ending is Ending.UNEXPLAINED else 0.15
    if world.causes_known_to(me) or world.cause_known:
        return 0.0
    tired = min(2.0, 0.5 + world.now / world.tempo.patience_s)
    weary = 1.0 + 2.0 * len(world.tried)
    return LAZY * action.appeal * tired / weary * (0.4 if world.setting.brief else 1.0)


def justified(world: World, me: Responder, action: Action) -> bool:
    """True when the person knows or suspects all that the action needs."""
    return all(_holds(world, me, need) for need in action.needs)


def _holds(world: World, me: Responder, need: str) -> bool:
    if need in world.skeleton.hypotheses:
        return need in world.raised and need not in world.withdrawn
    if need in world.skeleton.signals:
        return True
    return guesses.knows_ref(world, me, need)


def attempt(world: World, me: Responder, key: str) -> Process:
    """From the idea to the outcome, unless somebody talks them out of it."""
    action = world.skeleton.actions[key]
    world.trouble.acting = key
    world.tried[key] = world.now
    try:
        agreed = yield from _propose(world, me, key, action)
        if not agreed or world.is_over() or world.is_fixed():
            world.trouble.acting = None
            return
        doer = _doer(world, me, action) if agreed == "agreed" else me
        yield from _run(world, doer, key, action, agreed)
    except Silence:
        world.trouble.acting = None
        return
    world.spawn(_see_through(world, doer, key, action))


def _doer(world: World, me: Responder, action: Action) -> Responder:
    """Mostly whoever proposed it; somebody of the service's team who read it, if the proposer is not of it."""
    owners = [r for r in world.present(places.work_channel(world, me)) if action.service in r.services]
    return owners[0] if owners and me not in owners and world.chance("actions", 0.6) else me


def _see_through(world: World, me: Responder, key: str, action: Action) -> Process:
    """Wait for the effect and judge it, while everybody goes on with other things."""
    yield from _await(world, me, action)
    yield from optionally(_judge(world, me, key, action))
    world.trouble.acting = None


def _propose(world: World, me: Responder, key: str, action: Action) -> Generator[float, None, str]:
    """Say it first, and hear what others say. Empty when they talk one out of it."""
    rng = world.rng("actions")
    place = places.work_place(world, me)
    others = talk.company(world, me, place)
    cites = guesses.known_refs(world, me, tuple(n for n in action.needs if n not in world.skeleton.hypotheses))
    if not others and rng.random() < UNSAID:
        return "alone"
    if not others or rng.random() < 0.1:
        words = Words(tellings=(gerund(action.label),), bank="announce", gist=f"about to {action.label}")
        yield from speak(world, me, Line(Act.PROPOSE, words, place=place, action=key, cites=cites))
        return "unasked" if others else "alone"
    if rng.random() < 0.2 * world.tempo.features and not world.setting.brief:
        return (yield from _open_window(world, me, key, action, cites))
    words = Words(tellings=action.proposed, gist=f"proposes to {action.label}")
    beat = yield from speak(world, me, Line(Act.PROPOSE, words, place=place, action=key, cites=cites))
    other = others[0]
    hears = Line(Act.ANSWER, Words(), place=place, answers=beat.id, action=key, cites=cites)
    if rng.random() < (0.28 if action.effect in {"worse", "nothing"} or action.risky else 0.05) * world.tempo.features:
        return (yield from _hear_objection(world, me, other, hears))
    if _is_shaky(world, action):
        world.used.add("based-on")
        yield from _ask_why(world, me, other, hears)
    elif action.talk and rng.random() < 0.7:
        turns = rng.choice(action.talk).turns
        line = Line(Act.ANSWER, Words(), action=key, cites=cites)
        scene = talk.Scene(turns, talk.cast(me, others), place, line, opening=beat.id)
        yield from on_their_own(world, talk.hold(world, scene))
    elif rng.random() < 0.7:
        yield reaction_time(world, other)
        words = Words(bank="approve", gist="fine with it")
        yes = yield from optionally(speak(world, other, replace(hears, act=Act.APPROVE, words=words, cites=())))
        return "" if yes is not None and refuses(yes) else "agreed"
    return "agreed"


def _hear_objection(world: World, me: Responder, other: Responder, line: Line) -> Generator[float, None, str]:
    """Somebody would rather not; whoever proposed it goes on, or lets it be. Nobody does once it is over."""
    yield reaction_time(world, other)
    key = line.action or ""
    action = world.skeleton.actions[key]
    words = Words(tellings=action.objected, gist=f"would rather not {action.label}")
    objection = replace(line, act=Act.OBJECT, words=words, cites=())
    no = None if world.is_over() else (yield from optionally(speak(world, other, objection)))
    if world.is_over():
        return ""
    if no is None or agrees(no):
        return "agreed"
    insisted = yield from insists(world, me, key, world.chance("actions", 0.35))
    yield from _after_objection(world, me, no, key, insisted=insisted)
    return "overruled" if insisted else ""


def _after_objection(world: World, me: Responder, no: Beat, key: str, *, insisted: bool) -> Process:
    """Say that one does it all the same, or that one lets it be."""
    if insisted:
        words = Words(bank="overrule", gist="does it all the same")
        line = Line(Act.ANSWER, words, place=Place(no.channel, no.thread), answers=no.id, action=key)
        yield from speak(world, me, line, reaction_time(world, me))
    else:
        world.spawn(reply(world, me, no, Words(bank="give_in", gist="lets it be"), Act.AGREE))


def _is_shaky(world: World, action: Action) -> bool:
    """True when several things did not help, the next is no surer, and nobody has asked yet."""
    tried = [key for _, key in world.effects if world.skeleton.actions[key].effect != "fixes"]
    return len(tried) >= DOUBTED_FROM and "based-on" not in world.used and action.effect != "fixes"


def _ask_why(world: World, me: Responder, other: Responder, line: Line) -> Process:
    """Somebody asks what this is based on; mostly on nothing, and it is done all the same."""
    words = Words(bank="based_on", gist="asks what that is based on")
    wait = reaction_time(world, other)
    asked = yield from optionally(speak(world, other, replace(line, act=Act.ASK, words=words, cites=()), wait))
    if asked is not None:
        words = Words(bank="based_on_answer", gist="on little")
        told = replace(line, words=words, answers=asked.id, cites=())
        yield from on_their_own(world, optionally(speak(world, me, told, reaction_time(world, me))))


def _open_window(
    world: World, me: Responder, key: str, action: Action, cites: tuple[str, ...]
) -> Generator[float, None, str]:
    words = Words(
        tellings=(gerund(action.label),), bank="objection_window", gist=f"will {action.label} unless somebody objects"
    )
    box = world.rng("actions").choice(list(BOXES))
    line = Line(
        Act.PROPOSE, words, action=key, cites=cites, particulars={"box": box}, features=(Feature.UNLESS_OBJECTION,)
    )
    yield from speak(world, me, line)
    yield BOXES[box] * world.rng("actions").uniform(0.95, 1.25)
    return "agreed"


def _run(world: World, me: Responder, key: str, action: Action, agreed: str) -> Process:
    rng = world.rng("actions")
    yield pause(world, "normal") * world.tempo.think
    failed = rng.random() < FAILS and not world.setting.brief
    if failed or (world.change.fix == "fails-first" and action.effect == "fixes"):
        words = Words(bank="command_failed", gist="the command fails the first time")
        yield from speak(world, me, Line(Act.TROUBLE, words, action=key))
        yield pause(world, "normal")
    bare = rng.random() < 0.3
    rash = agreed in {"unasked", "overruled"} and action.effect in {"nothing", "worse"}
    features = (Feature.WRONG_ACTION,) if action.effect == "worse" or rash else ()
    tellings = action.done if not bare else (f"{action.command}\n{action.output}", action.command)
    words = Words(tellings=tellings, literal=bare, gist=f"did it: {action.label}")
    done = yield from speak(
        world,
        me,
        Line(
            Act.EXECUTE, words, kind=Kind.ACTION, action=key, reveals=(f"action:{key}",), features=features, plain=bare
        ),
    )
    listening.stir(world, done)


def _await(world: World, me: Responder, action: Action) -> Process:
    rng = world.rng("actions")
    if rng.random() < 0.2 and places.heard(world, me):
        words = Words(bank="wait", gist="waits for it to take effect")
        yield from optionally(speak(world, me, Line(Act.WAIT, words), pause(world, "quick")))
    wait = (rng.uniform(*action.takes_s) + rng.uniform(*action.settles_s)) * world.tempo.work
    if action.type in SLOW_TYPES and rng.random() < 0.4 and not world.setting.brief:
        wait += lognormal(rng, 900, 0.5)
        world.mark(world.beats[-1], Feature.DEPLOY_SILENCE)
        world.quiet_until = max(world.quiet_until, world.now + wait * 0.8)
    if wait > 400 and rng.random() < 0.5:
        yield wait * 0.6
        yield from optionally(_nudge(world, me))
        yield wait * 0.4
    else:
        yield wait


def _nudge(world: World, me: Responder) -> Process:
    place = places.work_place(world, me)
    others = talk.company(world, me, place)
    if not others or world.is_over():
        return
    words = Words(bank="nudge", gist="asks whether there is news")
    beat = yield from speak(world, others[0], Line(Act.NUDGE, words, place=place))
    if world.chance("actions", 0.85):
        words = Words(bank="nudge_answer", gist="not yet")
        yield from speak(world, me, Line(Act.ANSWER, words, place=place, answers=beat.id), pause(world, "quick"))


def _judge(world: World, me: Responder, key: str, action: Action) -> Process:
    if world.is_over():
        return
    world.effects.append((world.now, key))
    if action.effect == "fixes":
        world.trouble.fixed_at = world.now
    if action.effect == "partly" and world.chance("relapse", 0.3):
        yield from _false_recovery(world, me, key, action)
        return
    words = Words(tellings=action.outcome, gist=f"what is seen after: {action.label} ({action.effect})")
    beat = yield from speak(world, me, Line(Act.OUTCOME, words, action=key, reveals=(f"outcome:{key}",)))
    listening.stir(world, beat)
    if action.effect == "worse" and world.chance("actions", UNDONE):
        words = Words(bank="undo", gist=f"takes it back: {action.label}")
        yield from speak(world, me, Line(Act.CORRECTION, words, action=key, answers=beat.id), pause(world, "normal"))
        world.undone.append((world.now, key))


def _false_recovery(world: World, me: Responder, key: str, action: Action) -> Process:
    words = Words(bank="all_clear", gist="thinks it is fine now, too early")
    calm = yield from speak(world, me, Line(Act.OUTCOME, words, action=key, features=(Feature.FALSE_RECOVERY,)))
    yield lognormal(world.rng("relapse"), 500, 0.6) * max(world.tempo.work, 0.05)
    if world.is_over():
        return
    words = Words(bank="relapse", gist="it is back")
    line = Line(
        Act.OUTCOME, words, action=key, reveals=(f"outcome:{key}",), answers=calm.id, features=(Feature.FALSE_RECOVERY,)
    )
    yield from speak(world, me, line)


def gerund(label: str) -> str:
    """``restart redis`` -> ``restarting redis``; the first word is a plain verb."""
    verb, _, rest = label.partition(" ")
    verb = verb.lower()
    if verb.endswith("e") and not verb.endswith("ee"):
        verb = verb[:-1]
    elif verb in {"drop", "put", "set", "cut", "stop", "swap", "flip", "scrap", "let", "run", "get"}:
        verb += verb[-1]
    return f"{verb}ing {rest}".strip()
