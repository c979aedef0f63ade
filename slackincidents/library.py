"""The only reader of prompts/, personas/ and scenarios/: the user's folder first, then ours."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from slackincidents import archive
from slackincidents.errors import BadFile, BadSkeleton, UnknownName, nearest
from slackincidents.files import read_text
from slackincidents.schema import checks
from slackincidents.schema.base import Frozen
from slackincidents.schema.exchange import Exchange, ExchangeBank
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.monitors import Monitor, Monitors
from slackincidents.schema.people import Catalogue, Persona, Service
from slackincidents.schema.skeleton import Skeleton

USER_FOLDER = "SLACKINCIDENTS_HOME"
"""Environment variable that names the user's own folder, laid out like ours."""

TEMPLATE_FOLDERS = ("scene", "persona")
"""The folders of prompts/ that a model writer reads."""

SKELETON_PARTS = frozenset({"root_cause", "signals", "clues"})
"""What a skeleton has and an incident has not."""

SHELVES = (
    ("personas", "*.json"),
    ("scenarios/skeletons", "*.json"),
    ("scenarios/exchanges", "*.json"),
    ("scenarios/noise", "*.json"),
    ("prompts/offline", "*.j2"),
)
"""Folders and files that decide what is planned and written offline."""

Parsed = TypeVar("Parsed")


def without_schema(value: JsonValue) -> JsonValue:
    """A file's top level without its ``$schema`` line, which is for editors."""
    return {k: v for k, v in value.items() if k != "$schema"} if isinstance(value, dict) else value


_PERSONAS: TypeAdapter[dict[str, Persona]] = TypeAdapter(Annotated[dict[str, Persona], BeforeValidator(without_schema)])
_SERVICES: TypeAdapter[dict[str, Service]] = TypeAdapter(Annotated[dict[str, Service], BeforeValidator(without_schema)])


@cache
def data_root() -> Path:
    """Where prompts/, personas/ and scenarios/ are: in the installed package, else the checkout."""
    here = Path(__file__).resolve().parent
    for root in (here.parent, here / "_data"):
        if (root / "personas" / "personas.json").is_file() and (root / "scenarios").is_dir():
            return root
    raise BadFile(
        f"no data beside {here}", "The installation is incomplete: pip install --force-reinstall slackincidents"
    )


@dataclass(frozen=True)
class Library:
    """Where to look for people, services, skeletons and phrases. Files of `home` come first."""

    home: Path | None = None
    personas_file: Path | None = None
    services_file: Path | None = None

    @classmethod
    def from_environment(cls, personas: Path | None = None, services: Path | None = None) -> Library:
        """The library that SLACKINCIDENTS_HOME and the two options describe."""
        home = os.environ.get(USER_FOLDER)
        return cls(Path(home) if home else None, personas, services)

    def people(self) -> dict[str, Persona]:
        """Everybody, by handle. Raises BadFile naming file, path, value and remedy."""
        return self._people

    def catalogue(self) -> Catalogue:
        """The services. Raises BadFile naming file, path, value and remedy."""
        return self._catalogue

    @cached_property
    def _skeletons(self) -> dict[str, Skeleton]:
        return {}

    @cached_property
    def _people(self) -> dict[str, Persona]:
        path = self.personas_file or self._find("personas/personas.json")
        people = _parse(path, _PERSONAS)
        for handle, persona in people.items():
            _check_zone(path, f"{handle}.timezone", persona.timezone)
        return people

    @cached_property
    def _catalogue(self) -> Catalogue:
        path = self.services_file or self._find("personas/services.json")
        services = _parse(path, _SERVICES)
        people = self.people()
        for name, service in services.items():
            _check_zone(path, f"{name}.timezone", service.timezone)
            for call in service.calls:
                if call.service not in services:
                    raise _bad_name(path, f"{name}.calls", call.service, "service", services)
            for engineer in service.engineers:
                if engineer not in people:
                    raise _bad_name(path, f"{name}.engineers", engineer, "person", people)
        return Catalogue(services=services)

    def exchanges(self) -> tuple[Exchange, ...]:
        """All general exchanges, in file and id order."""
        banks = [_parse(path, TypeAdapter(ExchangeBank)) for path in self._all("scenarios/exchanges", "*.json")]
        return tuple(exchange for bank in banks for exchange in bank.exchanges)

    def skeleton_names(self) -> tuple[str, ...]:
        """The ids of all skeletons."""
        return tuple(sorted(path.stem for path in self._all("scenarios/skeletons", "*.json")))

    def skeleton(self, name: str) -> Skeleton:
        """A skeleton by id, or by the path of its file. Raises UnknownName, BadFile, BadSkeleton."""
        if name.endswith(".json"):
            return self.read_skeleton(Path(name))
        if name not in self._skeletons:
            if name not in self.skeleton_names():
                raise UnknownName("scenario", name, self.skeleton_names(), "slackincidents scenarios")
            self._skeletons[name] = self.read_skeleton(self._find(f"scenarios/skeletons/{name}.json"))
        return self._skeletons[name]

    def read_skeleton(self, path: Path) -> Skeleton:
        """Read and check one skeleton file."""
        skeleton = _parse(path, TypeAdapter(Skeleton))
        problems = checks.problems(skeleton, self.catalogue())
        if problems:
            more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
            raise BadSkeleton(f"{path}: {'; '.join(problems[:3])}{more}", "See docs/skeletons.md.")
        return skeleton

    def monitors(self) -> dict[str, Monitor]:
        """The monitors that make noise, by id, in id order."""
        return self._monitors

    @cached_property
    def _monitors(self) -> dict[str, Monitor]:
        files = (_parse(path, TypeAdapter(Monitors)) for path in self._all("scenarios/noise", "*.json"))
        found = {key: monitor for file in files for key, monitor in file.monitors.items()}
        return dict(sorted(found.items()))

    def phrases(self, name: str) -> str:
        """The source of one phrase bank."""
        return read_text(self._find(f"prompts/offline/{name}.j2"))

    def phrase_names(self) -> tuple[str, ...]:
        """The names of all phrase banks."""
        return tuple(sorted(path.stem for path in self._all("prompts/offline", "*.j2")))

    def templates(self, folders: Iterable[str] = TEMPLATE_FOLDERS) -> dict[str, Path]:
        """The templates a model writer's prompts are made of, by name: ``scene/turn.j2``."""
        found = {folder: self._all(f"prompts/{folder}", "*.j2") for folder in folders}
        return {f"{folder}/{path.name}": path for folder, paths in found.items() for path in paths}

    def incident_files(self) -> tuple[Path, ...]:
        """The finished incidents that ship, ready to post."""
        return tuple(self._all("scenarios/incidents", "*.json"))

    def fingerprint(self) -> str:
        """SHA-256 over every file that decides what is planned and written, in hex."""
        found = hashlib.sha256()
        named = filter(None, (self.personas_file, self.services_file))
        shelves = (path for folder, pattern in SHELVES for path in self._all(folder, pattern))
        for path in (*named, *shelves):
            found.update(f"{path.name}\n{read_text(path)}\n".encode())
        return found.hexdigest()

    def _find(self, relative: str) -> Path:
        for root in self._roots():
            if (root / relative).is_file():
                return root / relative
        raise BadFile(f"{relative} is missing from the library", "Run: slackincidents doctor")

    def _all(self, folder: str, pattern: str) -> Iterator[Path]:
        found: dict[str, Path] = {}
        for root in self._roots():
            for path in sorted((root / folder).glob(pattern)):
                found.setdefault(path.name, path)
        return iter(found[name] for name in sorted(found))

    def _roots(self) -> tuple[Path, ...]:
        return (self.home, data_root()) if self.home else (data_root(),)


def read_incident(path: Path) -> IncidentRecord:
    """Read an incident file of the seed's dialect or ours, or a Slack export that holds one. Raises BadFile."""
    records = read_incidents(path)
    if len(records) > 1:
        hint = f"Take all with load_all, or make one file of each: slackincidents export {path} --to json -o DIR"
        raise BadFile(f"{path} holds {len(records)} incidents", hint)
    return records[0]


def read_incidents(path: Path, *, quiet_hours: float | None = None) -> tuple[IncidentRecord, ...]:
    """Everything in an incident file, or in a Slack export (a ZIP or a folder). Raises BadFile.

    `quiet_hours` splits the channels of a real export where nobody posts for that long.
    """
    if archive.holds_archive(path):
        return archive.read(path, quiet_hours=quiet_hours)
    return (_read_file(path),)


def _read_file(path: Path) -> IncidentRecord:
    record: IncidentRecord = _parse(path, _incidents())
    try:
        _ = record.started_at
    except ValueError:
        hint = "Write it like 2024-12-11T14:30:00Z."
        raise BadFile(f"{path}: start_time {record.start_time!r} is not a date", hint) from None
    return record


@cache
def _incidents() -> TypeAdapter[IncidentRecord]:
    """Built once, when the first file is read: it takes longer than reading one."""
    return TypeAdapter(IncidentRecord)


def _parse(path: Path, adapter: TypeAdapter[Parsed]) -> Parsed:
    text = read_text(path)
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise BadFile(*_explain(path, error)) from None


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


def _check_zone(path: Path, place: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        spelling = {name.lower(): name for name in available_timezones()}
        near = re.sub(r'[^" ]+(?=")', lambda match: spelling[match[0]], nearest(zone, spelling))
        hint = f"Did you mean {near}?" if near else "Use an IANA name like Europe/Berlin."
        raise BadFile(f"{path}: {place}: {zone!r} is not a time zone", hint) from None


def _bad_name(path: Path, place: str, name: str, kind: str, known: Iterable[str]) -> BadFile:
    near = nearest(name, known)
    return BadFile(
        f"{path}: {place}: no {kind} {name!r}", f"Did you mean {near}?" if near else "Add it, or take it out."
    )
