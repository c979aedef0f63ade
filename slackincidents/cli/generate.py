"""`slackincidents generate`: make one incident or many."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import PACES, RANDOM, chosen, course_of, start_of
from slackincidents.cli.options import Force, PersonasFile, ServicesFile, completing, crews, one_of
from slackincidents.cli.output import FORMAT_WORDS, FORMATS, destination
from slackincidents.cli.terminal import note, progress
from slackincidents.errors import UnknownName
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.schema.plan import Pace
from slackincidents.schema.skeleton import Skeleton


def _names(incomplete: str) -> list[str]:
    return completing((*Library.from_environment().skeleton_names(), RANDOM))(incomplete)


def generate(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|random",
            help="A name, random, or the path of a skeleton file.",
            autocompletion=_names,
        ),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another course.")] = 0,
    variants: Annotated[int, typer.Option(min=1, help="How many, from this seed on.")] = 1,
    start_time: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it begins, UTC unless it says; else the seed draws it."),
    ] = None,
    engineers: Annotated[
        list[str] | None,
        typer.Option(metavar="SERVICE=NAMES", help="Who is on call: recommendation=alice,bob. Repeatable."),
    ] = None,
    pace: Annotated[
        str,
        typer.Option(
            metavar="real|brief",
            help="Minutes to hours, or two minutes.",
            callback=one_of("pace", PACES),
            autocompletion=completing(PACES),
        ),
    ] = "real",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="json|md|html|text",
            help="Text on a terminal, JSON when piped.",
            callback=one_of("format", tuple(FORMATS)),
            autocompletion=completing(FORMAT_WORDS),
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE|DIR", help="A file, or a folder for many.")
    ] = None,
    force: Force = False,
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Make an incident, or many variants of one.

    The same call gives the same bytes. Variant 3 of --seed 10 is what --seed 12 makes.
    """
    target = destination(output, form, many=variants > 1, force=force)
    start, on_call = start_of(start_time), crews(engineers or ())
    workshop = Workshop.open(Library.from_environment(personas, services))
    orders = list(_orders(workshop, scenario, range(seed, seed + variants)))
    target.check(f"{skeleton.id}-{number}" for skeleton, number in orders)
    written: list[Path] = []
    with progress(len(orders), "generating") as step:
        for skeleton, number in orders:
            course = course_of(workshop, skeleton, seed=number, start_time=start, engineers=on_call, pace=_pace(pace))
            incident = run(workshop.finish(course))
            path = target.put(f"{skeleton.id}-{number}", incident, first=number == seed)
            written += [path] if path else []
            step()
    if written:
        note(f"wrote {written[0]}" if len(written) == 1 else f"wrote {len(written)} files to {target.folder}")


def _orders(workshop: Workshop, scenario: str, seeds: range) -> Iterator[tuple[Skeleton, int]]:
    read: dict[str, Skeleton] = {}
    for seed in seeds:
        name = chosen(scenario, seed, workshop.library)
        if name not in read:
            read[name] = find(workshop.library, name)
        yield read[name], seed


def find(library: Library, scenario: str) -> Skeleton:
    """A skeleton by name; what looks like a path is one. Raises UnknownName, BadFile, BadSkeleton."""
    names = library.skeleton_names()
    if scenario in names:
        return library.skeleton(scenario)
    if scenario.endswith(".json") or os.sep in scenario or Path(scenario).is_file():
        return library.read_skeleton(Path(scenario))
    raise UnknownName("scenario", scenario, [*names, RANDOM], "slackincidents scenarios")


def _pace(word: str) -> Pace:
    return next(pace for pace in PACES if pace == word)
