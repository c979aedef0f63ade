"""The four times of a drill, each with whom it ended with, or why there is none.

They are those of `slackincidents stats` with what a file does not tell: the pager knows when it was answered, so an
emoji is no gap and neither is a drill without an alert; and diagnosed is when the seat knew the cause, by finding or
reading it, not when somebody first stated it.
"""

from __future__ import annotations

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.looking import learnt
from slackincidents.drills.debrief.moments import four_times
from slackincidents.drills.debrief.values import Deed, Time
from slackincidents.stats import Measure


def times(account: Account, deeds: tuple[Deed, ...]) -> dict[Measure, Time]:
    """The four times."""
    seconds = four_times(account.world, account.me)
    people = {
        Measure.ACKNOWLEDGE: account.me,
        Measure.DIAGNOSE: _finder(account),
        Measure.MITIGATE: next((deed.by for deed in deeds if deed.effect == "fixes"), None),
        Measure.RESOLVE: account.resolved.speaker if account.resolved else None,
    }
    return {
        what: Time(why=_why(account, what)) if time is None else Time(seconds=time, person=people[what])
        for what, time in seconds.items()
    }


def _finder(account: Account) -> str | None:
    at = account.maybe(account.cause_known)
    stating = (one for one in learnt(account) if account.skeleton.clues[one.clue].states_cause)
    return next((one.by for one in stating if one.known_at == at), None)


def _why(account: Account, what: Measure) -> str:
    if not account.began:
        return "nothing had gone off yet"
    if account.session.chair.outage is not None:
        return "nobody answered the pager"
    if account.me is None:
        return "the drill was left before the page was answered"
    left = "" if account.session.over else " before the drill was left"
    return {
        Measure.ACKNOWLEDGE: "the page was not answered",
        Measure.DIAGNOSE: "you did not learn the cause",
        Measure.MITIGATE: "the fault was not gone",
        Measure.RESOLVE: "it was not resolved",
    }[what] + left
