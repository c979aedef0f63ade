"""An incident as its questions are made from: who said what, which facts the text really tells, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from slackincidents.archive.answers import identity
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import Event, IncidentRecord, Labels, MessageLabel, SystemEvent
from slackincidents.schema.people import Catalogue
from slackincidents.schema.plan import INCIDENT_BOT, MONITOR
from slackincidents.schema.skeleton import ClueTellings, Skeleton
from slackincidents.tasks import serving
from slackincidents.tasks.words import identifiers, names, stems
from slackincidents.tellings import expand, slots

ENOUGH = 3
"""So many words of a cause in the text name it, where no identifier does."""


@dataclass(frozen=True)
class Background:
    """What the skeleton behind an incident adds to its labels; empty where nobody has it."""

    facts: Mapping[str, str] = field(default_factory=dict)
    """fact -> our own statement of it"""
    trouble: Mapping[str, str] = field(default_factory=dict)
    """fact -> the service whose trouble it is a sign of"""
    near_cause: frozenset[str] = frozenset()
    """services in which the cause is found"""
    wordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """fact -> whole sentences that say the same in other words"""

    @classmethod
    def of(cls, skeleton: Skeleton) -> Background:
        """Its clues and alerts."""
        clues = {f"clue:{name}": clue for name, clue in skeleton.clues.items()}
        signs = {name: clue.service for name, clue in clues.items() if clue.points_to or clue.states_cause}
        alerts = {f"alert:{name}": rule.service for name, rule in skeleton.alerts.items()}
        return cls(
            facts={name: clue.fact for name, clue in clues.items()},
            trouble={**signs, **alerts},
            near_cause=frozenset(clue.service for clue in clues.values() if clue.states_cause),
            wordings={name: tuple(_sentences(clue.tellings)) for name, clue in clues.items()},
        )


def _sentences(tellings: ClueTellings) -> Iterator[str]:
    """How a clue is put without figures of one incident, where it is no question and quotes nothing."""
    for telling in (*tellings.formal, *tellings.casual):
        if not slots(telling) and not set("?`") & set(telling):
            yield next(expand(telling, 1))


@dataclass(frozen=True)
class Told:
    """A fact as the text tells it: the places of the messages, in time order, and the words they share with it."""

    places: tuple[int, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Case:
    """A labelled incident, the catalogue's words for services, and what its skeleton adds."""

    record: IncidentRecord
    key: Labels
    catalogue: Catalogue
    background: Background = Background()

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits that tell nothing."""
        return identity(self.record)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Places in the timeline by time."""
        return tuple(serving.order(self.record))

    @cached_property
    def labels(self) -> dict[int, MessageLabel]:
        """What the key says of each event that there is."""
        return {label.index: label for label in self.key.messages if 0 <= label.index < len(self.record.timeline)}

    @cached_property
    def lines(self) -> dict[int, str]:
        """What an assistant sees of each event: clock, channel, speaker, text."""
        return serving.lines(self.record)

    @cached_property
    def end(self) -> float:
        """When the last event was posted."""
        return max((event.offset_seconds for event in self.record.timeline), default=0.0)

    def event(self, place: int) -> Event:
        """The event at a place."""
        return self.record.timeline[place]

    def at(self, place: int) -> float:
        """When it was posted, in seconds from the start."""
        return float(self.event(place).offset_seconds)

    def text(self, place: int) -> str:
        """What it says."""
        return serving.said(self.event(place))

    def human(self, place: int) -> bool:
        """Whether a person posted it."""
        event = self.event(place)
        return event.type != "alert" and not isinstance(event, SystemEvent) and event.speaker not in _BOTS

    def facts_at(self, place: int) -> tuple[str, ...]:
        """What a message reveals or cites, by its label."""
        label = self.labels.get(place)
        return (*label.reveals, *label.cites) if label else ()

    def acts(self, act: Act) -> Iterator[int]:
        """The places of the messages that do this, by time."""
        return (place for place in self.order if place in self.labels and self.labels[place].act is act)

    def words_for(self, service: str) -> tuple[str, ...]:
        """Every name of a service."""
        known = self.catalogue.services.get(service)
        return (service, *(known.aliases if known else ()))

    def naming(self, service: str) -> int | None:
        """The first line of the transcript that names a service, in its text or as its channel."""
        words = self.words_for(service)
        return next((place for place in self.order if names(self.lines[place], words)), None)

    def told(self, fact: str) -> Told | None:
        """Where a fact is told for the first time, and None where the labels say so and the text does not.

        A thought sent in several messages counts as one. Two words of our statement, or an identifier, must be there.
        """
        statement = self.background.facts.get(fact)
        first = next((place for place in self.order if fact in self.facts_at(place)), None)
        if not statement or first is None or not self.human(first):
            return None
        shared: frozenset[str] = frozenset()
        places = []
        for place in (first, *self._continued(first)):
            new = stems(statement) & stems(self.text(place))
            if new - shared:
                places.append(place)
                shared |= new
        sure = len(shared) >= 2 or bool(identifiers(statement) & identifiers(self.text(first)))
        return Told(tuple(places), shared) if sure and places else None

    def _continued(self, first: int) -> Iterator[int]:
        """The messages right after it in which the same person goes on."""
        speaker = self.event(first).speaker
        for place in self.order[self.order.index(first) + 1 :]:
            label = self.labels.get(place)
            if self.event(place).speaker != speaker or label is None or label.act is not Act.CONTINUE:
                return
            yield place

    @cached_property
    def place_of_cause(self) -> str:
        """The service where it broke: the one the component begins with, else the cause's own."""
        component = self.key.root_cause.component
        own = (*self.record.services, *self.catalogue.services)
        return next((name for name in own if component.lower().startswith(f"{name} ")), self.key.root_cause.service)

    @cached_property
    def cause_words(self) -> frozenset[str]:
        """The words of the cause, without those that name services."""
        cause = self.key.root_cause
        ours = " ".join(word for name in (*self.record.services, self.place_of_cause) for word in self.words_for(name))
        return stems(f"{cause.component} {cause.mechanism} {cause.plain}") - stems(ours)

    @cached_property
    def cause(self) -> Told | None:
        """Where the text states the cause; None where only the labels do."""
        first = self.key.cause_first_stated
        if first is None or not 0 <= first < len(self.record.timeline):
            return None
        cause = self.key.root_cause
        names_it = identifiers(f"{cause.component} {cause.mechanism} {cause.plain}")
        shared: frozenset[str] = frozenset()
        places: list[int] = []
        for place in self._stating(first):
            new = self.cause_words & stems(self.text(place))
            if new - shared:
                places.append(place)
                shared |= new
            if places and (names_it & identifiers(self.text(place)) or len(shared) >= ENOUGH):
                rest = [one for one in self._continued(place) if self.cause_words & stems(self.text(one))]
                return Told((*places, *rest), shared)
        return None

    def _stating(self, first: int) -> Iterator[int]:
        facts = set(self.facts_at(first))
        after = self.order[self.order.index(first) :]
        for place in after:
            label = self.labels.get(place)
            if place == first or (label and (facts & {*self.facts_at(place)} or label.act in _STATING)):
                yield place


_BOTS = (MONITOR, INCIDENT_BOT)
_STATING = (Act.CAUSE, Act.RESOLVE)
