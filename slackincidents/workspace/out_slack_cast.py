"""Who and what a whole history has, in a few small records: what a Slack export must know before its first message."""

from __future__ import annotations

from dataclasses import dataclass, field

from slackincidents.schema.incident import Event, IncidentRecord, MentionEvent, ReactionRecord, ServiceRecord, Spoken
from slackincidents.sinks.export_people import Roster, topic
from slackincidents.sinks.export_slots import Slot

Service = tuple[str, str, str, tuple[str, ...]]


@dataclass
class Digest:
    """Everybody, every service and every channel. Memory grows with these, not with messages."""

    start: str = ""
    people: dict[str, str] = field(default_factory=dict)
    services: dict[Service, ServiceRecord] = field(default_factory=dict)
    speakers: dict[tuple[str, str], Event] = field(default_factory=dict)
    mentions: set[str] = field(default_factory=set)
    reacting: set[str] = field(default_factory=set)

    def add(self, record: IncidentRecord) -> None:
        """Note whom and what a record knows. The first one added is the earliest."""
        self.start = self.start or record.start_time
        self.people.update(record.people)
        for name, service in record.services.items():
            self.services.setdefault((name, service.channel, service.oncall_group, service.engineers), service)
        for event in record.timeline:
            self.speakers.setdefault((event.channel, event.speaker), event)
            self.reacting.update(user for reaction in event.reactions for user in reaction.users)
            if isinstance(event, Spoken):
                self.mentions.update(event.mentions)

    def records(self) -> list[IncidentRecord]:
        """Records that have the same people, groups, services and channels as all of them together."""
        said = [event.model_copy(update={"reactions": (), "offset_seconds": 0}) for event in self.speakers.values()]
        if said and (self.mentions or self.reacting):
            first = said[0]
            said.append(
                MentionEvent(
                    offset_seconds=0,
                    channel=first.channel,
                    user=first.speaker,
                    content="",
                    mentions=tuple(sorted(self.mentions)),
                    reactions=(ReactionRecord(emoji="", users=tuple(sorted(self.reacting))),),
                )
            )
        services = [self._record({key[0]: service}, ()) for key, service in self.services.items()]
        return [*services, self._record({}, tuple(said))]

    def _record(self, services: dict[str, ServiceRecord], timeline: tuple[Event, ...]) -> IncidentRecord:
        return IncidentRecord(
            scenario_id="",
            scenario_type="",
            title="",
            start_time=self.start,
            services=services,
            timeline=timeline,
            people=self.people,
        )


@dataclass
class Rooms:
    """What the list of channels needs of the messages: each room's first one, its members and its topics."""

    cast: Roster
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _kept: list[tuple[Slot, Event]] = field(default_factory=list)

    def note(self, slot: Slot, event: Event) -> None:
        """Keep a message if it is the first of somebody in its channel, sets a topic, or somebody new joins by it."""
        people = (event.speaker, *(user.id for user in self.cast.joiners(event)))
        new = {(event.channel, person) for person in people} - self._seen
        if new or topic(event):
            self._seen |= new
            self._kept.append((slot, event))

    def placed(self, record: IncidentRecord, number: int) -> tuple[IncidentRecord, dict[str, list[Slot]]]:
        """What was kept, as the timeline of a record that stands at this place, with its slots by channel."""
        found: dict[str, list[Slot]] = {}
        for place, (slot, event) in enumerate(self._kept):
            moved = Slot(number, place, slot.part, slot.parts, slot.moment, slot.thread)
            found.setdefault(event.channel, []).append(moved)
        return record.model_copy(update={"timeline": tuple(event for _, event in self._kept)}), found
