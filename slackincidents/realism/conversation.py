"""What people typed in one incident, in the order it was typed; machines are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from slackincidents.schema.incident import ActionEvent, AlertEvent, Event, IncidentRecord, SystemEvent

_MACHINE = re.compile(r"\bbot\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One message by a person. `at` is in seconds from the incident's start."""

    at: float
    speaker: str
    text: str
    channel: str = ""
    thread: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """All human lines of one incident over all channels, in time order.

    `names` are the lower-case names by which a line may address somebody. `machine_at` is the time
    of the first event when a machine posted it (an alert, a bot), else None.
    """

    name: str
    lines: tuple[Line, ...]
    names: frozenset[str] = frozenset()
    machine_at: float | None = None

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, each once, in order of appearance."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))


def is_human(event: Event) -> bool:
    """Whether a person typed the event: no alert, no system line, nobody called a bot."""
    return not isinstance(event, AlertEvent | SystemEvent) and not _MACHINE.search(event.speaker)


def text_of(event: Event) -> str:
    """What stands in the channel; an action without content shows its details."""
    return event.text or (event.action_details if isinstance(event, ActionEvent) else "")


def from_incident(incident: IncidentRecord) -> Conversation:
    """The human conversation of an incident. Events without text are dropped."""
    events = sorted((e for e in incident.timeline if text_of(e).strip()), key=lambda e: e.offset_seconds)
    lines = tuple(
        Line(e.offset_seconds, e.speaker, text_of(e), e.channel, e.thread_parent is not None)
        for e in events
        if is_human(e)
    )
    engineers = [name for service in incident.services.values() for name in service.engineers]
    opener = events[0] if events else None
    return Conversation(
        name=incident.scenario_id,
        lines=lines,
        names=names_of([*engineers, *(e.speaker for e in events)]),
        machine_at=opener.offset_seconds if opener and not is_human(opener) else None,
    )


def names_of(people: Sequence[str]) -> frozenset[str]:
    """Every way to name these people in an address: the whole name, and parts of three letters or more."""
    whole = {person.lower() for person in people}
    return frozenset(whole | {part for name in whole for part in name.split() if len(part) > 2})
