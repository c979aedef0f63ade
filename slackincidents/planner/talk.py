"""Talk between those who are there: exchanges with no fact of the plot, and what a message sets off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from slackincidents.planner import floor, places, replies
from slackincidents.planner.cues import optionally
from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Line, Place
from slackincidents.planner.offers import Offer
from slackincidents.planner.speech import joins, speak
from slackincidents.planner.timing import pause
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act, Feature, Phase
from slackincidents.schema.exchange import Exchange, ExchangeKind, Talk, Turn
from slackincidents.schema.plan import Beat, Words
from slackincidents.schema.seat import Chat

IDLE = {ExchangeKind.WAITING, ExchangeKind.ASIDE}
"""What is only said while one waits, or when it is over."""

LOOKS = {
    ExchangeKind.DEAD_END,
    ExchangeKind.MISREAD,
    ExchangeKind.NO_ACCESS,
    ExchangeKind.TOOL_TROUBLE,
    ExchangeKind.PERMISSION,
}
"""What comes of looking, and is not begun once nobody looks any more."""

RARER = {ExchangeKind.OTHER_TOPIC: 0.35, ExchangeKind.SIDE_FAULT: 0.5}
"""What has nothing to do with the trouble comes up less while it lasts."""

LEVITY = {ExchangeKind.ASIDE}
REPLIES = {Act.AGREE, Act.ANSWER, Act.ASIDE, Act.JOKE, Act.THANKS, Act.DOUBT, Act.APPROVE, Act.ACKNOWLEDGE}
"""What makes no sense when the turn before it was left out."""

TALK = 0.038
"""The pull of idle talk, before the mood of the incident and what was already said."""

ALONE = 0.4
"""How much less somebody talks where nobody else is."""

SILENCE = 2.6
"""The pull of saying nothing; stronger for those who only watch."""

OWN_WEIGHT = 2.0
"""A skeleton's own exchanges are this much likelier than the general ones."""

SHARED_WEIGHT = 2.0
"""Exchanges that need a second person are this much likelier than lone remarks."""


@dataclass(frozen=True)
class Scene:
    """Some turns and who plays them where. `line` holds what all of them have in common."""

    turns: tuple[Turn, ...]
    cast: Mapping[str, Responder]
    place: Place
    line: Line
    opening: str | None = None
    stale_when_fixed: bool = False


def offers(world: World, me: Responder) -> list[Offer]:
    """One offer for all exchanges together, and one for saying nothing."""
    weight = TALK * world.tempo.waste * world.idle / (1.0 + 0.55 * world.exchanges)
    if world.trouble.acting is not None and not world.is_fixed():
        weight *= 1.5
    if not places.heard(world, me):
        weight *= ALONE
    silence = SILENCE * (1.0 - 0.7 * me.drive)
    return [Offer(weight, Chat()), Offer(silence, None)]


def start_one(world: World, me: Responder, kinds: Sequence[ExchangeKind]) -> Process:
    """Begin one exchange of the given kinds that fits the moment, if there is one."""
    exchange = _choose(world, me, kinds)
    if exchange is not None:
        world.used.add(f"exchange:{exchange.id}")
        world.exchanges += 1
        yield from perform(world, me, exchange)


def _choose(world: World, me: Responder, kinds: Sequence[ExchangeKind]) -> Exchange | None:
    moment = _Moment(
        kinds=frozenset(kinds),
        phase=world.phase,
        night=me.night,
        leading=me.handle == world.lead and world.led,
        waiting=world.trouble.acting is not None or world.phase is Phase.VERIFY,
        done=world.is_fixed() or world.cause_known,
        others=len(company(world, me, places.work_place(world, me))),
        used=world.used,
    )
    fitting = [(x, OWN_WEIGHT * _weight(x)) for x in world.skeleton.exchanges if _fits(moment, x)]
    fitting += [(x, _weight(x)) for x in world.setting.exchanges if _fits(moment, x)]
    if not fitting:
        return None
    return world.rng("exchanges").choices([x for x, _ in fitting], [w for _, w in fitting])[0]


@dataclass(frozen=True)
class _Moment:
    """What decides whether an exchange fits now."""

    kinds: frozenset[ExchangeKind]
    phase: Phase
    night: bool
    leading: bool
    waiting: bool
    done: bool
    others: int
    used: set[str]


def _fits(moment: _Moment, exchange: Exchange) -> bool:
    if exchange.kind not in moment.kinds or moment.phase not in exchange.phases:
        return False
    if exchange.opener == "outsider" or (exchange.opener == "lead" and not moment.leading):
        return False
    if exchange.hours != "any" and (exchange.hours == "night") != moment.night:
        return False
    if exchange.kind in IDLE and not moment.waiting and moment.phase is not Phase.WIND_DOWN:
        return False
    if exchange.kind in LOOKS and moment.done:
        return False
    return roles_of(exchange) - 1 <= moment.others and f"exchange:{exchange.id}" not in moment.used


def _weight(exchange: Exchange) -> float:
    return (SHARED_WEIGHT if roles_of(exchange) > 1 else 1.0) * RARER.get(exchange.kind, 1.0)


def roles_of(exchange: Exchange) -> int:
    """How many people an exchange needs."""
    return len({turn.role for turn in exchange.turns})


def company(world: World, me: Responder, place: Place) -> list[Responder]:
    """Who else is there, the busier ones mostly first."""
    others = [r for r in world.present(place.channel) if r.handle != me.handle]
    rng = world.rng("company")
    rng.shuffle(others)
    return sorted(others, key=lambda r: -r.drive if rng.random() < 0.6 else -0.3)


def perform(world: World, me: Responder, exchange: Exchange, others: Sequence[Responder] | None = None) -> Process:
    """Play an exchange; the opener's place holds for all of it."""
    place = places.work_place(world, me)
    if exchange.place == "channel":
        place = Place(place.channel)
    roles = cast(me, company(world, me, place) if others is None else others)
    if floor.taken(world, place.channel):
        return
    line = Line(
        Act.ASIDE,
        Words(),
        exchange=exchange.id,
        particulars=minted(world, exchange),
        features=(Feature.LEVITY,) if exchange.kind in LEVITY else (),
    )
    yield from hold(world, Scene(exchange.turns, roles, place, line))


def set_off(world: World, beat: Beat, talks: Sequence[Talk], name: str, line: Line) -> bool:
    """Let a message set off one of its talks, if somebody is there to take it up. True when it does."""
    fresh = [(i, t) for i, t in enumerate(talks) if f"talk:{name}:{i}" not in world.used]
    place = Place(beat.channel, beat.thread)
    me = world.responders[beat.speaker]
    others = company(world, me, place)
    if not fresh or not others or (floor.taken(world, beat.channel) and world.chance("talks", ONE_AT_A_TIME)):
        return False
    index, chosen = world.rng("talks").choice(fresh)
    world.used.add(f"talk:{name}:{index}")
    scene = Scene(
        chosen.turns, cast(me, others), place, line, opening=beat.id, stale_when_fixed=beat.act is not Act.OUTCOME
    )
    world.spawn(hold(world, scene))
    return True


def hold(world: World, scene: Scene) -> Process:
    """Play a scene while its channel is taken: others begin nothing new there."""
    yield from floor.held(world, scene.place.channel, play(world, scene))


def cast(me: Responder, others: Sequence[Responder]) -> dict[str, Responder]:
    """Who plays which role: ``a`` opens, the others take ``b`` and ``c``."""
    return {"a": me, **dict(zip(("b", "c"), others, strict=False))}


def play(world: World, scene: Scene) -> Process:
    """Play the turns of a scene one after another; replies to a turn left out are left out too."""
    last = scene.opening
    skipped: str | None = None
    merged = False
    for index, turn in enumerate(scene.turns):
        if merged:
            merged = False
            continue
        who = scene.cast.get(turn.role)
        left_hanging = skipped is not None and turn.role != skipped and turn.act in REPLIES
        if who is None or left_hanging or not world.chance("turns", turn.chance):
            if not index:
                return
            skipped = turn.role
            continue
        skipped = None
        yield _pause_before(world, scene, index)
        if _stale(world, scene, index, who):
            return
        merged = _mergeable(scene.turns, index) and joins(world, who)
        beat = yield from optionally(speak(world, who, _line(scene, index, last, merged=merged)))
        if beat is None and not index:
            return
        if beat is None:
            skipped = turn.role
            continue
        last = beat.id
    closing = floor.beat_of(world, last)
    if scene.opening is not None and closing is not None and closing.act is Act.ANSWER:
        replies.second(world, closing)
    yield from optionally(_settled(world, scene, last))


ONE_AT_A_TIME = 0.85
"""Share of talks that are not begun while another one runs in the channel."""

PATIENCE_S = 150.0
"""A reply that would come later than this, because its speaker is busy, is not made."""


def _pause_before(world: World, scene: Scene, index: int) -> float:
    kind = scene.turns[index].pause
    if scene.opening is not None and kind in {"slow", "late"}:
        kind = "normal"
    return pause(world, kind) if index or scene.opening else 0.0


def _stale(world: World, scene: Scene, index: int, who: Responder) -> bool:
    """True when the moment for a turn has passed; what was asked before the fix is still answered."""
    turn = scene.turns[index]
    asked = index > 0 and scene.turns[index - 1].act in floor.ASKING
    tardy = scene.opening is not None or turn.pause in {"slow", "late"}
    if tardy and (world.is_over() or world.trouble.resolved):
        return True
    if scene.stale_when_fixed and world.is_fixed() and not asked:
        return True
    return scene.opening is not None and who.free_at - world.now > PATIENCE_S * world.tempo.talk


SETTLED = 0.2
"""Share of answers that the asker closes with an ok or a thanks."""


def _settled(world: World, scene: Scene, last: str | None) -> Process:
    """The asker acknowledges the answer with a word."""
    turns = scene.turns
    if len(turns) < 2 or turns[-1].act is not Act.ANSWER or turns[-2].role == turns[-1].role:
        return
    asker = scene.cast.get(turns[-2].role)
    spoken = next((b for b in reversed(world.beats) if b.id == last), None)
    answerer = scene.cast.get(turns[-1].role)
    if asker is None or answerer is None or spoken is None or spoken.speaker != answerer.handle:
        return
    if world.is_over() or not world.chance("settled", SETTLED):
        return
    words = Words(bank="ok", gist="has read the answer")
    line = replace(
        scene.line, act=Act.AGREE, words=words, place=scene.place, answers=last, cites=(), features=(), plain=True
    )
    yield from speak(world, asker, line, pause(world, "quick"))


def _mergeable(turns: tuple[Turn, ...], index: int) -> bool:
    if index + 1 >= len(turns):
        return False
    turn, following = turns[index], turns[index + 1]
    return (
        turn.role == following.role
        and following.pause in {"burst", "quick", "normal"}
        and following.act is not Act.CORRECTION
    )


def _line(scene: Scene, index: int, last: str | None, *, merged: bool) -> Line:
    turn = scene.turns[index]
    following = scene.turns[index + 1] if merged else None
    addressed = scene.cast.get("b") if turn.role == "a" else scene.cast["a"]
    gist = f"{turn.gist}; {following.gist}" if following else turn.gist
    words = Words(tellings=turn.tellings, more=following.tellings if following else (), gist=gist)
    levity = (Feature.LEVITY,) if turn.act is Act.JOKE else ()
    return replace(
        scene.line,
        act=turn.act,
        words=words,
        place=scene.place,
        answers=last,
        you=addressed.handle if addressed else None,
        features=(*scene.line.features, *levity),
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
