"""Reading a JSON file into a value, and saying in one line why it is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from slackincidents.errors import BadFile, nearest
from slackincidents.files import MOST_BYTES, read_text
from slackincidents.schema.base import Frozen

SKELETON_PARTS = frozenset({"root_cause", "signals", "clues"})
"""What a skeleton has and an incident has not."""

Parsed = TypeVar("Parsed")


def without_schema(value: JsonValue) -> JsonValue:
    """A file's top level without its ``$schema`` line, which is for editors."""
    return {k: v for k, v in value.items() if k != "$schema"} if isinstance(value, dict) else value


def parsed(path: Path, adapter: TypeAdapter[Parsed], most_bytes: int = MOST_BYTES) -> Parsed:
    """What stands in a file. Raises BadFile with place, value and remedy, also for more than `most_bytes`."""
    try:
        return adapter.validate_json(read_text(path, most_bytes=most_bytes))
    except ValidationError as error:
        raise BadFile(*_explain(path, error)) from None


def check_zone(place: str, zone: str) -> None:
    """Raise BadFile, with the nearest names, for what is no time zone. `place` says where it stands."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        spelling = {name.lower(): name for name in available_timezones()}
        near = re.sub(r'[^" ]+(?=")', lambda match: spelling[match[0]], nearest(zone, spelling))
        hint = f"Did you mean {near}?" if near else "Use an IANA name like Europe/Berlin."
        raise BadFile(f"{place}: {zone!r} is not a time zone", hint) from None


def _explain(path: Path, error: ValidationError) -> tuple[str, str]:
    """Message and hint. An unknown field goes first: the field that is missed is often the same one, misspelt."""
    errors = error.errors(include_url=False)
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    if first["type"] == "json_invalid":
        reason = str(first.get("ctx", {}).get("error", first["msg"]))
        return f"{path} is not JSON: {reason}", "Mend it there; a missing comma or quote is the usual cause."
    if any(map(_lacks_a_timeline, errors)):
        return f"{path} is a skeleton, not an incident", f"Check it with: slackincidents scenarios {path}"
    place = ".".join(str(part) for part in first["loc"]) or "the whole file"
    if first["type"] == "extra_forbidden":
        near = _near_field(first, errors)
        return f"{path}: unknown field {place}", f"Did you mean {near}?" if near else "Remove it."
    more = len(errors) - 1
    tail = f" (and {more} more)" if more else ""
    value = repr(first.get("input"))
    shown = value if len(value) <= 60 else value[:57] + "..."
    return f"{path}: {place}: {first['msg']}, got {shown}{tail}", "See slackincidents schema."


def _near_field(unknown: ErrorDetails, errors: Sequence[ErrorDetails]) -> str:
    """The fields that may have been meant: those missing in the same place before all others."""
    *where, name = unknown["loc"]
    missing = [str(one["loc"][-1]) for one in errors if one["type"] == "missing" and [*one["loc"][:-1]] == where]
    return nearest(str(name), missing) or nearest(str(name), _known_fields())


def _lacks_a_timeline(error: ErrorDetails) -> bool:
    """True for the error that a skeleton makes when it is read as an incident."""
    whole = error["input"]
    return error["type"] == "missing" and error["loc"] == ("timeline",) and set(whole) >= SKELETON_PARTS


@cache
def _known_fields() -> frozenset[str]:
    names: set[str] = set()
    pending: list[type[Frozen]] = [Frozen]
    while pending:
        model = pending.pop()
        names |= set(model.model_fields)
        pending += model.__subclasses__()
    return frozenset(names)
