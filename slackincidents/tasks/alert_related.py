"""Does this alert belong to that incident, or did it fire beside it: noise, or trouble of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from slackincidents.archive.answers import identity
from slackincidents.schema.incident import AlertEvent, IncidentRecord, SystemEvent
from slackincidents.schema.workspace import Noise
from slackincidents.seeds import Seed
from slackincidents.tasks import serving
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import Choice, Kind, Question
from slackincidents.tasks.words import names, stems

KEPT, PAIRS = 16, 2
"""Incidents that may still be going on, and pairs of questions about each."""

SOON_S = 900
"""An alert so soon after the first one looks like a part of the incident."""

YES, NO = CHOICES = ("yes", "no")

SAYS = {
    Noise.FALSE_POSITIVE: r"false (?:alarm|one)|bogus|just the monitor|the monitor, not|was (?:me|my \w+)|the usual|"
    r"one (?:scrape|data point)|the probe|averages badly|counted twice|(?:closing|ignoring) it|so closing",
    Noise.KNOWN_ISSUE: r"\bknown\b|old friend|\b[A-Z]{2,}-\d+\b",
    Noise.MAINTENANCE: r"planned|maintenance|expected|muted|silence|upgrad\w+|migration|the window is",
    Noise.THRESHOLD: r"threshold|normal for this|nothing unusual|longer window|over by a hair|barely over|a warning",
    Noise.FLAPPING: r"nothing behind it|right at the (?:threshold|edge)",
}
"""How people say that an alert is nothing, or another thing; noise of which nobody says so is not asked about."""

ANYWHERE = frozenset({Noise.KNOWN_ISSUE, Noise.MAINTENANCE, Noise.THRESHOLD})
"""What people give a reason for that holds in the midst of an incident of the same service too."""


@dataclass(frozen=True)
class _Beside:
    """An alert that fired beside incidents, and the places that make known that it is none of theirs."""

    record: IncidentRecord
    id: str
    place: int
    evidence: tuple[int, ...]
    case: Case | None = None
    services: frozenset[str] = frozenset()


@dataclass
class _Open:
    """An incident that may still be going on, its first alert, and those of its other alerts not yet asked about."""

    case: Case
    first: int
    alerts: list[tuple[int, int]]
    pairs: int = PAIRS


@dataclass
class Beside:
    """Holds each alert beside the incidents that were going on when it fired.

    Always two questions at once, over one transcript: of an alert of the incident, and of the one beside it. So whoever
    always gives the same answer is right in half. `partners` are the two records of each question just made.
    """

    opened: list[_Open] = field(default_factory=list)
    asked: int = 0
    """incidents with at least one pair"""
    partners: dict[str, tuple[IncidentRecord, IncidentRecord]] = field(default_factory=dict)

    def of_noise(self, record: IncidentRecord, seed: Seed) -> Iterator[Question]:
        """Questions about an alert that nobody needed, where people say so in words."""
        self.partners = {}
        if found := _dismissed(record):
            yield from self._asked(found, seed)

    def questions(self, case: Case, seed: Seed) -> Iterator[Question]:
        """Questions about the first alert of an incident that began in the midst of another with another cause."""
        self.partners = {}
        firing = _firing(case)
        if firing and case.cause is not None and _of_workspace(case.record):
            own = frozenset((_rings_for(case, firing[0]), case.key.root_cause.service, case.place_of_cause))
            found = _Beside(case.record, case.id, firing[0], case.cause.places, case, own)
            yield from self._asked(found, seed)
        if firing and (alerts := list(_linked(case, firing))):
            seed.child("alerts").rng().shuffle(alerts)
            alerts.sort(key=lambda pair: _plainest(case, firing[0], pair[0]))
            self.opened = [*self.opened, _Open(case, firing[0], alerts)][-KEPT:]

    def _asked(self, beside: _Beside, seed: Seed) -> Iterator[Question]:
        for one in self.opened:
            if one.pairs and one.alerts and _apart(one.case, beside) and _close(one, beside):
                self.asked += one.pairs == PAIRS
                one.pairs -= 1
                place, evidence = one.alerts.pop()
                pair = [_related(one, beside, place, evidence), _unrelated(one, beside)]
                seed.child(f"{Kind.ALERT_RELATED}/{one.case.id}").rng().shuffle(pair)
                self.partners |= {asked.id: (one.case.record, beside.record) for asked in pair}
                yield from pair


def _dismissed(record: IncidentRecord) -> _Beside | None:
    """The alert of noise and who says what it is; None where nobody does so in words that we know."""
    says = SAYS.get(record.noise.kind) if record.noise else None
    if says is None or not record.timeline or not isinstance(record.timeline[0], AlertEvent):
        return None
    said = [
        place
        for place, event in enumerate(record.timeline)
        if not isinstance(event, AlertEvent | SystemEvent) and re.search(says, event.text)
    ]
    return _Beside(record, identity(record), 0, tuple(said), None, frozenset(record.services)) if said else None


def _plainest(case: Case, first: int, place: int) -> tuple[bool, float]:
    """Alerts of an incident, the plain ones first: in the first one's channel, or much talked of."""
    same = case.event(place).channel == case.event(first).channel
    words = stems(case.text(place))
    said = frozenset[str]().union(*(stems(case.text(other)) for other in case.order if case.human(other)))
    return not same, -len(words & said) / max(len(words), 1)


def _close(one: _Open, beside: _Beside) -> bool:
    """Whether it looks as if it belonged: fired soon after the first one, or in a room that talks of the incident."""
    case, event = one.case, beside.record.timeline[beside.place]
    after = (beside.record.time_of(event) - case.record.started_at).total_seconds() - case.at(one.first)
    rooms = {case.event(place).channel for place in case.order if case.human(place)}
    words = [word for service in beside.services for word in case.words_for(service)]
    named = any(names(case.text(place), words) for place in case.order if case.human(place))
    return after < SOON_S or event.channel in rooms or named


def _of_workspace(record: IncidentRecord) -> bool:
    """Whether it happened beside other things; two that were made alone never went on at once."""
    return record.provenance is not None and record.provenance.elsewhere is not None


def _apart(case: Case, beside: _Beside) -> bool:
    """Whether it fired while the incident was going on, is none of its alerts, and one can know that from the text."""
    start = case.record.started_at
    at = (beside.record.time_of(beside.record.timeline[beside.place]) - start).total_seconds()
    if not case.at(case.order[0]) < at < _over(case):
        return False
    if beside.case is not None:
        return (
            case.cause is not None
            and beside.case.key.root_cause != case.key.root_cause
            and not (beside.services & _touched(case))
        )
    told = beside.record.time_of(beside.record.timeline[beside.evidence[0]])
    noise = beside.record.noise
    calm = noise is not None and (noise.kind in ANYWHERE or not beside.services & _touched(case))
    return calm and told <= start + timedelta(seconds=case.end)


def _over(case: Case) -> float:
    """When somebody said that it was over: nobody takes what fires later for a part of it."""
    return next((case.at(place) for place in case.order if case.event(place).type == "resolution"), case.end)


def _touched(case: Case) -> frozenset[str]:
    """The services that the cause and the cascade touch."""
    edges = [name for edge in case.key.cascade for name in (edge.source, edge.target)]
    return frozenset((case.key.root_cause.service, case.place_of_cause, *edges))


def _firing(case: Case) -> list[int]:
    """The alerts that fire, by time, each once."""
    seen: dict[tuple[str, str], int] = {}
    for place in case.order:
        event = case.event(place)
        if isinstance(event, AlertEvent) and event.state != "resolved":
            seen.setdefault((event.title, event.channel), place)
    return list(seen.values())


def _linked(case: Case, firing: list[int]) -> Iterator[tuple[int, int]]:
    """Later alerts that people tie to the incident in words: a person tells of trouble in its service and names it."""
    for place in firing[1:]:
        service = _rings_for(case, place)
        link = next((other for other in case.order if other != place and _ties(case, other, place, service)), None)
        if link is not None:
            yield place, link


def _rings_for(case: Case, place: int) -> str:
    """The service whose trouble an alert tells; empty where nobody knows."""
    return next((case.background.trouble[fact] for fact in case.facts_at(place) if fact in case.background.trouble), "")


def _ties(case: Case, other: int, place: int, service: str) -> bool:
    facts = case.facts_at(other)
    if not case.human(other) or not any(case.background.trouble.get(fact) == service for fact in facts):
        return False
    event, text = case.event(place), case.text(other)
    title = event.title if isinstance(event, AlertEvent) else ""
    return names(text, case.words_for(service)) or len(stems(title) & stems(text)) >= 2


def _related(one: _Open, beside: _Beside, place: int, evidence: int) -> Question:
    alert = _called(one.case.record, place)
    return _question(one, beside, YES, f"{Kind.ALERT_RELATED}-{place}-{beside.id}", alert, (place, evidence), ())


def _unrelated(one: _Open, beside: _Beside) -> Question:
    alert = _called(beside.record, beside.place)
    own = one.case.cause.places if beside.case is not None and one.case.cause is not None else (one.first,)
    evidence = (beside.place, *beside.evidence)
    return _question(one, beside, NO, f"{Kind.ALERT_RELATED}-{beside.id}", alert, own, evidence)


def _question(
    one: _Open, beside: _Beside, right: str, name: str, alert: str, own: tuple[int, ...], other: tuple[int, ...]
) -> Question:
    case = one.case
    return Question(
        id=f"{case.id}/{name}",
        kind=Kind.ALERT_RELATED,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=f"An incident began with the alert {_called(case.record, one.first)}. Is the alert {alert} a sign of "
        "the same incident, or has it nothing to do with it? Answer yes (the same incident) or no.",
        choices=CHOICES,
        visible_until=_until(case, beside),
        answer=Choice(index=CHOICES.index(right)),
        evidence=tuple(sorted({*own})),
        other=beside.id,
        other_scenario_id=beside.record.scenario_id,
        other_evidence=tuple(sorted({*other})),
    )


def _until(case: Case, beside: _Beside) -> float:
    """The incident's end, or that of the other incident if it is later."""
    if beside.case is None:
        return case.end
    shift = (beside.record.started_at - case.record.started_at).total_seconds()
    return max(case.end, beside.case.end + shift)


def _called(record: IncidentRecord, place: int) -> str:
    """An alert as it stands in the transcript: its title, channel and clock."""
    event = record.timeline[place]
    title = event.title if isinstance(event, AlertEvent) else event.text
    return f'"{title}" in {event.channel} at {serving.clock(record, place)}'
