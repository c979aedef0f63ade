"""When it was detected, acknowledged, understood, mitigated and resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent
from slackincidents.schema.plan import Ending
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import Kind, Milestone, Question, Times

FEWEST = 3
LEAST_TOLERANCE, SHARE = 60.0, 0.02
"""A time may be off by a minute, in long incidents by a fiftieth of their length."""

MEANINGS = {
    "detected": "the first alert fired or the first user reported it",
    "acknowledged": "the first person answered the first alert",
    "cause_stated": "somebody first stated what turned out to be the cause",
    "mitigated": "the last action was reported as done, the one after which it got better",
    "resolved": "somebody said that it was over",
}


def timeline(case: Case, _seed: Seed) -> Iterator[Question]:
    """One question for all those moments that the text fixes, where there are three or more."""
    found = [Milestone(name=name, at=case.at(place), evidence=place) for name, place in _milestones(case)]
    if len(found) < FEWEST:
        return
    meanings = "; ".join(f"{one.name}: {MEANINGS[one.name]}" for one in found)
    example = ", ".join(f'"{one.name}": "HH:MM:SS"' for one in found[:2])
    yield Question(
        id=f"{case.id}/{Kind.TIMELINE}",
        kind=Kind.TIMELINE,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=f"When did each of these happen? {meanings}. "
        f"Answer as JSON, by the transcript's clock: {{{example}, ...}}",
        visible_until=case.end,
        answer=Times(
            start=case.record.started_at.isoformat(),
            tolerance=max(LEAST_TOLERANCE, SHARE * (case.end - case.at(case.order[0]))),
            milestones=tuple(found),
        ),
        evidence=tuple(sorted({one.evidence for one in found})),
    )


def _milestones(case: Case) -> Iterator[tuple[str, int]]:
    for name, find in _FINDERS.items():
        place = find(case)
        if place is not None:
            yield name, place


def _detected(case: Case) -> int | None:
    reports = set(case.acts(Act.USER_REPORT))
    return next((place for place in case.order if _fires(case, place) or place in reports), None)


def _acknowledged(case: Case) -> int | None:
    """The first acknowledgement, if it is also the first word of a person in its channel after the first alert."""
    alert = next((place for place in case.order if _fires(case, place)), None)
    first = next(case.acts(Act.ACKNOWLEDGE), None)
    if alert is None or first is None:
        return None
    after = case.order[case.order.index(alert) :]
    spoke = next((place for place in after if case.human(place)), None)
    return first if spoke == first else None


def _cause_stated(case: Case) -> int | None:
    """The first statement, if the text is clear within a minute of it."""
    told = case.cause
    clear = told is not None and case.at(told.places[-1]) - case.at(told.places[0]) <= LEAST_TOLERANCE
    return told.places[0] if told and clear and told.places[0] == case.key.cause_first_stated else None


def _mitigated(case: Case) -> int | None:
    """The last action before the end, where the key says that it is the one that helped."""
    over, end = _resolved(case), case.key.impact_end
    done = [place for place in case.acts(Act.EXECUTE) if over is None or case.at(place) <= case.at(over)]
    if end is None or not done or case.at(done[-1]) > end:
        return None
    failed = {f"action:{name}" for name in case.key.actions_failed}
    return None if failed & set(case.facts_at(done[-1])) else done[-1]


def _resolved(case: Case) -> int | None:
    if case.key.ending is Ending.OPEN:
        return None
    said = [place for place in case.order if case.event(place).type == "resolution" and case.event(place).metrics_after]
    return said[0] if len(said) == 1 else None


def _fires(case: Case, place: int) -> bool:
    event = case.event(place)
    return isinstance(event, AlertEvent) and event.state != "resolved"


_FINDERS: dict[str, Callable[[Case], int | None]] = {
    "detected": _detected,
    "acknowledged": _acknowledged,
    "cause_stated": _cause_stated,
    "mitigated": _mitigated,
    "resolved": _resolved,
}
