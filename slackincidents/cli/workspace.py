"""`slackincidents workspace`: days or months of history from one seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from slackincidents.cli.options import PersonasFile, ServicesFile
from slackincidents.cli.terminal import complain, counting, emit, note
from slackincidents.cli.workspace_engine import LOCAL, AtOnce, DeleteFiles, EngineName, WriterChoice, engine_of
from slackincidents.cli.writing import (
    Concurrency,
    GranularityName,
    ModelName,
    MostTokens,
    Replies,
    Temperature,
    asked_of,
    chosen_writer,
)
from slackincidents.errors import UnknownName, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.workspace import Mix, Order
from slackincidents.workspace.making import Making, make, making_of
from slackincidents.workspace.shards import Manifest, Note
from slackincidents.writer.opening import OpenAIWriter

START = "2025-03-03"
SHOWN = 5
SHARE_OFF, ALERTS_OFF = 0.03, 5
"""By so much more noise than asked for must be without an answer before a run says so: of all noise, and in alerts."""


def workspace(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="An empty folder, or a history to go on with.")
    ],
    days: Annotated[int, typer.Option(min=1, max=3660, metavar="N", help="How many days.")] = 7,
    seed: Annotated[str, typer.Option(metavar="SEED", help="The same seed gives the same history.")] = "0",
    start: Annotated[str, typer.Option(metavar="DATE", help="The first day, UTC.")] = START,
    incidents: Annotated[float | None, typer.Option(min=0, metavar="N", help="Real incidents a weekday.")] = None,
    noise: Annotated[float | None, typer.Option(min=0, metavar="N", help="Alerts nobody needed, a weekday.")] = None,
    unanswered: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="SHARE", help="Share of noise that nobody answers.")
    ] = None,
    recurring: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="SHARE", help="Share of incidents that come back.")
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="Only this scenario happens; repeatable.")
    ] = None,
    holiday: Annotated[
        list[str] | None, typer.Option("--holiday", metavar="DATE", help="A day off for everybody; repeatable.")
    ] = None,
    engine: EngineName = LOCAL,
    workers: Annotated[int, typer.Option(min=1, max=512, metavar="N", help="Processes, offline.")] = 2,
    writer: WriterChoice = "offline",
    model: ModelName = None,
    granularity: GranularityName = "scene",
    temperature: Temperature = None,
    concurrency: Concurrency = 8,
    at_once: AtOnce = 1000,
    most_tokens: MostTokens = None,
    replies: Replies = None,
    delete_files: DeleteFiles = False,
    personas: PersonasFile = None,
    services: ServicesFile = None,
) -> None:
    """Make days or months of history: incidents, the noise between them, deploys and everyday talk.

    The same seed gives the same bytes, whatever engine, workers or interruptions; with a model, as long as its replies
    are kept (--replies). The same command again goes on where
    it stopped. Exit 1 when an incident could not be told: the manifest names it.
    """
    workshop = Workshop.open(Library.from_environment(personas, services))
    order = _order(workshop, seed, start, days, _mix(incidents, noise, unanswered, recurring, holiday), scenario)
    author = chosen_writer(
        writer,
        model=model,
        granularity=granularity,
        temperature=temperature,
        concurrency=concurrency,
        most_tokens=most_tokens,
        replies=replies,
    )
    making = _asked(making_of(workshop, order), workshop, author)
    tells = engine_of(workshop, engine, workers, author, at_once, delete=delete_files)
    with counting("entries") as tick:
        manifest = make(output, workshop, making, tells, step=lambda shard: tick(_progress(shard)))
    raise typer.Exit(_account(output, manifest, order.mix))


def _asked(making: Making, workshop: Workshop, author: OpenAIWriter | None) -> Making:
    """The making with all of a model writer that decides what it writes."""
    if author is None:
        return making
    asked = asked_of(author, workshop.library)
    return making.model_copy(
        update={
            "writer": "openai",
            "model": asked.model,
            "prompts_sha256": asked.prompts_sha256,
            "granularity": asked.granularity,
            "temperature": asked.temperature,
        }
    )


def _progress(shard: Note) -> str:
    return f"{shard.last}"


def _mix(
    incidents: float | None,
    noise: float | None,
    unanswered: float | None,
    recurring: float | None,
    holidays: list[str] | None,
) -> Mix:
    named = {"incidents": incidents, "noise": noise, "unanswered": unanswered, "recurring": recurring}
    set_ones = {name: value for name, value in named.items() if value is not None}
    try:
        return Mix.model_validate({**set_ones, "holidays": tuple(_day(day, "--holiday") for day in holidays or ())})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{first['loc'][0]} {first['input']}: {first['msg']}", "See --help.") from None


def _order(workshop: Workshop, seed: str, start: str, days: int, mix: Mix, scenarios: list[str] | None) -> Order:
    known = workshop.library.skeleton_names()
    for name in scenarios or ():
        if name not in known:
            raise UnknownName("scenario", name, known, "slackincidents scenarios")
    return Order(seed=seed, start=_day(start, "--start"), days=days, mix=mix, scenarios=tuple(scenarios or ()))


def _day(word: str, option: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(f"{option} {word!r} is not a day", "Write it like 2025-03-03.") from None


def _account(folder: Path, manifest: Manifest, mix: Mix) -> int:
    """Say what was made and what was not; 1 when something is missing."""
    told = ", ".join(f"{number:,} {kind}" for kind, number in manifest.counts.items())
    emit(f"{folder}: {told or 'nothing happened'}\nsha256 {manifest.sha256}\n")
    off = manifest.unanswered - mix.unanswered
    if off > SHARE_OFF and off * manifest.counts.get("noise", 0) > ALERTS_OFF:
        note(
            f"noise: {manifest.unanswered:.0%} of it nobody answered, {mix.unanswered:.0%} were asked for: "
            "for the rest nobody was both awake and free; more people or less noise would help"
        )
    for failure in manifest.failures[:SHOWN]:
        complain(f"entry {failure.entry} was not told: {failure.why}")
    if len(manifest.failures) > SHOWN:
        note(f"and {len(manifest.failures) - SHOWN} more: see {folder / 'manifest.json'}")
    note(f"as tables, a Slack export or a site: slackincidents export {folder} --to parquet|slack-export|html -o PATH")
    return 1 if manifest.failures else 0
