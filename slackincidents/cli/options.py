"""Options that several verbs share, and how their values are checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.errors import UnknownName, UsageError
from slackincidents.schema.change import FACTORS, Change


def one_of(kind: str, known: Sequence[str]) -> Callable[[str | None], str | None]:
    """A check that a value is one of a few words, and offers the nearest when it is not."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in known:
            raise UnknownName(kind, value, known, ", ".join(known))
        return value

    return check


def completing(known: Sequence[str]) -> Callable[[str], list[str]]:
    """What a shell offers after the first letters."""
    return lambda incomplete: [word for word in known if word.startswith(incomplete)]


def crews(values: Sequence[str]) -> dict[str, list[str]]:
    """``recommendation=alice,bob`` and so on as a mapping. Raises UsageError."""
    found: dict[str, list[str]] = {}
    for value in values:
        service, equals, handles = value.partition("=")
        people = [handle.strip().removeprefix("@") for handle in handles.split(",")]
        if not equals or not service.strip() or not all(people):
            raise UsageError(
                f"--engineers {value!r} is not SERVICE=PERSON,PERSON", "Write it like recommendation=alice,bob."
            )
        found.setdefault(service.strip(), []).extend(people)
    return found


def factors(values: Sequence[str]) -> Change | None:
    """``commander=none`` and so on as one change. Raises UsageError, UnknownName."""
    found: dict[str, str] = {}
    for value in values:
        factor, equals, setting = (part.strip() for part in value.partition("="))
        if not equals or not factor or not setting:
            raise UsageError(f"--change {value!r} is not FACTOR=VALUE", "Write it like commander=none.")
        if found.setdefault(factor, setting) != setting:
            raise UsageError(f"--change sets {factor} twice: {found[factor]}, {setting}", "Leave one of them out.")
    return Change.of(found)


LISTING_FORMATS = ("text", "json")

ListingFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="text|json",
        help="Lines for people and pipes, or JSON.",
        callback=one_of("format", LISTING_FORMATS),
        autocompletion=completing(LISTING_FORMATS),
    ),
]
PersonasFile = Annotated[Path | None, typer.Option("--personas", metavar="FILE", help="People to use instead of ours.")]
ServicesFile = Annotated[
    Path | None, typer.Option("--services", metavar="FILE", help="Services to use instead of ours.")
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--change",
        metavar="FACTOR=VALUE",
        help="The course the seed gives, with one factor changed: commander=none. Repeatable.",
        autocompletion=completing([f"{factor}={value}" for factor, values in FACTORS.items() for value in values]),
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
