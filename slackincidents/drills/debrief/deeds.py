"""Actions: who tried what, whether others agreed, what it did, and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackincidents.drills.debrief.account import WHOLE_S, Account
from slackincidents.drills.debrief.values import Deed
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import Beat
from slackincidents.schema.seat import Attempt

ASSENT = (Act.APPROVE, Act.AGREE, Act.ANSWER)


def done(account: Account) -> tuple[Deed, ...]:
    """Every attempt at an action, by the moment it was ordered or proposed.

    One goes from its proposal, or from the act itself where nothing was said before, to the next one: only one is
    under way at a time.
    """
    beats = account.world.beats
    opened = list(_opened(beats))
    ends = [*opened, len(beats)][1:]
    return tuple(_deed(account, beats[place:end], beats[end:]) for place, end in zip(opened, ends, strict=True))


def _opened(beats: Sequence[Beat]) -> Iterator[int]:
    """Where attempts begin."""
    proposed: str | None = None
    for place, beat in enumerate(beats):
        if beat.action and beat.act is Act.PROPOSE:
            proposed = beat.action
            yield place
        elif beat.action and beat.act is Act.EXECUTE:
            if proposed != beat.action:
                yield place
            proposed = None


def _deed(account: Account, beats: Sequence[Beat], later: Sequence[Beat]) -> Deed:
    proposed, key = beats[0], beats[0].action or ""
    action, own = account.skeleton.actions[key], beats[0].speaker == account.me
    about = [beat for beat in beats if beat.action == key or beat.answers == proposed.id]
    ran = next((beat for beat in about if beat.act is Act.EXECUTE), None)
    effect = None if ran is None else _effect(account, key, ran, later)
    at = _ordered(account, key, proposed) if own else float(proposed.at)
    undone = next((b for b in (*beats, *later) if b.act is Act.CORRECTION and b.action == key), None)
    talk = [b for b in about if ran is None or b.at <= ran.at]
    ends = effect if effect is not None else account.end if ran else float(about[-1].at)
    took = max(0.0, ends - at)
    agreed, objector = _agreed(proposed, talk), _objector(proposed, talk)
    return Deed(
        action=key,
        label=account.worded(action.label),
        by=proposed.speaker,
        own=own,
        at=account.since(at),
        done_at=None if ran is None else account.since(ran.at),
        effect_at=account.maybe(effect),
        effect=None if effect is None else action.effect,
        risky=action.risky,
        announced=proposed.act is Act.PROPOSE,
        company=agreed or objector is not None or _company(account, proposed),
        agreed=agreed,
        objected_by=objector,
        undone_at=None if undone is None else account.since(undone.at),
        took_s=round(took),
        added_s=0 if effect is None else _added(account, action.effect, effect, undone, took),
    )


def _ordered(account: Account, key: str, proposed: Beat) -> float:
    """When the seat ordered what it then proposed."""
    before = [at for at, order in account.orders(Attempt) if order.action == key and at <= proposed.at + WHOLE_S]
    return max(before, default=float(proposed.at))


def _effect(account: Account, key: str, ran: Beat, later: Sequence[Beat]) -> float | None:
    """When it took effect; before it is run again, if ever it is."""
    again = next((b.at for b in later if b.act is Act.EXECUTE and b.action == key), float("inf"))
    took = (at for at, name in account.world.effects if name == key and ran.at - WHOLE_S <= at < again)
    return next(took, None)


def _added(account: Account, effect: str, at: float, undone: Beat | None, took: float) -> int:
    if effect == "fixes":
        return 0
    if effect != "worse":
        return round(took)
    ends = [account.end, *([float(undone.at)] if undone else []), *([account.fixed] if account.fixed else [])]
    return round(max(0.0, min(ends) - at))


def _company(account: Account, proposed: Beat) -> bool:
    """Whether a colleague had already spoken where it was proposed: somebody could have been asked."""
    here = _before(account, proposed)
    return any(b.speaker in account.world.responders and b.speaker != proposed.speaker for b in here)


def _before(account: Account, proposed: Beat) -> Iterator[Beat]:
    for beat in account.world.beats:
        if beat.id == proposed.id:
            return
        if beat.channel == proposed.channel and beat.act not in (Act.USER_REPORT, Act.SUPPORT, Act.EXEC):
            yield beat


def _objector(proposed: Beat, talk: Sequence[Beat]) -> str | None:
    return next((b.speaker for b in talk if b.act is Act.OBJECT and b.speaker != proposed.speaker), None)


def _agreed(proposed: Beat, talk: Sequence[Beat]) -> bool:
    """Somebody said yes, or had the chance to object and nobody did."""
    if Feature.UNLESS_OBJECTION in proposed.features:
        return all(beat.act is not Act.OBJECT for beat in talk)
    return any(beat.act in ASSENT and beat.speaker != proposed.speaker for beat in talk)
