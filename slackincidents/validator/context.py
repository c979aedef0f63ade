"""What the rules look at: the incident, the plan if there is one, services and people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from slackincidents.schema.incident import EventBase, IncidentRecord, MessageLabel, Spoken
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import INCIDENT_BOT, MONITOR, Beat, Plan
from slackincidents.validator.cone import Cone
from slackincidents.validator.grounding import Ungrounded, ungrounded
from slackincidents.validator.words import without_code


@dataclass(frozen=True)
class Context:
    """One incident under validation. Without a plan, rules that need one are skipped."""

    incident: IncidentRecord
    catalogue: Catalogue
    people: Mapping[str, Persona]
    plan: Plan | None = None

    @property
    def course(self) -> Plan:
        """The plan, for rules that need one."""
        if self.plan is None:
            raise LookupError("a rule that reads the plan was run without one")
        return self.plan

    @property
    def ours(self) -> bool:
        """True when the file says that this package made it."""
        return self.incident.provenance is not None

    @cached_property
    def spoken(self) -> tuple[tuple[int, Spoken], ...]:
        """Every event somebody typed, with its index."""
        return tuple((i, e) for i, e in enumerate(self.incident.timeline) if isinstance(e, Spoken))

    @cached_property
    def prose(self) -> tuple[tuple[int, Spoken, str], ...]:
        """Every event somebody typed, with its text outside of code."""
        return tuple((i, e, without_code(e.content)) for i, e in self.spoken)

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """The text of every event, cards included, outside of code."""
        return tuple((i, without_code(e.text)) for i, e in enumerate(self.incident.timeline))

    @cached_property
    def labels(self) -> Mapping[int, MessageLabel]:
        """The label of each event, by index; empty in a file without labels."""
        return {label.index: label for label in self.incident.labels.messages} if self.incident.labels else {}

    @cached_property
    def typed(self) -> frozenset[int]:
        """The events whose words a person typed in a drill."""
        return frozenset(index for index, label in self.labels.items() if label.typed)

    @cached_property
    def places(self) -> frozenset[str]:
        """Every channel that exists, but for those opened for one incident."""
        own = {s.channel for s in self.incident.services.values()}
        return frozenset(own | {s.channel for s in self.catalogue.services.values()})

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every on-call group that exists, without the @."""
        own = {s.oncall_group for s in self.incident.services.values()}
        return frozenset(g.lstrip("@") for g in own | {s.oncall_group for s in self.catalogue.services.values()} if g)

    @cached_property
    def persons(self) -> frozenset[str]:
        """Every person who exists: the roster, and the engineers the file names."""
        engineers = {e.lstrip("@") for s in self.incident.services.values() for e in s.engineers}
        return frozenset({*self.people, *engineers})

    @cached_property
    def cone(self) -> Cone:
        """Who knows what, and when."""
        return Cone(self.incident, self.course)

    @cached_property
    def ungrounded(self) -> tuple[Ungrounded, ...]:
        """Every word in a text that its speaker could not know."""
        return tuple(ungrounded(self.incident, self.course, self.catalogue, self.people, self.cone))

    def pairs(self) -> Iterator[tuple[int, EventBase, Beat]]:
        """Each event with the beat of the plan that stands behind it."""
        for index, (event, beat) in enumerate(zip(self.incident.timeline, self.course.beats, strict=False)):
            yield index, event, beat

    def is_bot(self, name: str) -> bool:
        """True for the monitor, the incident bot and whatever else calls itself a bot."""
        return name in {MONITOR, INCIDENT_BOT} or name.lower().endswith("bot")
