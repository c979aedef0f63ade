"""`slackincidents prompts`: the templates a model's prompts are made of, and what exactly would be sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from slackincidents.chat.base import Message
from slackincidents.cli.generate import find
from slackincidents.cli.options import ListingFormat, completing, one_of
from slackincidents.cli.terminal import emit, listing, note
from slackincidents.errors import UnknownName, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Plan
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import GRANULARITIES, Granularity, Scene, scenes

SHOW = "show"
USAGE = "Write: slackincidents prompts show SCENARIO"
SAYS_WHOSE = "earlier lines are the offline writer's here; in a run they are the model's own"

_CALLS = TypeAdapter(list[tuple[Message, ...]])


def prompts(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[show SCENARIO]", help="What would be sent for a scenario.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which course of the incident.")] = 0,
    granularity: Annotated[
        str,
        typer.Option(
            metavar="|".join(GRANULARITIES),
            help="One call for a window of lines, for each line, or for all.",
            callback=one_of("granularity", GRANULARITIES),
            autocompletion=completing(GRANULARITIES),
        ),
    ] = "scene",
    beat: Annotated[str | None, typer.Option(metavar="ID", help="Only the call that asks for this beat.")] = None,
    call: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only this call.")] = None,
    form: ListingFormat = "text",
) -> None:
    """List the prompt templates, or show exactly what would be sent to a model."""
    library = Library.from_environment()
    match words or []:
        case []:
            _list(library, form)
        case ["show"]:
            raise UsageError("which scenario's prompts?", USAGE)
        case ["show", name]:
            workshop = Workshop.open(library)
            plan = workshop.plan(find(library, name), seed=seed)
            kind = next(one for one in GRANULARITIES if one == granularity)
            _show(workshop, plan, _wanted(plan, kind, beat, call), form)
        case [word, *_]:
            raise UnknownName("word", word, [SHOW], USAGE)


def _list(library: Library, form: str) -> None:
    found = library.templates()
    if form == "json":
        emit(TypeAdapter(dict[str, Path]).dump_json(found, indent=2).decode() + "\n")
    else:
        listing(("template", "file"), ((name, str(path)) for name, path in found.items()))


def _wanted(plan: Plan, granularity: Granularity, beat: str | None, call: int | None) -> tuple[Scene, ...]:
    """The calls asked for. Raises UsageError when there is no such call or beat."""
    found = scenes(plan, granularity)
    if beat is not None:
        asked = [one for scene in found for one in scene.ids]
        if beat not in asked:
            raise UnknownName("beat that a model writes called", beat, asked, f"they are {', '.join(asked[:3])}...")
        found = tuple(scene for scene in found if beat in scene.ids)
    if call is not None:
        if call not in {scene.number for scene in found}:
            numbers = ", ".join(str(scene.number) for scene in found[:8])
            raise UsageError(f"no call {call} among the {len(found)} asked for", f"There is {numbers}.")
        found = tuple(scene for scene in found if scene.number == call)
    return found


def _show(workshop: Workshop, plan: Plan, wanted: tuple[Scene, ...], form: str) -> None:
    session = Prompts.of(workshop.library).session(plan)
    texts = OfflineWriter(workshop.banks).compose(plan).texts
    note(SAYS_WHOSE)
    calls = [session.scene(scene, texts) for scene in wanted]
    if form == "json":
        emit(_CALLS.dump_json(calls, indent=2).decode() + "\n")
    else:
        emit("\n".join(_pages(wanted, calls)))


def _pages(wanted: tuple[Scene, ...], calls: list[tuple[Message, ...]]) -> Iterator[str]:
    """Each message under a line that says what it is; a system message that was shown already is only named."""
    shown: dict[str, int] = {}
    for scene, messages in zip(wanted, calls, strict=True):
        for message in messages:
            first = shown.setdefault(message.content, scene.number)
            if first != scene.number:
                yield f"--- call {scene.number} of {scene.total}: {message.role}, the same as in call {first}\n"
            else:
                yield f"--- call {scene.number} of {scene.total}: {message.role}\n\n{message.content}\n"
