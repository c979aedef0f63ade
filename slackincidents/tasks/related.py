"""Is it the same: two incidents, and whether they have one cause."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from slackincidents.schema.incident import AlertEvent, CauseLabel, IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import Choice, Kind, Question
from slackincidents.tasks.words import stems

KEPT, OF_A_CAUSE = 96, 6
"""Earlier incidents that a new one can be held beside, in all and of one cause."""

SAME_ALERT = 0.2
"""To begin with the same alert makes two incidents as much alike as so large a share of words in common."""

END = 5
"""One part in so many of an incident is its end."""

HARDEST = 2
"""The partner is drawn from so many: of the same cause those least alike, of another those most alike."""

ASK = "Here are the transcripts of two incidents. Did they have the same root cause, in the same service?"
YES, NO = CHOICES = ("yes", "no")


@dataclass(frozen=True)
class _Earlier:
    id: str
    scenario_id: str
    cause: CauseLabel
    evidence: tuple[int, ...]
    end: float
    record: IncidentRecord
    words: frozenset[str]
    last_words: frozenset[str]
    alert: str

    def like(self, other: _Earlier) -> float:
        """How much two incidents look alike: by words, of all and of how they end, and by their first alert."""
        words = 0.8 * alike(self.words, other.words) + 0.2 * alike(self.last_words, other.last_words)
        return words + SAME_ALERT * (self.alert == other.alert)


@dataclass
class Pairs:
    """Holds each incident beside an earlier one: by the seed's coin, one of the same cause or of another.

    Looks alone shall not tell: for "yes" the earlier incident is one of those that look least like it, for "no" one of
    those that look most like it, mostly of the same services. A bounded number is kept, so memory stays flat.
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
            told.places,
            case.end,
            case.record,
            _words(case, case.order),
            _words(case, case.order[-max(1, len(case.order) // END) :]),
            next((event.title for event in case.record.timeline if isinstance(event, AlertEvent)), ""),
        )
        rng = seed.child(Kind.RELATED).rng()
        same = rng.random() < 0.5
        fitting = [one for one in self.earlier if (one.cause == cause) is same and one.id != own.id]
        ranked = sorted(fitting, key=lambda one: (one.like(own), one.id), reverse=not same)
        if ranked:
            other = rng.choice(ranked[:HARDEST])
            self.partner = other.record
            yield _question(own, other, same, case.record.scenario_type)
        self._keep(own)

    def _keep(self, own: _Earlier) -> None:
        """A few of each cause, so that a folder sorted by scenario does not fill it with one."""
        kept = [one for one in self.earlier if one.cause == own.cause]
        if len(kept) >= OF_A_CAUSE:
            self.earlier.remove(kept[0])
        self.earlier.append(own)


def _words(case: Case, places: Sequence[int]) -> frozenset[str]:
    return frozenset().union(*(stems(case.text(place)) for place in places))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two incidents have in common, of the one with fewer words; 0 to 1."""
    return len(one & other) / max(min(len(one), len(other)), 1)


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
