"""`slackincidents services`: what can break, and what calls what."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import TypeAdapter

from slackincidents.cli.options import ListingFormat, PersonasFile, ServicesFile
from slackincidents.cli.terminal import details, emit, listing
from slackincidents.errors import UnknownName
from slackincidents.library import Library
from slackincidents.schema.people import Catalogue, Service

_SERVICES = TypeAdapter(dict[str, Service])


def services(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show one service.")] = None,
    form: ListingFormat = "text",
    file: ServicesFile = None,
    personas: PersonasFile = None,
) -> None:
    """List the services of the catalogue, or show one with its neighbours."""
    catalogue = Library.from_environment(personas, file).catalogue()
    if name is None:
        if form == "json":
            emit(_SERVICES.dump_json(catalogue.services, indent=2).decode() + "\n")
        else:
            listing(
                ("service", "channel", "on call", "calls"),
                (_row(key, entry) for key, entry in catalogue.services.items()),
            )
        return
    if name not in catalogue.services:
        raise UnknownName("service", name, catalogue.services, "slackincidents services")
    if form == "json":
        emit(catalogue.services[name].model_dump_json(indent=2) + "\n")
    else:
        details(_details(name, catalogue))


def _row(name: str, service: Service) -> tuple[str, ...]:
    return name, service.channel, ",".join(service.engineers), ",".join(call.service for call in service.calls)


def _details(name: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    service = catalogue.services[name]
    callers = [key for key, entry in catalogue.services.items() if name in {call.service for call in entry.calls}]
    return [
        ("service", name),
        ("kind", f"{service.kind}, {service.technology}".removesuffix(", ")),
        ("channel", service.channel),
        ("group", service.oncall_group),
        ("on call", ", ".join(service.engineers)),
        ("time zone", service.timezone),
        ("also called", ", ".join(service.aliases) or "nothing else"),
        ("calls", ", ".join(f"{call.service} ({call.mode})" for call in service.calls) or "nothing"),
        ("called by", ", ".join(callers) or "nothing"),
    ]
