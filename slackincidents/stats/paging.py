"""Who was called to an incident, and when, as far as the file shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from slackincidents.render.room import is_bot
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent, Event, Spoken, SystemEvent
from slackincidents.stats.course import Course, fires, human

_PAGING = re.compile(r"\bpag(?:ing|ed)\s+@?([\w.-]*\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """One page of one person. `offset_seconds` is from the incident's start."""

    person: str
    offset_seconds: float


@dataclass(frozen=True)
class Calls:
    """All pages of an incident: one a person at most. `unattributed` are those of which nobody knows who got them."""

    calls: tuple[Call, ...]
    unattributed: int


def calls(course: Course) -> Calls:
    """The first page of each person, by time and name, and how many pages went to nobody we know."""
    groups = _groups(course)
    answered = [call for _, call in groups if call]
    found: dict[str, float] = {}
    for call in (*_announced(course), *_acknowledging(course), *_by_name(course), *answered):
        found[call.person] = min(call.offset_seconds, found.get(call.person, call.offset_seconds))
    lost = sum(call is None for _, call in groups) + (bool(course.firing) and not found)
    ranked = sorted(found.items(), key=lambda item: (item[1], item[0]))
    return Calls(tuple(Call(person, at) for person, at in ranked), lost)


def _announced(course: Course) -> Iterator[Call]:
    """A bot says whom it pages."""
    known = _known(course)
    for _, event in course.events():
        if isinstance(event, SystemEvent) or (is_bot(event) and not isinstance(event, AlertEvent)):
            named = (name for name in _PAGING.findall(event.text) if name in known)
            yield from (Call(name, event.offset_seconds) for name in named)


def _acknowledging(course: Course) -> Iterator[Call]:
    """Who acknowledges an alert was paged when it fired; in words, or with an emoji under it."""
    yield from (Call(who, course.event(alert).offset_seconds) for alert, who in course.taken())
    if not course.labelled:
        yield from _first_words(course)
        return
    for index, event in course.acts(Act.ACKNOWLEDGE):
        answers = course.labels[index].answers
        named = answers is not None and 0 <= answers < len(course.record.timeline)
        asked = course.event(answers) if named and answers is not None else event
        yield Call(event.speaker, asked.offset_seconds if fires(asked) else event.offset_seconds)


def _first_words(course: Course) -> Iterator[Call]:
    """Without labels: whoever speaks first in a channel after an alert fired there."""
    waiting: dict[str, float] = {}
    served: set[str] = set()
    for _, event in course.events():
        if fires(event) and event.channel not in served:
            waiting.setdefault(event.channel, event.offset_seconds)
        elif human(event) and event.channel in waiting:
            served.add(event.channel)
            yield Call(event.speaker, waiting.pop(event.channel))


def _by_name(course: Course) -> Iterator[Call]:
    """Somebody is called by name before they have said a word."""
    spoken: set[str] = set()
    known = _known(course)
    for _, event in course.events():
        if human(event):
            spoken.add(event.speaker)
            yield from (Call(n, event.offset_seconds) for n in _mentioned(event) if n in known and n not in spoken)


def _groups(course: Course) -> list[tuple[str, Call | None]]:
    """Every on-call group that is called, with its member who then says the first word; None when nobody new does."""
    members = {s.oncall_group.removeprefix("@"): s.engineers for s in course.record.services.values() if s.oncall_group}
    first: dict[str, float] = {}
    for _, event in course.said():
        first.setdefault(event.speaker, event.offset_seconds)
    found: dict[str, Call | None] = {}
    for _, event in course.said():
        for group in _mentioned(event):
            here = [n for n in members.get(group, ()) if n in first]
            there = any(first[name] < event.offset_seconds for name in here)
            if group in members and group not in found and not there:
                came = min(here, key=lambda name: (first[name], name), default=None)
                found[group] = Call(came, event.offset_seconds) if came else None
    return list(found.items())


def _mentioned(event: Event) -> tuple[str, ...]:
    named = event.mentions if isinstance(event, Spoken) else ()
    return tuple(name.removeprefix("@") for name in named)


def _known(course: Course) -> set[str]:
    """Everybody the file knows as a person."""
    record = course.record
    speakers = {event.speaker for _, event in course.said()}
    return {*record.people, *speakers, *(name for one in record.services.values() for name in one.engineers)}
