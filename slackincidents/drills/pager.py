"""The pager: one incident from the first page to the end. No clock, no chance, no output: a function of its inputs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from slackincidents.drills import events as out
from slackincidents.drills.commands import (
    Acknowledge,
    CallIn,
    Command,
    Escalate,
    HandOver,
    Ignore,
    Mitigate,
    Reopen,
    Resolve,
    Tick,
    Triage,
    Trigger,
)
from slackincidents.drills.escalation import Policy
from slackincidents.drills.stage import Fate, Page, Pager, Stage, possible

__all__ = ["Events", "Fate", "Outcome", "Page", "Pager", "Stage", "advance", "possible", "replay"]

Events = tuple[out.Event, ...]
Outcome = tuple[Pager, Events]


def advance(state: Pager, command: Command, now: float) -> Outcome:
    """Let time pass until `now`, then do what the command says. Never raises.

    Pages that have come due by `now` expire first, in order, each at its own moment. A command that
    makes no sense gives the state it was given, and one `Refused`.
    """
    if not math.isfinite(now) or now < state.at:
        return _refused(state, command, state.at, f"time runs forward: {now} comes before {state.at}")
    current, passed = _pass_time(state, now)
    if command.kind not in possible(current):
        return _refused(state, command, now, _why_not(current, command), current)
    outcome = _call(current, command, now) or _course(current, command, now)
    if isinstance(outcome, str):
        return _refused(state, command, now, outcome, current)
    following, events = outcome
    return following, passed + events


def replay(policy: Policy, commands: Iterable[tuple[float, Command]]) -> Outcome:
    """The state and all events after (moment, command) pairs: how a stored drill is taken up again."""
    state, events = Pager(policy), list[out.Event]()
    for now, command in commands:
        state, more = advance(state, command, now)
        events += more
    return state, tuple(events)


def _refused(state: Pager, command: Command, at: float, reason: str, seen: Pager | None = None) -> Outcome:
    return state, (out.Refused(at=at, command=command.kind, reason=reason, possible=possible(seen or state)),)


def _why_not(state: Pager, command: Command) -> str:
    if isinstance(command, Acknowledge | Escalate) and state.owner:
        return f"{state.owner} has acknowledged it: there is nothing left to {command.kind}"
    if isinstance(command, Escalate) and state.waiting:
        return "nobody is left to escalate to"
    return f"{command.kind} makes no sense while the incident is {state.stage}"


def _pass_time(state: Pager, now: float) -> Outcome:
    """Expire what has come due, escalating at that very moment; bounded by the policy's levels and repeats."""
    events: Events = ()
    while (due := state.due) is not None and due <= now:
        late = [number for number in state.open_pages if state.pages[number].due <= due]
        state, expired = _close(state, late, Fate.EXPIRED, due)
        state, after = _go_on(state, due)
        events += expired + after
    return replace(state, at=now), events


def _call(state: Pager, command: Command, now: float) -> Outcome | str | None:
    """Commands about who comes; None for all others."""
    match command:
        case Acknowledge():
            return _acknowledge(state, command.by, now) if not state.owner else _join(state, command.by, now)
        case Ignore():
            return _ignore(state, command.by, now)
        case Escalate():
            open_pages, gone = _close(state, state.open_pages, Fate.CANCELLED, now)
            following, events = _next_level(open_pages, now, command.by)
            return following, gone + events
        case CallIn():
            return _call_in(state, command, now)
        case HandOver():
            return _hand_over(state, command, now)
        case _:
            return None


def _course(state: Pager, command: Command, now: float) -> Outcome | str:
    """Commands about the incident itself."""
    match command:
        case Trigger():
            return _trigger(state, command, now)
        case Triage(severity=severity):
            triaged = replace(state, stage=Stage.TRIAGED, severity=severity)
            return triaged, (out.Triaged(at=now, severity=severity, before=state.severity),)
        case Mitigate(by=by):
            return replace(state, stage=Stage.MITIGATED), (out.Mitigated(at=now, by=by),)
        case Resolve(by=by):
            closed, gone = _close(state, state.open_pages, Fate.CANCELLED, now)
            return replace(closed, stage=Stage.RESOLVED), (out.Resolved(at=now, by=by), *gone)
        case Reopen(reason=reason):
            again = replace(state, stage=Stage.REOPENED, owner=None, joined=())
            following, paged = _page_level(again, 0, 0, now)
            return following, (out.Reopened(at=now, reason=reason), *paged)
        case Tick():
            return state, ()
        case _:
            return f"{command.kind} is not a command for this"


def _trigger(state: Pager, command: Trigger, now: float) -> Outcome:
    counted = replace(state, alerts=state.alerts + 1)
    if state.stage is not Stage.QUIET:
        return counted, (out.Grouped(at=now, details=command.details, alerts=counted.alerts),)
    begun = replace(counted, stage=Stage.TRIGGERED, severity=command.severity)
    following, paged = _page_level(begun, 0, 0, now)
    return following, (out.Triggered(at=now, details=command.details, severity=command.severity), *paged)


def _acknowledge(state: Pager, by: str, now: float) -> Outcome:
    mine = state.page_to(by)
    answered = _marked(state, () if mine is None else (mine,), Fate.ANSWERED, now)
    closed, gone = _close(answered, answered.open_pages, Fate.CANCELLED, now)
    taken = replace(closed, stage=Stage.ACKNOWLEDGED, owner=by)
    return taken, (out.Acknowledged(at=now, by=by, page=mine), *gone)


def _join(state: Pager, by: str, now: float) -> Outcome | str:
    mine = state.page_to(by)
    if mine is None:
        return f"{state.owner} has acknowledged it, and nobody called {by} in"
    answered = _marked(state, (mine,), Fate.ANSWERED, now)
    return replace(answered, joined=(*state.joined, by)), (out.Joined(at=now, by=by, page=mine),)


def _ignore(state: Pager, by: str, now: float) -> Outcome | str:
    mine = state.page_to(by)
    if mine is None:
        ringing = " and ".join(state.pages[number].person for number in state.open_pages)
        return f"no page to {by} is open; it rings at {ringing}"
    closed, expired = _close(state, (mine,), Fate.EXPIRED, now, ignored=True)
    following, events = _go_on(closed, now)
    return following, expired + events


def _call_in(state: Pager, command: CallIn, now: float) -> Outcome | str:
    if command.person == state.owner or command.person in state.joined:
        return f"{command.person} is on it already"
    if state.page_to(command.person) is not None:
        return f"{command.person} has been called in already"
    due = now + state.policy.levels[0].timeout_s
    return _send(state, Page(command.person, state.level, state.lap, now, due, called_in_by=command.by))


def _hand_over(state: Pager, command: HandOver, now: float) -> Outcome | str:
    if command.by != state.owner:
        return f"{command.by} cannot hand it over: {state.owner} has it"
    if command.to == command.by:
        return f"{command.by} has it already"
    theirs = state.page_to(command.to)
    closed, gone = _close(state, () if theirs is None else (theirs,), Fate.CANCELLED, now)
    joined = tuple(person for person in state.joined if person != command.to)
    given = replace(closed, owner=command.to, joined=joined)
    return given, (out.HandedOver(at=now, by=command.by, to=command.to), *gone)


def _go_on(state: Pager, now: float) -> Outcome:
    """Escalate when nobody of this level is left who could answer."""
    return (state, ()) if not state.waiting or state.open_pages else _next_level(state, now, None)


def _next_level(state: Pager, now: float, by: str | None) -> Outcome:
    following = state.policy.after(state.level, state.lap)
    if following is None:
        people = tuple(dict.fromkeys(person for level in state.policy.levels for person in level.people))
        return replace(state, stage=Stage.UNANSWERED), (out.MajorOutage(at=now, people=people),)
    level, lap = following
    paged, events = _page_level(state, level, lap, now)
    return paged, (out.Escalated(at=now, level=level, lap=lap, by=by), *events)


def _page_level(state: Pager, level: int, lap: int, now: float) -> Outcome:
    step, events = state.policy.levels[level], list[out.Event]()
    state = replace(state, level=level, lap=lap)
    for person in dict.fromkeys(step.people):
        state, sent = _send(state, Page(person, level, lap, now, now + step.timeout_s))
        events += sent
    return state, tuple(events)


def _send(state: Pager, page: Page) -> Outcome:
    event = out.Paged(
        at=page.sent_at,
        page=len(state.pages),
        person=page.person,
        level=page.level,
        lap=page.lap,
        due=page.due,
        called_in_by=page.called_in_by,
    )
    return replace(state, pages=(*state.pages, page)), (event,)


def _close(state: Pager, numbers: Iterable[int], fate: Fate, now: float, *, ignored: bool = False) -> Outcome:
    """End pages as expired or cancelled, and say so."""
    chosen = tuple(numbers)
    closed = _marked(state, chosen, fate, now)
    if fate is Fate.CANCELLED:
        return closed, tuple(out.Cancelled(at=now, page=n, person=state.pages[n].person) for n in chosen)
    return closed, tuple(out.Expired(at=now, page=n, person=state.pages[n].person, ignored=ignored) for n in chosen)


def _marked(state: Pager, numbers: tuple[int, ...], fate: Fate, now: float) -> Pager:
    pages = list(state.pages)
    for number in numbers:
        pages[number] = replace(pages[number], fate=fate, closed_at=now)
    return replace(state, pages=tuple(pages))
