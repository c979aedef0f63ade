"""Hypotheses: raised on little, doubted, refuted by what is found, taken back or let drop."""

from __future__ import annotations

from slackincidents.planner import listening, places
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line
from slackincidents.planner.offers import Offer
from slackincidents.planner.speech import speak
from slackincidents.planner.timing import reaction_time
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Words
from slackincidents.schema.seat import Guess, Withdraw
from slackincidents.schema.skeleton import Hypothesis

BURST_S = 600
BURST_SIZE = 3
FORGOTTEN_S = 1300
ALONE = 0.4
"""How much less somebody guesses where nobody else reads it."""

TAKEN_BACK = 0.85
"""Share of refuted guesses that somebody takes back in words; the rest is let drop."""


def offers(world: World, me: Responder) -> list[Offer]:
    """One offer a guess that this person might voice now, and one for each that must fall."""
    if world.is_fixed() or world.cause_known:
        return [Offer(1.5, Withdraw(hypothesis=key)) for key in fallen(world, me)]
    share = 1.0 if world.setting.brief or places.heard(world, me) else ALONE
    raisable = [Offer(share * weight, Guess(hypothesis=key)) for key, weight in candidates(world, me).items()]
    return raisable + [Offer(3.0, Withdraw(hypothesis=key)) for key in fallen(world, me)]


def candidates(world: World, me: Responder) -> dict[str, float]:
    """Guesses this person could voice, with their pull; hunches come easily early on."""
    early = 1.2 if world.now < 0.25 * world.tempo.patience_s else 0.3
    found: dict[str, float] = {}
    for key, guess in world.skeleton.hypotheses.items():
        if key in world.raised or not supported(world, me, guess) or contradicted(world, me, guess):
            continue
        weight = guess.appeal * (1.0 if guess.needs else 0.5 * early) * world.guessing
        if guess.true:
            weight *= 0.8 if guess.needs else 0.2
        found[key] = weight / (1 + len(world.raised) * 0.5)
    return found


def supported(world: World, me: Responder, guess: Hypothesis) -> bool:
    """True when the person knows what suggests the guess."""
    return all(knows_ref(world, me, need) for need in guess.needs)


def contradicted(world: World, me: Responder, guess: Hypothesis) -> bool:
    """True when the person already knows better."""
    return any(knows_ref(world, me, ref) for ref in guess.refuted_by)


def knows_ref(world: World, me: Responder, ref: str) -> bool:
    """True when the person knows a clue or an alert, by its bare id."""
    kind = "alert" if ref in world.skeleton.alerts else "clue"
    return world.knows(me, f"{kind}:{ref}")


def known_refs(world: World, me: Responder, refs: tuple[str, ...]) -> tuple[str, ...]:
    """The facts among bare ids that the person knows."""
    return tuple(("alert:" if r in world.skeleton.alerts else "clue:") + r for r in refs if knows_ref(world, me, r))


def may_be_next(world: World, key: str) -> bool:
    """False for a guess that the change forbids as long as no guess was voiced."""
    wanted = world.change.first_hypothesis
    if wanted is None or any(beat.hypothesis for beat in world.beats):
        return True
    return world.skeleton.hypotheses[key].true == (wanted == "right")


def _instead(world: World, me: Responder) -> str | None:
    """The guess of the kind asked for that draws this person most, if there is one."""
    fitting = {key: weight for key, weight in candidates(world, me).items() if may_be_next(world, key)}
    return max(fitting, key=lambda key: fitting[key], default=None)


def raise_guess(world: World, me: Responder, drawn: str) -> Process:
    """Voice a guess; another, or none, when a change wants the first one so."""
    key = drawn if may_be_next(world, drawn) else _instead(world, me)
    if key is None:
        return
    guess = world.skeleton.hypotheses[key]
    world.raised[key] = me.handle
    words = Words(tellings=guess.raised, gist=guess.claim)
    line = Line(Act.HYPOTHESIZE, words, cites=known_refs(world, me, guess.needs), hypothesis=key)
    beat = yield from speak(world, me, line)
    recent = [b for b in world.beats if b.act is Act.HYPOTHESIZE and beat.at - b.at <= BURST_S]
    if len(recent) >= BURST_SIZE:
        world.mark(beat, Feature.HYPOTHESIS_BURST)
    listening.stir(world, beat)


def fallen(world: World, me: Responder) -> list[str]:
    """Guesses of this person's own that they now know to be wrong."""
    return [
        key
        for key, owner in world.raised.items()
        if owner == me.handle and key not in world.withdrawn and contradicted(world, me, world.skeleton.hypotheses[key])
    ]


def take_back(world: World, me: Responder, key: str) -> Process:
    """Take a guess back, or just never mention it again."""
    world.withdrawn.add(key)
    raised_at = max((b.at for b in world.beats if b.hypothesis == key), default=0)
    stale = world.now - raised_at > FORGOTTEN_S * max(world.tempo.think, 0.1)
    alone = not talk_partners(world, me)
    if stale or alone or not world.chance("withdraw", TAKEN_BACK):
        return
    guess = world.skeleton.hypotheses[key]
    words = Words(tellings=guess.withdrawn, gist=f"takes back: {guess.claim}")
    yield from speak(
        world, me, Line(Act.WITHDRAW, words, hypothesis=key, cites=known_refs(world, me, guess.refuted_by))
    )


def talk_partners(world: World, me: Responder) -> list[Responder]:
    """Who else is where this person talks."""
    return [r for r in world.present(places.work_place(world, me).channel) if r is not me]


def contest(world: World, me: Responder, key: str, beat_id: str) -> Process:
    """Another person doubts a guess, or refutes it with what they know."""
    guess = world.skeleton.hypotheses[key]
    yield reaction_time(world, me)
    told = world.posted.get(places.work_place(world, me).channel, {})
    against = tuple(f for f in known_refs(world, me, guess.refuted_by) if f not in told)
    if world.is_over() or key in world.withdrawn or world.cause_known:
        return
    if against and not guess.true:
        clue = world.skeleton.clues.get(against[0].partition(":")[2])
        tellings = getattr(clue.tellings, me.persona.voice.manner) if clue else guess.doubted
        bank = "report" if clue else None
        words = Words(tellings=tellings, bank=bank, gist=f"against: {guess.claim}")
        yield from speak(world, me, Line(Act.REFUTE, words, cites=against[:1], hypothesis=key, answers=beat_id))
        return
    words = Words(tellings=guess.doubted, gist=f"doubts: {guess.claim}")
    yield from speak(world, me, Line(Act.DOUBT, words, hypothesis=key, answers=beat_id))
