"""Talk that carries no fact of the plot: exchanges between those who are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from slackincidents.planner import places
from slackincidents.planner.kernel import Process
from slackincidents.planner.offers import Offer
from slackincidents.planner.speech import Line, joins, speak
from slackincidents.planner.timing import pause
from slackincidents.planner.world import Place, Responder, World
from slackincidents.schema.acts import Act, Feature, Phase
from slackincidents.schema.exchange import Exchange, ExchangeKind, Turn
from slackincidents.schema.plan import Words

REPLIES = {Act.AGREE, Act.ANSWER, Act.ASIDE, Act.JOKE, Act.THANKS, Act.DOUBT, Act.APPROVE}
"""What makes no sense when the turn before it was left out."""

LEVITY = {ExchangeKind.ASIDE}
LOOKS = {ExchangeKind.DEAD_END, ExchangeKind.MISREAD, ExchangeKind.NO_ACCESS, ExchangeKind.TOOL_TROUBLE}
TALK = 0.36
SILENCE = 1.6
"""The pull of saying nothing; stronger for those who only watch."""
OWN_WEIGHT = 4.0
"""A skeleton's own exchanges are this much likelier than the general ones."""


def offers(world: World, me: Responder) -> list[Offer]:
    """One offer for all exchanges together; how talkative this incident is varies by seed."""
    weight = TALK * world.tempo.waste * world.idle / (1.0 + 0.55 * world.exchanges)
    if world.trouble.acting is not None and world.trouble.fixed_at is None:
        weight *= 1.5
    silence = SILENCE * (1.0 - 0.7 * me.drive)
    return [Offer(weight, partial(start_one, world, me, tuple(ExchangeKind))), Offer(silence, _nothing)]


def _nothing() -> Process:
    return
    yield


def start_one(world: World, me: Responder, kinds: Sequence[ExchangeKind]) -> Process:
    """Begin one exchange of the given kinds that fits the moment, if there is one."""
    exchange = _choose(world, me, kinds)
    if exchange is not None:
        world.used.add(f"exchange:{exchange.id}")
        world.exchanges += 1
        yield from perform(world, me, exchange)


def _choose(world: World, me: Responder, kinds: Sequence[ExchangeKind]) -> Exchange | None:
    rng = world.rng("exchanges")
    fitting = [(x, OWN_WEIGHT) for x in world.skeleton.exchanges if _fits(world, me, x, kinds)]
    fitting += [(x, 1.0) for x in world.setting.exchanges if _fits(world, me, x, kinds)]
    if not fitting:
        return None
    kind = rng.choice(sorted({x.kind for x, _ in fitting}))
    of_kind = [(x, w) for x, w in fitting if x.kind is kind]
    return rng.choices([x for x, _ in of_kind], [w for _, w in of_kind])[0]


def _fits(world: World, me: Responder, exchange: Exchange, kinds: Sequence[ExchangeKind]) -> bool:
    if exchange.kind not in kinds or f"exchange:{exchange.id}" in world.used or world.phase not in exchange.phases:
        return False
    if exchange.hours != "any" and (exchange.hours == "night") != me.night:
        return False
    if exchange.kind is ExchangeKind.WAITING and world.trouble.acting is None and world.phase is not Phase.VERIFY:
        return False
    if exchange.opener == "outsider" or (exchange.opener == "lead" and me.handle != world.lead):
        return False
    place = places.work_place(world, me)
    return len(_company(world, me, place)) >= len(needed_roles(exchange)) - 1


def needed_roles(exchange: Exchange) -> tuple[str, ...]:
    """The roles an exchange cannot do without."""
    return tuple(sorted({turn.role for turn in exchange.turns}))


def _company(world: World, me: Responder, place: Place) -> list[Responder]:
    return [r for r in world.present(place.channel) if r.handle != me.handle]


def perform(world: World, me: Responder, exchange: Exchange, company: Sequence[Responder] | None = None) -> Process:
    """Play the turns of an exchange; the opener's place holds for all of it."""
    place = places.work_place(world, me)
    if exchange.place == "channel":
        place = Place(place.channel)
    others = list(company if company is not None else _company(world, me, place))
    world.rng("exchanges").shuffle(others)
    others.sort(key=lambda r: -r.drive if world.chance("exchanges", 0.6) else 0)
    cast = dict(zip(("b", "c"), others, strict=False)) | {"a": me}
    last: str | None = None
    skipped: str | None = None
    merged = False
    for index, turn in enumerate(exchange.turns):
        if merged:
            merged = False
            continue
        who = cast.get(turn.role)
        left_hanging = skipped is not None and turn.role != skipped and turn.act in REPLIES
        if who is None or left_hanging or not world.chance("exchanges", turn.chance):
            skipped = turn.role
            continue
        skipped = None
        wait = 0.0 if index == 0 else pause(world, turn.pause)
        merged = _mergeable(exchange, index) and joins(world, who)
        line = _line(world, exchange, index, cast, place, last, merged=merged)
        if world.over and turn.pause in {"slow", "late"}:
            return
        beat = yield from speak(world, who, line, wait)
        last = beat.id if turn.role == "a" or last is None else last


def _mergeable(exchange: Exchange, index: int) -> bool:
    if index + 1 >= len(exchange.turns):
        return False
    turn, following = exchange.turns[index], exchange.turns[index + 1]
    return turn.role == following.role and following.pause in {"burst", "quick", "normal"} and following.act is not Act.CORRECTION


def _line(
    world: World, exchange: Exchange, index: int, cast: dict[str, Responder], place: Place, last: str | None, *, merged: bool
) -> Line:
    turn: Turn = exchange.turns[index]
    following = exchange.turns[index + 1] if merged else None
    addressed = cast.get("b") if turn.role == "a" else cast["a"]
    gist = f"{turn.gist}; {following.gist}" if following else turn.gist
    words = Words(tellings=turn.tellings, more=following.tellings if following else (), gist=gist)
    levity = exchange.kind in LEVITY or turn.act in {Act.JOKE, Act.ASIDE}
    return Line(
        turn.act,
        words,
        place=place,
        exchange=exchange.id,
        answers=last if turn.role != "a" else None,
        you=addressed.handle if addressed else None,
        particulars=minted(world, exchange),
        features=(Feature.LEVITY,) if levity else (),
    )


def minted(world: World, exchange: Exchange) -> dict[str, str]:
    """The exchange's particulars; the same list gives the same value all through one incident."""
    values: dict[str, str] = {}
    for name, options in sorted(exchange.particulars.items()):
        key = (name, options)
        if key not in world.minted:
            world.minted[key] = world.rng(f"particulars/{name}").choice(options)
        values[name] = world.minted[key]
    return values
