"""What a history holds, counted while it goes by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from slackincidents.workspace.out_history import Is
from slackincidents.workspace.out_rows import IncidentRow, LabelRow, QuestionRow


@dataclass
class Tally:
    """Counts for a card. Memory grows with days, scenarios and people, not with messages."""

    kinds: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    noise: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    channels: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    unanswered: int = 0
    recurring: int = 0

    def add(self, seen: IncidentRow, key: LabelRow) -> None:
        """Count one record."""
        self.kinds[key.kind] += 1
        self.days[seen.started_at.date()] += 1
        self.channels.update(seen.channels)
        self.people.update(seen.people)
        self.recurring += key.recurs is not None
        if key.kind == Is.INCIDENT:
            self.severities[key.severity or "none"] += 1
            self.scenarios[key.scenario] += 1
        if key.noise_kind is not None:
            self.noise[key.noise_kind] += 1
            self.unanswered += not key.noise_answered

    def ask(self, question: QuestionRow) -> None:
        """Count one question."""
        self.questions[question.kind] += 1

    @property
    def noise_share(self) -> float:
        """Of incidents and noise together, the share that is noise."""
        return self.kinds[Is.NOISE] / max(1, self.kinds[Is.NOISE] + self.kinds[Is.INCIDENT])

    @property
    def unanswered_share(self) -> float:
        """Of the noise, the share that nobody answered."""
        return self.unanswered / max(1, self.kinds[Is.NOISE])
