"""Which engine tells a workspace's history, and what is said about a model's work afterwards."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from slackincidents.chat.batch_pace import Pace
from slackincidents.cli.options import completing, one_of
from slackincidents.cli.terminal import note
from slackincidents.errors import UsageError
from slackincidents.pipeline import Workshop
from slackincidents.workspace.engines import Engine, Here, Processes, Shelf
from slackincidents.workspace.model_engine import Line, Modelled
from slackincidents.workspace.opening import open_ray
from slackincidents.writer.opening import OpenAIWriter

LOCAL, RAY, BATCH = "local", "ray", "batch"
ENGINES = (LOCAL, RAY, BATCH)
WRITERS = ("offline", "openai")
SIDE_BY_SIDE = 2
"""Incidents at a time for each call in flight: while one is checked or stored, another asks."""

EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="|".join(ENGINES),
        help="This machine, an existing Ray cluster (RAY_ADDRESS), or OpenAI's Batch API (with --writer openai).",
        callback=one_of("engine", ENGINES),
        autocompletion=completing(ENGINES),
    ),
]
WriterChoice = Annotated[
    str,
    typer.Option(
        "--writer",
        metavar="|".join(WRITERS),
        help="Who writes the real incidents: phrases, or a model. The rest is phrases always.",
        callback=one_of("writer", WRITERS),
        autocompletion=completing(WRITERS),
    ),
]
AtOnce = Annotated[
    int, typer.Option("--at-once", min=1, max=10_000, metavar="N", help="Incidents that share a batch, at most.")
]
DeleteFiles = Annotated[
    bool, typer.Option("--delete-files", help="Remove our files at the endpoint once a batch's replies are kept here.")
]


def engine_of(
    workshop: Workshop, name: str, workers: int, author: OpenAIWriter | None, at_once: int, *, delete: bool
) -> Engine:
    """The engine that was asked for. Raises UsageError where engine and writer do not go together."""
    if author is not None:
        return _modelled(workshop, name, author, at_once, delete=delete)
    if name == BATCH:
        raise UsageError("--engine batch asks a model", "Say --writer openai too, or leave --engine out.")
    shelf = Shelf.of(workshop.library)
    if name == RAY:
        return open_ray(shelf, workers, os.environ.get("RAY_ADDRESS"))
    return Here(workshop) if workers == 1 else Processes(shelf, workers)


def _modelled(workshop: Workshop, name: str, author: OpenAIWriter, at_once: int, *, delete: bool) -> Modelled:
    if name == RAY:
        hint = "The model does the work: --engine local overlaps its calls (--concurrency), --engine batch costs half."
        raise UsageError("--engine ray tells offline only", hint)
    pace = Pace(delete=delete)
    return Modelled(
        workshop,
        (lambda: author.batch_chat(pace, tell=note)) if name == BATCH else author.chat,
        lambda chat: author.over(chat, workshop.library),
        at_once if name == BATCH else SIDE_BY_SIDE * author.concurrency,
        _bill,
    )


def _bill(line: Line) -> None:
    for warning in line.warnings:
        note(warning)
    counts = line.counts
    note(f"{counts.paid} replies paid for ({counts.usage.tokens:,} tokens), {counts.reused} found in store")
