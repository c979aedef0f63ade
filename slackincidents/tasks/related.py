"""Is it the same: two incidents, and whether they have one cause."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from slackincidents.schema.incident import CauseLabel, IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import Choice, Kind, Question

KEPT = 32
"""Earlier incidents that a new one can be held beside."""

ASK = "Here are the transcripts of two incidents. Did they have the same root cause, in the same service?"
YES, NO = CHOICES = ("yes", "no")


@dataclass(frozen=True)
class _Earlier:
    id: str
    scenario_id: str
    cause: CauseLabel
    services: frozenset[str]
    evidence: tuple[int, ...]
    end: float
    record: IncidentRecord


@dataclass
class Pairs:
    """Holds each incident beside an earlier one: by the seed's coin, one of the same cause or of another.

    For "no" an earlier incident is preferred that shares services. A few are kept, so memory stays flat.
    """

    earlier: deque[_Earlier] = field(default_factory=lambda: deque(maxlen=KEPT))
    partner: IncidentRecord | None = None
    """the earlier incident of the last question"""

    def questions(self, case: Case, seed: Seed) -> Iterator[Question]:
        """One question, where the text of both states its cause and a partner is there."""
        told = case.cause
        if told is None:
            return
        cause = case.key.root_cause
        own = _Earlier(
            case.id,
            case.record.scenario_id,
            cause,
            frozenset(case.record.services),
            told.places,
            case.end,
            case.record,
        )
        rng = seed.child(Kind.RELATED).rng()
        same = rng.random() < 0.5
        fitting = [one for one in self.earlier if (one.cause == cause) is same and one.id != own.id]
        most = max((len(one.services & own.services) for one in fitting), default=0)
        close = [one for one in fitting if same or len(one.services & own.services) == most]
        if close:
            other = rng.choice(close)
            self.partner = other.record
            yield _question(own, other, same, case.record.scenario_type)
        self._keep(own)

    def _keep(self, own: _Earlier) -> None:
        """Two of each cause, so that a folder sorted by scenario does not fill it with one."""
        alike = [one for one in self.earlier if one.cause == own.cause]
        if len(alike) > 1:
            self.earlier.remove(alike[0])
        self.earlier.append(own)


def _question(own: _Earlier, other: _Earlier, same: bool, scenario: str) -> Question:
    return Question(
        id=f"{own.id}/{Kind.RELATED}-{other.id}",
        kind=Kind.RELATED,
        incident=own.id,
        scenario_id=own.scenario_id,
        scenario=scenario,
        prompt=f"{ASK} Answer yes or no.",
        choices=CHOICES,
        visible_until=max(own.end, other.end),
        answer=Choice(index=CHOICES.index(YES if same else NO)),
        evidence=own.evidence,
        other=other.id,
        other_scenario_id=other.scenario_id,
        other_evidence=other.evidence,
    )
