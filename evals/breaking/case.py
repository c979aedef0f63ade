"""An incident with its plan, and copies of it with one thing changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from slackincidents.incident import Incident
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent, Event, Labels, MessageLabel, ResolutionEvent, Spoken, SystemEvent
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import Plan


@dataclass(frozen=True)
class Case:
    """What is broken: the incident, or the plan behind it."""

    incident: Incident
    plan: Plan
    catalogue: Catalogue
    people: dict[str, Persona]

    @property
    def events(self) -> tuple[Event, ...]:
        """The timeline."""
        return self.incident.timeline

    @property
    def labels(self) -> Labels:
        """The answer key."""
        if self.incident.labels is None:
            raise LookupError("a case needs labels")
        return self.incident.labels

    def with_incident(self, **changes: object) -> Case:
        """The same with other fields of the incident."""
        return replace(self, incident=self.incident.model_copy(update=changes))

    def with_event(self, index: int, /, **changes: object) -> Case:
        """The same with one event changed."""
        events = list(self.events)
        events[index] = events[index].model_copy(update=changes)
        return self.with_incident(timeline=tuple(events))

    def with_labels(self, **changes: object) -> Case:
        """The same with other fields of the answer key."""
        return self.with_incident(labels=self.labels.model_copy(update=changes))

    def with_label(self, index: int, /, **changes: object) -> Case:
        """The same with the label of one event changed."""
        labels = [m.model_copy(update=changes) if m.index == index else m for m in self.labels.messages]
        return self.with_labels(messages=tuple(labels))

    def with_plan(self, **changes: object) -> Case:
        """The same with other fields of the plan."""
        return replace(self, plan=self.plan.model_copy(update=changes))

    def said(self) -> list[tuple[int, Spoken]]:
        """Every event a person typed."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, Spoken) and not isinstance(e, SystemEvent)]

    def chat(self) -> list[tuple[int, Spoken]]:
        """Every event a person typed, but for those with code."""
        return [(i, e) for i, e in self.said() if "`" not in e.content]

    def alerts(self) -> list[tuple[int, AlertEvent]]:
        """Every card that fires."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, AlertEvent) and e.state != "resolved"]

    def resolutions(self) -> list[tuple[int, ResolutionEvent]]:
        """Every resolution."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, ResolutionEvent)]

    def labelled(self, *acts: Act) -> Iterator[MessageLabel]:
        """The labels with one of these acts."""
        return (m for m in self.labels.messages if m.act in acts)

    def reads(self, person: str, channel: str, at: float) -> bool:
        """True when the person was in the channel by then."""
        return any(p.person == person and p.channel == channel and p.at <= at for p in self.plan.presence)

    def looked(self, person: str, clue: str, at: float) -> bool:
        """True when the person had found the clue by then."""
        return any(x.person == person and x.clue == clue and x.end <= at for x in self.plan.looks)

    def told_before(self, index: int) -> set[str]:
        """Every fact that stands anywhere before an event."""
        return {f for m in self.labels.messages if m.index < index for f in (*m.reveals, *m.cites)}


Break = Callable[[Case, random.Random], Case | None]
"""Breaks a case in one way; None when it has nothing to break there."""


@dataclass(frozen=True)
class Way:
    """One way to break an incident, and the rule that must catch it.

    A text with figures and names out of place may break either of two rules: ``TXT006 TXT007``.
    """

    name: str
    code: str
    apply: Break
