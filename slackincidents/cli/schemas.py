"""`slackincidents schema`: the JSON Schemas of every file one can write by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, TypeAdapter

from slackincidents.cli.options import Force, completing
from slackincidents.cli.terminal import emit, listing, note
from slackincidents.drills.rota import Schedule
from slackincidents.errors import OutputExists, UnknownName
from slackincidents.files import write_text
from slackincidents.schema.exchange import ExchangeBank
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.people import Persona, Service
from slackincidents.schema.skeleton import Skeleton
from slackincidents.tasks.questions import Question

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACES = {
    "skeleton": "scenarios/skeleton.schema.json",
    "exchanges": "scenarios/exchanges.schema.json",
    "incident": "scenarios/incident.schema.json",
    "personas": "personas/personas.schema.json",
    "services": "personas/services.schema.json",
    "schedule": "scenarios/schedule.schema.json",
    "questions": "scenarios/questions.schema.json",
}
"""Where each schema lies, in the package and in a user's own folder."""

EDITOR_LINE: dict[str, JsonValue] = {"properties": {"$schema": {"type": "string"}}}
"""Maps may name their schema too, for editors."""

_PEOPLE, _SERVICES = TypeAdapter(dict[str, Persona]), TypeAdapter(dict[str, Service])


def schema(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Show one.", autocompletion=completing(tuple(PLACES))),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write them, laid out like our folders.")
    ] = None,
    force: Force = False,
) -> None:
    """List the JSON Schemas, show one, or write them to a folder for an editor to use."""
    if name is not None and name not in PLACES:
        raise UnknownName("schema", name, PLACES, "slackincidents schema")
    if output is not None:
        _write(output, [name] if name else list(PLACES), force)
    elif name:
        emit(source(name))
    else:
        listing(("schema", "file", "what"), ((key, PLACES[key], str(build(key)["title"])) for key in PLACES))


def source(name: str) -> str:
    """The text of one schema file."""
    return json.dumps(build(name), indent=1, ensure_ascii=False) + "\n"


def build(name: str) -> Mapping[str, JsonValue]:
    """One schema: what may stand in that kind of file."""
    bodies: dict[str, tuple[str, Mapping[str, JsonValue]]] = {
        "skeleton": ("A skeleton: the facts of one incident", Skeleton.model_json_schema()),
        "exchanges": ("A bank of exchanges: talk that carries no fact", ExchangeBank.model_json_schema()),
        "incident": (
            "An incident: the timeline, its answer key and where it comes from",
            IncidentRecord.model_json_schema(),
        ),
        "personas": ("Personas by handle", _PEOPLE.json_schema() | EDITOR_LINE),
        "services": ("Services by name", _SERVICES.json_schema() | EDITOR_LINE),
        "schedule": ("A schedule: who is on call for what, and when", _with_editor_line(Schedule.model_json_schema())),
        "questions": ("A question: one line of a question file, with its gold answer", Question.model_json_schema()),
    }
    title, body = bodies[name]
    return {"$schema": DIALECT, **body, "title": title}


def _with_editor_line(body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    fields = body["properties"]
    more = EDITOR_LINE["properties"]
    assert isinstance(fields, dict)
    assert isinstance(more, dict)
    return {**body, "properties": {**more, **fields}}


def _write(folder: Path, names: list[str], force: bool) -> None:
    paths = {name: folder / PLACES[name] for name in names}
    for path in paths.values():
        if path.exists() and not force:
            raise OutputExists(f"{path} exists", "Choose another folder, or say --force.")
    for name, path in paths.items():
        write_text(path, source(name), overwrite=force)
    note(f"wrote {len(paths)} schema{'s' if len(paths) > 1 else ''} to {folder}")
