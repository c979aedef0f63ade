"""One incident's four times, from the file alone: labels where there are, else stated rules over the timeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from slackincidents.render.room import is_bot
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent, Event, IncidentRecord, MessageLabel, SystemEvent

_OVER = re.compile(r"\W*(?:resolved|recovered|cleared|back to normal)\b", re.IGNORECASE)

SEEN = frozenset(
    ("eyes", "ack", "white_check_mark", "heavy_check_mark", "raised_hand", "hand", "on_it", "on-it", "looking")
)
"""Emoji that, under an alert, say that somebody has it."""


@dataclass(frozen=True)
class Course:
    """An incident in time order, with what its labels say about each event."""

    record: IncidentRecord

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Places in the timeline by time; equal times keep the file's order."""
        timeline = self.record.timeline
        return tuple(sorted(range(len(timeline)), key=lambda index: (timeline[index].offset_seconds, index)))

    @cached_property
    def labels(self) -> dict[int, MessageLabel]:
        """What the answer key says, by place in the timeline; empty without one."""
        key = self.record.labels
        return {label.index: label for label in key.messages} if key else {}

    @property
    def labelled(self) -> bool:
        """Whether acts can be read off instead of guessed."""
        return bool(self.labels)

    @cached_property
    def firing(self) -> tuple[int, ...]:
        """Places of all alerts that fire, by time."""
        return tuple(index for index in self.order if fires(self.record.timeline[index]))

    @cached_property
    def start(self) -> float | None:
        """When the clock starts, in seconds from the incident's start: the first alert that fires.

        Where none ever does: the first message that the labels call a user's report. None without that too.
        """
        if self.firing:
            return self.event(self.firing[0]).offset_seconds
        return next((event.offset_seconds for _, event in self.acts(Act.USER_REPORT)), None)

    def event(self, index: int) -> Event:
        """The event at a place in the timeline."""
        return self.record.timeline[index]

    def events(self) -> Iterator[tuple[int, Event]]:
        """Everything by time."""
        return ((index, self.event(index)) for index in self.order)

    def said(self) -> Iterator[tuple[int, Event]]:
        """What people posted, by time: no bots, none of Slack's own lines."""
        return ((index, event) for index, event in self.events() if human(event))

    def acts(self, act: Act) -> Iterator[tuple[int, Event]]:
        """The events of people that the labels call by this act, by time."""
        return ((n, event) for n, event in self.said() if n in self.labels and self.labels[n].act is act)

    def taken(self) -> Iterator[tuple[int, str]]:
        """Firing alerts under which somebody put an emoji that says so: the alert's place, and who."""
        for index in self.firing:
            for reaction in self.event(index).reactions:
                if reaction.emoji in SEEN:
                    yield from ((index, user) for user in reaction.users)


def fires(event: Event) -> bool:
    """Whether an event is an alert that fires; one without a state fires unless its title says that it is over."""
    if not isinstance(event, AlertEvent):
        return False
    return event.state == "firing" if event.state else not _OVER.match(event.title)


def human(event: Event) -> bool:
    """Whether a person posted it."""
    return not is_bot(event) and not isinstance(event, SystemEvent)
