"""What people typed in one incident, in the order it was typed; machines are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from slackincidents.schema.incident import ActionEvent, AlertEvent, Event, IncidentRecord, SystemEvent

_MACHINE = re.compile(r"\bbot\b", re.IGNORECASE)
_FILE = re.compile(r"^\[file(?:: [^\n]*)?\]$\n?", re.MULTILINE)
"""What stands for an uploaded file in an imported export; nobody typed it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message by a person. `at` is in seconds from the incident's start.

    `event` is its place in the incident's timeline, `answers` the place (in the conversation) of the line that it
    answers; None where that is not known.
    """

    at: float
    speaker: str
    text: str
    channel: str = ""
    thread: bool = False
    event: int | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All human lines of one incident over all channels, in time order.

    `names` are the lower-case names by which a line may address somebody. `machine_at` is the time
    of the first event when a machine posted it (an alert, a bot), else None. `timed` is False where times are too
    coarse for gaps (logs by the minute).
    """

    name: str
    lines: tuple[Line, ...]
    names: frozenset[str] = frozenset()
    machine_at: float | None = None
    timed: bool = True

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, each once, in order of appearance."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))


def is_human(event: Event) -> bool:
    """Whether a person typed the event: no alert, no system line, nobody called a bot."""
    return not isinstance(event, AlertEvent | SystemEvent) and not _MACHINE.search(event.speaker)


def text_of(event: Event) -> str:
    """What somebody typed: no files; an action without content shows its details."""
    text = event.text or (event.action_details if isinstance(event, ActionEvent) else "")
    return _FILE.sub("", text).strip() if "[file" in text else text


def from_incident(incident: IncidentRecord) -> Conversation:
    """The human conversation of an incident. Events without text are dropped."""
    timeline = incident.timeline
    order = sorted((i for i, e in enumerate(timeline) if text_of(e).strip()), key=lambda i: timeline[i].offset_seconds)
    typed = [index for index in order if is_human(timeline[index])]
    answers = _answers(incident, typed)
    lines = tuple(_line(timeline[index], index, answers.get(index)) for index in typed)
    engineers = [name for service in incident.services.values() for name in service.engineers]
    opener = timeline[order[0]] if order else None
    return Conversation(
        name=incident.scenario_id,
        lines=lines,
        names=names_of([*engineers, *(timeline[index].speaker for index in order)]),
        machine_at=opener.offset_seconds if opener and not is_human(opener) else None,
    )


def names_of(people: Sequence[str]) -> frozenset[str]:
    """Every way to name these people in an address: the whole name, and parts of three letters or more."""
    whole = {person.lower() for person in people}
    return frozenset(whole | {part for name in whole for part in name.split() if len(part) > 2})


def _line(event: Event, index: int, answers: int | None) -> Line:
    return Line(
        at=event.offset_seconds,
        speaker=event.speaker,
        text=text_of(event),
        channel=event.channel,
        thread=event.thread_parent is not None,
        event=index,
        answers=answers,
    )


def _answers(incident: IncidentRecord, typed: Sequence[int]) -> dict[int, int]:
    """Event -> the place of the human line that its label says it answers; earlier ones only."""
    places = {event: place for place, event in enumerate(typed)}
    key = incident.labels.messages if incident.labels else ()
    known = ((label.index, label.answers) for label in key if label.answers is not None)
    return {event: places[to] for event, to in known if to in places and places[to] < places.get(event, 0)}
