"""`slackincidents personas`: who can appear."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import TypeAdapter

from slackincidents.cli.options import ListingFormat, PersonasFile
from slackincidents.cli.terminal import details, emit, listing
from slackincidents.errors import UnknownName
from slackincidents.library import Library
from slackincidents.schema.people import Persona

_PEOPLE = TypeAdapter(dict[str, Persona])


def personas(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show one person.")] = None,
    form: ListingFormat = "text",
    file: PersonasFile = None,
) -> None:
    """List the people who can appear, or show one."""
    library = Library.from_environment(personas=file)
    people = library.people()
    if name is None:
        if form == "json":
            emit(_PEOPLE.dump_json(dict(people), indent=2).decode() + "\n")
        else:
            listing(
                ("handle", "name", "title", "time zone", "style"), (_row(handle, people[handle]) for handle in people)
            )
        return
    handle = name.removeprefix("@")
    if handle not in people:
        raise UnknownName("person", handle, people, "slackincidents personas")
    if form == "json":
        emit(people[handle].model_dump_json(indent=2) + "\n")
    else:
        details(_details(handle, people[handle], library))


def _row(handle: str, persona: Persona) -> tuple[str, ...]:
    return handle, persona.name, persona.title, persona.timezone, persona.style


def _details(handle: str, persona: Persona, library: Library) -> list[tuple[str, str]]:
    on_call = [name for name, service in library.catalogue().services.items() if handle in service.engineers]
    return [
        ("handle", handle),
        ("name", persona.name),
        ("title", f"{persona.title} ({persona.role}, {persona.seniority})"),
        ("time zone", f"{persona.timezone}, works {persona.works[0]} to {persona.works[1]}"),
        ("on call for", ", ".join(on_call) or "nothing"),
        ("style", persona.style),
        ("answers", f"{persona.response_time}, {persona.verbosity}, {persona.voice.manner}"),
        ("habits", "; ".join(persona.characteristics)),
        ("looks first", ", ".join(persona.looks_first)),
        *(("says" if place == 0 else "", line) for place, line in enumerate(persona.sample_lines)),
    ]
