"""Hypotheses: who voiced them, what spoke against them and when, and how long they were held all the same."""

from __future__ import annotations

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.values import Guessed
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat
from slackincidents.schema.seat import Withdraw


def guessed(account: Account) -> tuple[Guessed, ...]:
    """Every hypothesis that was voiced where the seat can read it, by the moment it was."""
    first: dict[str, Beat] = {}
    for beat in account.world.beats:
        if beat.hypothesis and beat.act is not Act.WITHDRAW and account.session.readable(beat):
            first.setdefault(beat.hypothesis, beat)
    return tuple(_guess(account, key, beat) for key, beat in first.items() if key in account.world.raised)


def _guess(account: Account, key: str, voiced: Beat) -> Guessed:
    guess, own = account.skeleton.hypotheses[key], voiced.speaker == account.me
    withdrawn, held = _withdrawn(account, key), _held_until(account, key)
    against = None if guess.true else _against(account, key)
    return Guessed(
        hypothesis=key,
        claim=account.worded(guess.claim).rstrip("."),
        true=guess.true,
        by=voiced.speaker,
        own=own,
        at=account.since(voiced.at),
        until=account.maybe(held),
        withdrawn_at=account.maybe(withdrawn),
        dropped=withdrawn is None and key in account.world.withdrawn,
        against=None if against is None else _named(account, against[1]),
        against_at=None if against is None else account.since(against[0]),
        against_s=0 if against is None or held is None else round(max(0.0, held - max(against[0], voiced.at))),
    )


def _withdrawn(account: Account, key: str) -> float | None:
    """When it was taken back: by order of the seat, or in words."""
    ordered = [at for at, order in account.orders(Withdraw) if order.hypothesis == key]
    said = [float(b.at) for b in account.world.beats if b.act is Act.WITHDRAW and b.hypothesis == key]
    return min((*ordered, *said), default=None)


def _held_until(account: Account, key: str) -> float | None:
    """When nobody held it any more; None for what was dropped without a word."""
    withdrawn = _withdrawn(account, key)
    if withdrawn is None and key in account.world.withdrawn:
        return None
    ends = (withdrawn, account.cause_known, account.fixed, account.end)
    return min(at for at in ends if at is not None)


def _against(account: Account, key: str) -> tuple[float, str] | None:
    """The first thing against it that the seat knew or could read, and when."""
    clues = account.skeleton.clues
    refs = (*account.skeleton.hypotheses[key].refuted_by, *(name for name in clues if key in clues[name].refutes))
    known = [(at, ref) for ref in dict.fromkeys(refs) if (at := account.knows(ref)) is not None]
    return min(known, key=lambda one: one[0], default=None)


def _named(account: Account, ref: str) -> str:
    alerts, clues = account.skeleton.alerts, account.skeleton.clues
    return account.worded(alerts[ref].title if ref in alerts else clues[ref].fact)
