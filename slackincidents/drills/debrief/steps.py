"""The runbook's steps: which were done, by whom, and which were skipped.

How a step is told from what was done:

- 1. Acknowledge: the page, within the runbook's minutes of the first alert; a severity that the seat set; a first
  update, by anybody, before it was due. Opening the room is not asked: the simulation opens it.
- 2. First checks: a check is one source of one service. Done when the seat looked there, found something or not; by
  others when the seat read something from there; not needed when neither, and the seat came to know the cause.
- 3. Suspects: done when the seat knew anything of what the runbook lists under it; the same rule for not needed.
- 4. Mitigate: the fault gone through an action that the seat proposed; a go-ahead before each risky one.
- 5. Verify: a look between the end of the fault and the word that it is over; the runbook's minutes between the two.
- 6. Escalate: somebody asked, called in or given the lead, or the severity raised, by the time the runbook says;
  not needed when the fault was gone by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.looking import glances
from slackincidents.drills.debrief.values import Deed, State, Step, Updates
from slackincidents.render.escalation import LIMITS
from slackincidents.render.room import span
from slackincidents.render.runbook import STEADY_MIN
from slackincidents.render.suspects import Check, search
from slackincidents.schema import seat

FIRST, CHECKS, SUSPECTS, MITIGATE, VERIFY, ESCALATE = (
    "1. Acknowledge",
    "2. First checks",
    "3. Suspects",
    "4. Mitigate",
    "5. Verify",
    "Escalation",
)


def steps(account: Account, deeds: tuple[Deed, ...], updates: Updates) -> tuple[Step, ...]:
    """Every step of the runbook, in its order; none before anything has gone off."""
    if not account.began:
        return ()
    return (
        *_first(account, updates),
        *_checks(account),
        *_suspects(account),
        *_mitigation(account, deeds),
        *_verification(account),
        _escalation(account),
    )


def _first(account: Account, updates: Updates) -> Iterator[Step]:
    limits, at = LIMITS[account.skeleton.severity], account.maybe(account.acknowledged)
    late = at is not None and at > 60 * limits.acknowledge
    note = f"after {span(at)}" if late and at is not None else ""
    state: State = "skipped" if at is None or late else "done"
    yield Step(section=FIRST, name=f"Answer the page within {limits.acknowledge} min", state=state, at=at, note=note)
    levels = [account.since(when) for when, _ in account.orders(seat.Triage)]
    yield _step(FIRST, "Say how severe it is", levels)
    if not updates.due:
        yield Step(section=FIRST, name="First status update in time", state="not needed", note="none was due")
        return
    first = updates.due[0]
    given = first.given_at is not None and not first.late_s
    by_me: State = "done" if first.by == account.me else "by others"
    yield Step(
        section=FIRST, name="First status update in time", state=by_me if given else "skipped", at=first.given_at
    )


def _step(section: str, name: str, moments: Iterable[int], otherwise: State = "skipped", note: str = "") -> Step:
    """Done at the first of the moments; without any, something else."""
    first = min(moments, default=None)
    return Step(section=section, name=name, state=otherwise if first is None else "done", at=first, note=note)


def _checks(account: Account) -> Iterator[Step]:
    looks = list(glances(account))
    for check in search(account.skeleton).checks:
        mine = [account.since(at) for at, where, whose, _ in looks if (where, whose) == (check.where, check.service)]
        told = _told(account, check)
        name = f"Check {check.number}: {check.where} of {check.service}"
        if mine or told is None:
            yield _step(CHECKS, name, mine, _unless_known(account))
        else:
            yield Step(section=CHECKS, name=name, state="by others", at=account.since(told))


def _told(account: Account, check: Check) -> float | None:
    clues = account.skeleton.clues
    here = (key for key in clues if (clues[key].where, clues[key].service) == (check.where, check.service))
    return min((at for key in here if (at := account.knows(key)) is not None), default=None)


def _unless_known(account: Account) -> State:
    return "skipped" if account.cause_known is None else "not needed"


def _suspects(account: Account) -> Iterator[Step]:
    clues = account.skeleton.clues
    for suspect in search(account.skeleton).suspects:
        guess = account.skeleton.hypotheses[suspect.key]
        about = {*guess.needs, *guess.refuted_by}
        about |= {key for key, clue in clues.items() if suspect.key in (*clue.supports, *clue.refutes)}
        known = [account.since(at) for key in sorted(about) if (at := account.knows(key)) is not None]
        yield _step(SUSPECTS, f"Test: {account.worded(guess.component)}", known, _unless_known(account))


def _mitigation(account: Account, deeds: tuple[Deed, ...]) -> Iterator[Step]:
    fixed = next((deed for deed in deeds if deed.effect == "fixes"), None)
    if fixed is None or fixed.own:
        yield _step(MITIGATE, "Mitigate", [] if fixed is None or fixed.effect_at is None else [fixed.effect_at])
    else:
        yield Step(section=MITIGATE, name="Mitigate", state="by others", at=fixed.effect_at)
    for deed in (one for one in deeds if one.own and one.risky and one.done_at is not None):
        yield Step(
            section=MITIGATE,
            name=f"A go-ahead before a risky step: {deed.label}",
            state="done" if deed.agreed and not deed.objected_by else "skipped",
            at=deed.done_at,
            note="" if deed.agreed or deed.company else "nobody else had spoken there",
        )


def _verification(account: Account) -> Iterator[Step]:
    look, hold = "Look again before calling it over", f"Let it hold for {STEADY_MIN} min"
    if account.fixed is None:
        yield from (
            Step(section=VERIFY, name=name, state="not needed", note="it was not fixed") for name in (look, hold)
        )
        return
    over = account.resolved
    until = account.end if over is None else float(over.at)
    yield _step(VERIFY, look, [account.since(at) for at, *_ in glances(account) if account.fixed <= at <= until])
    held = round(until - account.fixed)
    own: State = "done" if over is None or over.speaker == account.me else "by others"
    yield Step(
        section=VERIFY,
        name=hold,
        state=own if held >= 60 * STEADY_MIN else "skipped",
        at=None if over is None else account.since(over.at),
        note=f"it was {span(held)}",
    )


def _escalation(account: Account) -> Step:
    limits = LIMITS[account.skeleton.severity]
    due = account.start + 60 * limits.mitigation
    name = f"No mitigation after {limits.mitigation} min: ask the neighbours, get help, raise the severity"
    if min(at for at in (account.fixed, account.end) if at is not None) <= due:
        return Step(section=ESCALATE, name=name, state="not needed")
    kinds = (seat.Ask, seat.CallIn, seat.HandOver)
    moments = [account.since(at) for kind in kinds for at, _ in account.orders(kind)]
    moments += [
        account.since(at) for at, order in account.orders(seat.Triage) if order.severity < account.skeleton.severity
    ]
    return _step(ESCALATE, name, moments)
