"""What was looked at and what was missed: clue by clue, and source by source."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.moments import found_at, read_at
from slackincidents.drills.debrief.values import Learning, Place
from slackincidents.schema.seat import Look
from slackincidents.schema.skeleton import Source


def learnt(account: Account) -> tuple[Learning, ...]:
    """Every clue of the skeleton, in its order: found by the seat, told by somebody, or missed."""
    return tuple(_learning(account, key) for key in account.skeleton.clues)


def _learning(account: Account, key: str) -> Learning:
    clue, fact = account.skeleton.clues[key], f"clue:{key}"
    known, mine = account.knows(key), None if account.me is None else found_at(account.world, account.me, fact)
    own = known is not None and mine is not None and mine <= known
    looked = min((at for at, order in account.orders(Look) if order.clue == key), default=None)
    return Learning(
        clue=key,
        fact=account.worded(clue.fact),
        where=clue.where,
        service=clue.service,
        trail=key in account.world.trail,
        how="missed" if known is None else "found" if own else "told",
        open_from=account.maybe(_open_from(account, key)),
        looked_at=account.maybe(looked),
        known_at=account.maybe(known),
        by=None if known is None else account.me if own else _teller(account, fact),
    )


def _open_from(account: Account, key: str) -> float | None:
    """When all that must be known first was known to the seat."""
    if account.acknowledged is None:
        return None
    needs = [account.knows(need) for need in account.skeleton.clues[key].needs]
    known = [at for at in needs if at is not None]
    return max([account.acknowledged, *known]) if len(known) == len(needs) else None


def _teller(account: Account, fact: str) -> str | None:
    """Who first said it where the seat can read it."""
    me = account.session.me
    if me is None or read_at(account.world, me, fact) is None:
        return None
    said = (beat for beat in account.world.beats if fact in (*beat.reveals, *beat.cites) and beat.channel in me.rooms)
    return next((beat.speaker for beat in said), None)


def places(account: Account) -> tuple[Place, ...]:
    """Every source in which there was something to find, and every other one the seat looked at."""
    clues = account.skeleton.clues
    trail = {(clues[key].where, clues[key].service) for key in clues if key in account.world.trail}
    looks = list(glances(account))
    known = dict.fromkeys((clue.where, clue.service) for clue in clues.values())
    known |= dict.fromkeys((where, service) for _, where, service, _ in looks)
    return tuple(_place(account, where, service, looks, (where, service) in trail) for where, service in known)


def _place(
    account: Account, where: Source, service: str, looks: list[tuple[float, Source, str, bool]], trail: bool
) -> Place:
    here = sorted((at, empty) for at, there, whose, empty in looks if (there, whose) == (where, service))
    return Place(
        where=where,
        service=service,
        trail=trail,
        clues=sum((clue.where, clue.service) == (where, service) for clue in account.skeleton.clues.values()),
        looks=tuple(account.since(at) for at, _ in here),
        empty=sum(empty for _, empty in here),
    )


def glances(account: Account) -> Iterator[tuple[float, Source, str, bool]]:
    """Every look: when, at what, of which service, and whether there was nothing new. Each counts once."""
    ordered = {(order.clue, round(at)) for at, order in account.orders(Look)}
    for at, order in account.orders(Look):
        clue = account.skeleton.clues[order.clue]
        yield at, clue.where, clue.service, False
    for glance in account.notes.glances:
        if glance.clue is None or (glance.clue, round(glance.at)) not in ordered:
            yield glance.at, glance.where, glance.service, glance.clue is None
