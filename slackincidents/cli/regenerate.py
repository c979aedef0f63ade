"""`slackincidents regenerate`: the same incident again, in other words or in another course."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import source_of
from slackincidents.chat.opening import open_chat
from slackincidents.cli.options import Force, PersonasFile, ServicesFile, completing, one_of
from slackincidents.cli.output import FORMAT_WORDS, FORMATS, Destination, destination
from slackincidents.cli.terminal import note, progress
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.regeneration import VARIES, Author, Order, Vary, Work
from slackincidents.settings import OPENAI, Settings, bare
from slackincidents.writer import OfflineWriter
from slackincidents.writer.llm import Asking, LanguageWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.reword import Reworder

WRITERS = ("auto", "offline", "openai")


@dataclass(frozen=True)
class Choice:
    """Who is to write: the kind of writer, and the model if one is named."""

    writer: str
    model: str | None

    def wants_model(self, settings: Settings) -> bool:
        """Whether a model is asked for; "auto" takes one where the settings are complete."""
        known = settings.openai_api_key is not None or bare(settings.openai_base_url) != bare(OPENAI)
        named = self.model or settings.openai_model
        return self.writer == "openai" or (self.writer == "auto" and known and bool(named))


def regenerate(
    source: Annotated[
        str, typer.Argument(metavar="FILE|SCENARIO", help="An incident file, ours or a stranger's, or a scenario.")
    ],
    vary: Annotated[
        str,
        typer.Option(
            metavar="words|course|both",
            help="words keeps all facts and times; course keeps only the skeleton.",
            callback=one_of("way to vary", VARIES),
            autocompletion=completing(VARIES),
        ),
    ] = "words",
    variants: Annotated[int, typer.Option(min=1, help="How many, each in words the earlier ones did not use.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Where counting of courses and wordings begins.")] = 0,
    only: Annotated[
        str | None,
        typer.Option(metavar="MESSAGE|thread:N|#CHANNEL", help="Tell this part again; all else stays as it is."),
    ] = None,
    writer: Annotated[
        str,
        typer.Option(
            metavar="auto|offline|openai",
            help="Phrases, or a language model; auto takes the model where key and model are set.",
            callback=one_of("writer", WRITERS),
            autocompletion=completing(WRITERS),
        ),
    ] = "auto",
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The model; else OPENAI_MODEL.")] = None,
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
    """Tell an incident again: in other words, in another course, or one part of it alone.

    A stranger's file is reworded by a language model: its figures, mentions, links, code, threads and times stay.
    """
    target = destination(output, form, many=variants > 1, force=force)
    workshop = Workshop.open(Library.from_environment(personas, services))
    found = source_of(workshop, source, seed)
    order = Order(_vary(vary), variants, seed, only)
    work = Work(workshop, found, order, stem=Path(source).stem if isinstance(found, Incident) else "")
    target.check(work.stems())
    with progress(variants, "regenerating") as step:
        written = run(_made(work, Choice(writer, model), target, step))
    if written:
        note(f"wrote {written[0]}" if len(written) == 1 else f"wrote {len(written)} files to {target.folder}")


async def _made(work: Work, choice: Choice, target: Destination, step: Callable[[], None]) -> list[Path]:
    """Each variant is written before the next is begun, so that what is finished stays."""
    written: list[Path] = []
    async with _author(work, choice) as author:
        stems = iter(enumerate(work.stems()))
        async for incident in work.run(author):
            place, stem = next(stems)
            path = target.put(stem, incident, first=place == 0)
            written += [path] if path else []
            step()
    return written


@asynccontextmanager
async def _author(work: Work, choice: Choice) -> AsyncIterator[Author | None]:
    settings = Settings.from_environment()
    if not choice.wants_model(settings):
        yield None
        return
    library, name = work.workshop.library, settings.model(choice.model)
    async with open_chat(settings) as chat:
        if work.is_foreign:
            yield Reworder.of(chat, name, library)
        else:
            yield LanguageWriter(chat, Asking(name), Prompts.of(library), OfflineWriter(work.workshop.banks))


def _vary(word: str) -> Vary:
    return next(vary for vary in VARIES if vary == word)
