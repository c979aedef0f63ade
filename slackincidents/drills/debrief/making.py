"""From a session and its notes to the debrief: every part is a pure function of what was done."""

from __future__ import annotations

from slackincidents.drills.debrief.account import Account
from slackincidents.drills.debrief.deeds import done
from slackincidents.drills.debrief.duties import expected, updates
from slackincidents.drills.debrief.guesses import guessed
from slackincidents.drills.debrief.history import against
from slackincidents.drills.debrief.looking import learnt, places
from slackincidents.drills.debrief.moments import cause_told_at
from slackincidents.drills.debrief.notes import Notes
from slackincidents.drills.debrief.paging import called, false_all_clears, handovers, paged, severities
from slackincidents.drills.debrief.points import cost, to_try, well
from slackincidents.drills.debrief.signals import stretches
from slackincidents.drills.debrief.steps import steps
from slackincidents.drills.debrief.times import times
from slackincidents.drills.debrief.values import LEFT, Debrief, History, Moved, Peers
from slackincidents.drills.session import Session

NOTHING = Notes()


def debrief(
    session: Session, notes: Notes = NOTHING, *, peers: Peers | None = None, history: History | None = None
) -> Debrief:
    """What was done in a drill, over or not. Reads the session, and changes nothing in it."""
    account = Account(session, notes)
    deeds, told = done(account), updates(account)
    four = times(account, deeds)
    fixed = account.end if account.fixed is None else account.fixed
    skeleton, request = session.skeleton, session.request
    found = Debrief(
        scenario=skeleton.id,
        title=skeleton.title,
        severity=skeleton.severity,
        seed=request.seed,
        start_time=request.start_time,
        played_at=notes.played_at,
        seat=account.me,
        outcome=session.outcome or LEFT,
        ends=account.since(account.end),
        impact_s=round(fixed),
        cause=account.worded(skeleton.root_cause.plain),
        no_alert=account.no_alert,
        times=four,
        cause_told_at=account.maybe(cause_told_at(session.world)),
        clues=learnt(account),
        places=places(account),
        guesses=guessed(account),
        deeds=deeds,
        steps=steps(account, deeds, told),
        updates=told,
        expected=expected(account),
        pages=paged(account),
        called=called(account),
        handovers=handovers(account),
        severities=severities(account),
        false_all_clears=false_all_clears(account),
        fired_again=tuple(map(account.since, session.world.reopened)),
        hints=tuple(Moved(at=account.since(hint.at), what=hint.text) for hint in notes.hints),
        runbook_opened=tuple(map(account.since, notes.runbook)),
        signals=stretches(account),
        peers=peers,
        history=None if history is None else against(history, four),
    )
    return found.model_copy(update={"well": well(found), "cost": cost(found), "next": to_try(found)})
