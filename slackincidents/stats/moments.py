"""When it was acknowledged, diagnosed, mitigated, resolved; or why a file does not tell. The rules: docs/stats.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent, Event, Labels
from slackincidents.schema.plan import Ending
from slackincidents.stats.course import Course, fires, human


class Measure(StrEnum):
    """What is timed, from the first alert that fires; without any, all but the first from the first user's report."""

    ACKNOWLEDGE = "acknowledge"
    DIAGNOSE = "diagnose"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"


class Gap(StrEnum):
    """Why there is no time."""

    NOBODY = "nobody acknowledged"
    NO_CAUSE = "the cause was never stated"
    GOES_ON = "the impact was not over"
    OPEN = "it was not resolved"
    NO_ALERT = "no alert fired"
    REACTION = "acknowledged by an emoji, which has no time"
    EARLIER = "it was before the clock began"
    UNTOLD_ANSWER = "no person's answer is in the file"
    UNTOLD_CAUSE = "the file does not say which message states the cause"
    UNTOLD_FIX = "the file does not say what ended it"
    UNTOLD_END = "the file does not say when it was over"


NEVER = frozenset((Gap.NOBODY, Gap.NO_CAUSE, Gap.GOES_ON, Gap.OPEN))
"""It did not happen, as far as the file goes. All other gaps: it may have, and the file does not tell when."""


@dataclass(frozen=True)
class Moment:
    """A time in whole seconds from the start of the clock, or the gap instead of it.

    `inferred` is True for a time that a rule took from the timeline instead of the labels. `at_most` is what is known
    where the time itself is not.
    """

    seconds: int | None = None
    person: str | None = None
    inferred: bool = False
    gap: Gap | None = None
    at_most: int | None = None


def moments(course: Course) -> dict[Measure, Moment]:
    """The four times of an incident."""
    if course.start is None:
        return dict.fromkeys(Measure, Moment(gap=Gap.NO_ALERT))
    return {measure: rule(course) for measure, rule in RULES.items()}


def _acknowledged(course: Course) -> Moment:
    if not course.firing:
        return Moment(gap=Gap.NO_ALERT)
    found = _first_ack(course)
    spoken = {event.speaker: event.offset_seconds for _, event in reversed(list(course.said()))}
    until = found.offset_seconds if found else float("inf")
    silent = [who for alert, who in course.taken() if course.event(alert).offset_seconds <= until]
    if silent:
        bounds = [spoken[who] for who in silent if who in spoken] + ([until] if found else [])
        return Moment(gap=Gap.REACTION, at_most=_since(course, min(bounds)) if bounds else None)
    if found is None:
        return Moment(gap=Gap.NOBODY if course.labelled else Gap.UNTOLD_ANSWER)
    return _at(course, found.offset_seconds, found.speaker, inferred=not course.labelled)


def _first_ack(course: Course) -> Event | None:
    """The first acknowledgement in words at or after the first alert."""
    start = course.start or 0
    if course.labelled:
        return next((event for _, event in course.acts(Act.ACKNOWLEDGE) if event.offset_seconds >= start), None)
    alarmed: set[str] = set()
    for _, event in course.events():
        if fires(event):
            alarmed.add(event.channel)
        elif human(event) and event.channel in alarmed:
            return event
    return None


def _diagnosed(course: Course) -> Moment:
    key = course.record.labels
    if key is None:
        return _inferred_cause(course)
    place = key.cause_first_stated
    if place is None:
        return Moment(gap=Gap.NO_CAUSE)
    if not 0 <= place < len(course.record.timeline):
        return Moment(gap=Gap.UNTOLD_CAUSE)
    event = course.event(place)
    return _at(course, event.offset_seconds, event.speaker if human(event) else None)


def _inferred_cause(course: Course) -> Moment:
    """The first message with the `name` that a later "root cause" line has; else that line, if it does not end it."""
    said = list(course.said())
    stated = [(event, line) for _, event in said for line in _CAUSE.findall(event.text) if not line.endswith("?")]
    if not stated:
        return Moment(gap=Gap.UNTOLD_CAUSE)
    own = {*course.record.services, *(service.channel.lstrip("#") for service in course.record.services.values())}
    event, line = stated[-1]
    names = [name for name in _NAMED.findall(line) if name not in own]
    first = next((one for _, one in said if any(f"`{name}`" in one.text for name in names)), None)
    if first is None and event.type == "resolution":
        return Moment(gap=Gap.UNTOLD_CAUSE, at_most=_since(course, event.offset_seconds))
    chosen = first or stated[0][0]
    return _at(course, chosen.offset_seconds, chosen.speaker, inferred=True)


def _mitigated(course: Course) -> Moment:
    key = course.record.labels
    if key is None:
        return _inferred_fix(course)
    if key.impact_end is None:
        return Moment(gap=Gap.GOES_ON)
    return _at(course, key.impact_end, _fixer(course, key, key.impact_end))


def _fixer(course: Course, key: Labels, end: float) -> str | None:
    """Who ran the last action before the end of the impact that the labels do not call a failure."""
    failed = {f"action:{name}" for name in key.actions_failed}
    done = [
        event.speaker
        for index, event in course.acts(Act.EXECUTE)
        if event.offset_seconds <= end and not failed & {*course.labels[index].reveals, *course.labels[index].cites}
    ]
    return done[-1] if done else None


def _inferred_fix(course: Course) -> Moment:
    """The last action by a person before the resolution."""
    over = _resolution(course)
    done = [event for _, event in course.said() if event.type == "action"]
    before = [event for event in done if over and event.offset_seconds <= over.offset_seconds]
    if not over or not before:
        return Moment(gap=Gap.UNTOLD_FIX)
    return _at(course, before[-1].offset_seconds, before[-1].speaker, inferred=True)


def _resolved(course: Course) -> Moment:
    key = course.record.labels
    if key and key.ending is Ending.OPEN:
        return Moment(gap=Gap.OPEN)
    over = _resolution(course)
    if over is None:
        return Moment(gap=Gap.UNTOLD_END)
    person = over.speaker if human(over) else None
    return _at(course, over.offset_seconds, person, inferred=isinstance(over, AlertEvent))


def _resolution(course: Course) -> Event | None:
    """The last word that it is over; where nobody says so, the last alert, if it is not one that fires."""
    said = [event for _, event in course.events() if event.type == "resolution"]
    alerts = [event for _, event in course.events() if isinstance(event, AlertEvent)]
    if said:
        return said[-1]
    return alerts[-1] if alerts and not fires(alerts[-1]) else None


def _at(course: Course, offset: float, person: str | None, inferred: bool = False) -> Moment:
    seconds = _since(course, offset)
    return Moment(gap=Gap.EARLIER) if seconds < 0 else Moment(seconds, person, inferred)


def _since(course: Course, offset: float) -> int:
    return round(offset - (course.start or 0))


_CAUSE = re.compile(r"root cause\b(?!\?)[^\n]*", re.IGNORECASE)
_NAMED = re.compile(r"`([^`\s]{3,})`")

RULES: dict[Measure, Callable[[Course], Moment]] = {
    Measure.ACKNOWLEDGE: _acknowledged,
    Measure.DIAGNOSE: _diagnosed,
    Measure.MITIGATE: _mitigated,
    Measure.RESOLVE: _resolved,
}
