"""`slackincidents scenarios`: list them, show one, start a new one, draft one with a model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.cli.draft import Order, draft
from slackincidents.cli.generate import find
from slackincidents.cli.options import Force, ListingFormat, PersonasFile, ServicesFile
from slackincidents.cli.terminal import complain, details, emit, listing, note
from slackincidents.errors import OutputExists, SlackIncidentsError, UnknownName, UsageError
from slackincidents.files import read_text, write_text
from slackincidents.library import Library, data_root
from slackincidents.schema.skeleton import Skeleton

NEW, DRAFT = "new", "draft"
TEMPLATE = "scenarios/template.json"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def scenarios(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | new NAME | draft TEXT|FILE]",
            help="Show one, start a new one, or draft one from plain words or a post-mortem.",
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR|FILE", help="Where a new one goes; a draft also to a .json file."),
    ] = Path(),
    force: Force = False,
    form: ListingFormat = "text",
    model: Annotated[str | None, typer.Option(metavar="NAME", help="draft: the model; else OPENAI_MODEL.")] = None,
    max_tokens_total: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="draft: stop before more tokens are spent.")
    ] = None,
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """List the scenarios, show one, write a small skeleton to start a new one from, or draft a complete one."""
    library = Library.from_environment(personas, services)
    match words or []:
        case []:
            _list(library, form)
        case ["new"]:
            raise UsageError("a new scenario needs a name", "Write: slackincidents scenarios new NAME")
        case ["draft"]:
            raise UsageError("a draft needs a description", 'Write: slackincidents scenarios draft "what happened"')
        case [name]:
            _show(find(library, name), form)
        case ["new", name]:
            _start(name, output, force)
        case ["draft", source]:
            draft(Order(source, output, _named(output), library, model, max_tokens_total, force))
        case ["draft", *more]:
            raise UsageError(f"a description in {len(more)} pieces", 'Quote it: scenarios draft "what happened"')
        case [word, _]:
            raise UnknownName("word", word, [NEW, DRAFT], "slackincidents scenarios new NAME")
        case more:
            raise UsageError(f"{len(more)} words are too many", "Write: slackincidents scenarios new NAME")


def _list(library: Library, form: str) -> None:
    found: list[Skeleton] = []
    worst = 0
    for name in library.skeleton_names():
        try:
            found.append(library.skeleton(name))
        except SlackIncidentsError as error:
            complain(str(error))
            worst = max(worst, error.exit_code)
    if form == "json":
        emit(
            json.dumps(
                [
                    s.model_dump(include={"id", "title", "description", "severity", "difficulty", "services"})
                    for s in found
                ],
                indent=2,
            )
            + "\n"
        )
    else:
        listing(
            ("scenario", "severity", "difficulty", "title"), ((s.id, s.severity, s.difficulty, s.title) for s in found)
        )
    if worst:
        raise typer.Exit(worst)


def _show(skeleton: Skeleton, form: str) -> None:
    if form == "json":
        emit(skeleton.model_dump_json(indent=2, by_alias=True, exclude_none=True) + "\n")
    else:
        details(_details(skeleton))


def _details(skeleton: Skeleton) -> list[tuple[str, str]]:
    services = ", ".join(f"{name} ({role})" for name, role in skeleton.services.items())
    groups = {
        "alerts": [f"{rule.service}: {rule.title} ({rule.severity})" for rule in skeleton.alerts.values()],
        "cascade": [f"{step.source} -> {step.target} by {step.via}: {step.effect}" for step in skeleton.cascade],
        "clues": [f"{clue.fact} [{clue.where}, {clue.service}]" for clue in skeleton.clues.values()],
        "guesses": [f"{guess.claim} ({'true' if guess.true else 'false'})" for guess in skeleton.hypotheses.values()],
        "actions": [f"{action.label} ({action.effect})" for action in skeleton.actions.values()],
    }
    return [
        ("scenario", skeleton.id),
        ("title", skeleton.title),
        ("what", skeleton.description),
        ("severity", f"{skeleton.severity}, {skeleton.difficulty}"),
        ("services", services),
        ("root cause", skeleton.root_cause.plain),
        *((group if place == 0 else "", line) for group, lines in groups.items() for place, line in enumerate(lines)),
    ]


def _named(output: Path) -> str | None:
    """The name that a file gives its scenario; none for a folder or standard output."""
    return _checked(output.stem) if output.suffix == ".json" else None


def _checked(name: str) -> str:
    if not NAME.fullmatch(name) or len(name) > 80:
        raise UsageError(
            f'"{name}" cannot be the name of a scenario', "Use lower case, digits and single hyphens: slow-checkout"
        )
    return name


def _start(name: str, folder: Path, force: bool) -> None:
    _checked(name)
    if folder.exists() and not folder.is_dir():
        raise OutputExists(f"{folder} is not a folder", "Name a folder: -o DIR")
    path = folder / f"{name}.json"
    template = read_text(data_root() / TEMPLATE)
    write_text(path, template.replace('"id": "template"', f'"id": "{name}"', 1), overwrite=force)
    emit(f"{path}\n")
    shown = path if path.is_absolute() else f"./{path}"
    note(f"Edit it, then: slackincidents generate {shown}")
