"""The only reader of prompts/, personas/ and scenarios/: the user's folder first, then ours."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from slackincidents import archive
from slackincidents.errors import BadFile, BadSkeleton, UnknownName, nearest
from slackincidents.files import read_text
from slackincidents.schema import checks
from slackincidents.schema.exchange import Exchange, ExchangeBank
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.monitors import Monitor, Monitors
from slackincidents.schema.parsing import check_zone, parsed, without_schema
from slackincidents.schema.people import Catalogue, Persona, Service
from slackincidents.schema.skeleton import Skeleton

USER_FOLDER = "SLACKINCIDENTS_HOME"
"""Environment variable that names the user's own folder, laid out like ours."""

TEMPLATE_FOLDERS = ("scene", "persona")
"""The folders of prompts/ that a model writer reads."""

SHELVES = (
    ("personas", "*.json"),
    ("scenarios/skeletons", "*.json"),
    ("scenarios/exchanges", "*.json"),
    ("scenarios/noise", "*.json"),
    ("prompts/offline", "*.j2"),
)
"""Folders and files that decide what is planned and written offline."""

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
        people = parsed(path, _PERSONAS)
        for handle, persona in people.items():
            check_zone(f"{path}: {handle}.timezone", persona.timezone)
        return people

    @cached_property
    def _catalogue(self) -> Catalogue:
        path = self.services_file or self._find("personas/services.json")
        services = parsed(path, _SERVICES)
        people = self.people()
        for name, service in services.items():
            check_zone(f"{path}: {name}.timezone", service.timezone)
            for call in service.calls:
                if call.service not in services:
                    raise _bad_name(path, f"{name}.calls", call.service, "service", services)
            for engineer in service.engineers:
                if engineer not in people:
                    raise _bad_name(path, f"{name}.engineers", engineer, "person", people)
        return Catalogue(services=services)

    def exchanges(self) -> tuple[Exchange, ...]:
        """All general exchanges, in file and id order."""
        banks = [parsed(path, TypeAdapter(ExchangeBank)) for path in self._all("scenarios/exchanges", "*.json")]
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
        skeleton = parsed(path, TypeAdapter(Skeleton))
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
        files = (parsed(path, TypeAdapter(Monitors)) for path in self._all("scenarios/noise", "*.json"))
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
    record: IncidentRecord = parsed(path, _incidents())
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


def _bad_name(path: Path, place: str, name: str, kind: str, known: Iterable[str]) -> BadFile:
    near = nearest(name, known)
    return BadFile(
        f"{path}: {place}: no {kind} {name!r}", f"Did you mean {near}?" if near else "Add it, or take it out."
    )
