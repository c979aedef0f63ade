"""`slackincidents regenerate`: the same incident again, in other words or in another course."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import source_of
from slackincidents.cli.options import Force, PersonasFile, ServicesFile, completing, one_of
from slackincidents.cli.output import FORMAT_WORDS, FORMATS, Destination, destination
from slackincidents.cli.terminal import note, progress
from slackincidents.cli.writing import (
    Bill,
    GranularityName,
    ModelName,
    MostTokens,
    Replies,
    Strict,
    Temperature,
    WriterName,
    chosen_writer,
)
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Repair, Workshop, run
from slackincidents.regeneration import VARIES, Author, Order, Vary, Work
from slackincidents.writer.opening import OpenAIWriter


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
    writer: WriterName = "auto",
    model: ModelName = None,
    granularity: GranularityName = "scene",
    temperature: Temperature = None,
    most_tokens: MostTokens = None,
    replies: Replies = None,
    strict: Strict = False,
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
    work = Work(
        workshop,
        found,
        Order(_vary(vary), variants, seed, only),
        stem=Path(source).stem if isinstance(found, Incident) else "",
        repair=Repair(fall_back=not strict),
    )
    target.check(work.stems())
    author = chosen_writer(
        writer,
        model=model,
        granularity=granularity,
        temperature=temperature,
        concurrency=1,
        most_tokens=most_tokens,
        replies=replies,
    )
    written = list[Path]()
    try:
        run(_made(work, author, target, written))
    finally:
        if written:
            note(f"wrote {written[0]}" if len(written) == 1 else f"wrote {len(written)} files to {target.folder}")


async def _made(work: Work, model: OpenAIWriter | None, target: Destination, written: list[Path]) -> None:
    """Each variant is written before the next is begun, so that what is finished stays."""
    if model is None:
        await _put(work, None, target, written)
        return
    async with model.chat() as chat:
        bill = Bill()
        try:
            await _put(work, work.over(model, chat), target, written, bill)
        finally:
            for warning in chat.warnings:
                note(warning)
            note(bill.line(chat.counts))


async def _put(
    work: Work, author: Author | None, target: Destination, written: list[Path], bill: Bill | None = None
) -> None:
    stems = iter(enumerate(work.stems()))
    with progress(work.order.variants, "regenerating") as step:
        async with aclosing(work.run(author)) as making:
            async for incident in making:
                place, stem = next(stems)
                path = target.put(stem, incident, first=place == 0)
                written += [path] if path else []
                if bill:
                    bill.add(incident)
                step()


def _vary(word: str) -> Vary:
    return next(vary for vary in VARIES if vary == word)
