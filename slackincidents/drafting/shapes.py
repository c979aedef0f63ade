"""Forms of answers: a strict JSON schema from an answer's type, and an answer from whatever came back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from pydantic import JsonValue, ValidationError

from slackincidents.chat.base import Shape
from slackincidents.chat.objects import objects
from slackincidents.drafting.answers import Item, Stage

Parsed = TypeVar("Parsed", bound=Stage)

KEPT = frozenset({"type", "properties", "required", "items", "anyOf", "enum", "const", "$ref", "$defs", "description"})
"""What strict schemas know. Bounds and patterns are checked here, after the answer."""


@dataclass(frozen=True)
class Fault:
    """One thing in a reply that is not what it should be: ``clues``, ``errors-up``, and a sentence with the place."""

    table: str
    item: str
    text: str


@dataclass(frozen=True)
class Read(Generic[Parsed]):
    """What could be taken from a reply, and what is wrong with the rest."""

    answer: Parsed | None
    faults: tuple[Fault, ...] = ()

    def settles(self, fault: Fault) -> bool:
        """True when the reply has the thing that was at fault in an earlier one, or drops it."""
        if self.answer is None:
            return False
        value = getattr(self.answer, fault.table, None)
        if not isinstance(value, tuple):
            return value is not None
        keys = {one.key for one in value if isinstance(one, Item)}
        return bool({fault.item, f"{fault.table}.{fault.item}"} & {*keys, *self.answer.drop})


@cache
def shape_of(kind: type[Stage]) -> Shape:
    """The form of one stage's answer. Every property is required; what may be left open may be null."""
    schema = _strict(kind.model_json_schema())
    return Shape(name=kind.__name__.lower(), json_schema=json.dumps(schema, separators=(",", ":")))


def _strict(value: JsonValue, *, named: bool = False) -> JsonValue:
    """The schema without bounds and defaults; under `properties` and `$defs` keys are names, and all stay."""
    if isinstance(value, list):
        return [_strict(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {k: _strict(v, named=k in {"properties", "$defs"}) for k, v in value.items() if named or k in KEPT}
    properties = kept.get("properties")
    if not named and isinstance(properties, dict):
        kept |= {"required": list(properties), "additionalProperties": False}
    return kept


def read(text: str, kind: type[Parsed]) -> Read[Parsed]:
    """The answer in a reply. Items that are not what they should be are left out and named."""
    for found in objects(text):
        if found.keys() & kind.model_fields.keys():
            return _sound_parts(found, kind)
    return Read(None)


def _sound_parts(found: dict[str, JsonValue], kind: type[Parsed]) -> Read[Parsed]:
    try:
        return Read(kind.model_validate(found))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    faults: dict[Fault, None] = {}
    unsound: dict[str, set[int | None]] = {}
    for problem in problems:
        top, *rest = problem["loc"]
        index = rest[0] if rest and isinstance(rest[0], int) else None
        unsound.setdefault(str(top), set()).add(index)
        steps = _place(found, problem["loc"])
        faults[Fault(str(top), steps[1] if index is not None else "", f"{'.'.join(steps)}: {problem['msg']}")] = None
    sound = {name: _without(value, unsound.get(name, set())) for name, value in found.items()}
    return Read(kind.model_validate({k: v for k, v in sound.items() if v is not None}), tuple(faults))


def _without(value: JsonValue, unsound: set[int | None]) -> JsonValue:
    if None in unsound:
        return None
    if isinstance(value, list):
        return [one for index, one in enumerate(value) if index not in unsound]
    return value


def _place(found: dict[str, JsonValue], loc: tuple[int | str, ...]) -> list[str]:
    """``clues``, ``errors-up``, ``where``: items go by their names, where they have one."""
    steps: list[str] = []
    here: JsonValue = found
    for step in loc:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            here = None
        name = here.get("name") if isinstance(here, dict) else None
        steps.append(name if isinstance(step, int) and isinstance(name, str) else str(step))
    return steps
