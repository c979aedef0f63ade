"""Whether an incident can be shown at all: its numbers are numbers, its times are dates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from slackincidents.schema.incident import EventBase, IncidentRecord


def not_numbers(value: object, place: str = "") -> Iterator[tuple[str, float]]:
    """Place and value of every number in plain data that is infinite, NaN or too large to reckon with."""
    if isinstance(value, int | float):
        if not _finite(value):
            yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from not_numbers(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from not_numbers(item, f"{place}[{index}]")


def beyond_all_dates(incident: IncidentRecord, event: EventBase) -> bool:
    """True when an event lies before year 1 or after year 9999. False where the start is no date at all."""
    try:
        incident.time_of(event)
    except OverflowError:
        return True
    except ValueError:  # the start time cannot be read, or the offset is NaN
        return False
    return False


def unshowable(incident: IncidentRecord) -> str | None:
    """Why no clock can show an incident; None when one can."""
    for place, _ in not_numbers(incident.model_dump(mode="python")):
        return f"{place} is not a number"
    try:
        _ = incident.started_at
    except ValueError:
        return f"start_time {incident.start_time!r} is not a date"
    for index, event in enumerate(incident.timeline):
        if beyond_all_dates(incident, event):
            return f"timeline[{index}].offset_seconds: the time is beyond all dates"
    return None


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number with more than 308 digits
        return False
