"""What the room could expect of the seat: status updates on a clock, answers, and the other lines it waited for."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.values import Answer, Due, Expected, Updates
from slackincidents.planner.chair import Cue
from slackincidents.render.escalation import LIMITS
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Kind
from slackincidents.schema.seat import HandOver


def updates(account: Account) -> Updates:
    """The updates that were due by the runbook's clock, and those that were given.

    The clock starts with the acknowledgement and again with each update, whoever gave it; it runs at the severity
    of that moment, until it is resolved, handed over, or the drill ends.
    """
    said = [beat for beat in account.world.beats if beat.kind is Kind.STATUS_UPDATE]
    mine = tuple(account.since(beat.at) for beat in said if beat.speaker == account.me)
    others = tuple(account.since(beat.at) for beat in said if beat.speaker != account.me)
    until = _until(account)
    due = () if account.acknowledged is None else tuple(_due(account, said, account.acknowledged, until))
    return Updates(due=due, given=mine, others=others, until=account.since(until))


def _until(account: Account) -> float:
    handed = [at for at, _ in account.orders(HandOver)]
    over = [] if account.resolved is None else [float(account.resolved.at)]
    return min([account.end, *handed, *over])


def _due(account: Account, said: list[Beat], last: float, until: float) -> Iterator[Due]:
    severity = account.severity_at(last)
    while (due := last + 60 * LIMITS[severity].update) <= until:
        following = due + 60 * LIMITS[severity].update
        given = next((beat for beat in said if last < beat.at <= min(following, until)), None)
        yield Due(
            at=account.since(due),
            severity=severity,
            given_at=None if given is None else account.since(given.at),
            by=None if given is None else given.speaker,
        )
        last = due if given is None else float(given.at)
        severity = account.severity_at(last)


def expected(account: Account) -> tuple[Expected, ...]:
    """Every line that others waited for, and what became of it."""
    return tuple(
        Expected(
            at=account.since(cue.opened),
            what=cue.line.words.gist or cue.line.act.value,
            asked_by=None if (asked := account.beat(cue.line.answers)) is None else asked.speaker,
            answer=_answer(account, cue),
            said=cue.text,
        )
        for cue in account.session.chair.cues
        if cue.expected
    )


def _answer(account: Account, cue: Cue) -> Answer:
    """A duty that was done by an order of its own, while the room waited for it, is no lapse."""
    if cue.closed and not cue.lapsed:
        return "as suggested" if cue.text is None else "own words"
    if any(_does(account, cue, beat) for beat in account.world.beats):
        return "own words"
    return "lapsed" if cue.lapsed else "open"


def _does(account: Account, cue: Cue, beat: Beat) -> bool:
    alike = beat.answers == cue.line.answers if cue.line.answers else beat.act in (cue.line.act, Act.RESOLVE)
    return beat.speaker == account.me and alike and cue.opened <= beat.at <= cue.until
