"""Options that choose who writes, and what is said about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.chat.recorded import Counts
from slackincidents.cli.options import completing, one_of
from slackincidents.cli.run_folder import Asked
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.settings import Settings
from slackincidents.writer.opening import OpenAIWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import GRANULARITIES

WRITERS = ("auto", "offline", "openai")

WriterName = Annotated[
    str,
    typer.Option(
        "--writer",
        metavar="auto|offline|openai",
        help="Who writes: phrases (offline), a model (openai), or a model where a key is set (auto).",
        callback=one_of("writer", WRITERS),
        autocompletion=completing(WRITERS),
    ),
]
ModelName = Annotated[str | None, typer.Option("--model", metavar="NAME", help="The model; else OPENAI_MODEL.")]
GranularityName = Annotated[
    str,
    typer.Option(
        "--granularity",
        metavar="scene|turn|incident",
        help="What one call writes: a scene, one message, or everything.",
        callback=one_of("granularity", GRANULARITIES),
        autocompletion=completing(GRANULARITIES),
    ),
]
Temperature = Annotated[float | None, typer.Option(min=0.0, max=2.0, help="Of the model; else the endpoint's own.")]
Concurrency = Annotated[int, typer.Option(min=1, max=256, help="Calls at a time, and incidents side by side.")]
MostTokens = Annotated[
    int | None, typer.Option("--max-tokens-total", min=1, metavar="N", help="Stop before more tokens are paid for.")
]
Replies = Annotated[
    Path | None, typer.Option("--replies", metavar="DIR", help="Where the model's replies are kept, and found again.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Fail where the model fails; else the offline writer fills in.")]


def chosen_writer(
    name: str,
    *,
    model: str | None,
    granularity: str,
    temperature: float | None,
    concurrency: int,
    most_tokens: int | None,
    replies: Path | None,
) -> OpenAIWriter | None:
    """The model writer, or None for the offline one. Raises NotConfigured, with what to set."""
    if name == "offline":
        return None
    settings = Settings.from_environment()
    if name == "auto" and settings.openai_api_key is None:
        return None
    writer = OpenAIWriter(
        model=model,
        granularity=next(one for one in GRANULARITIES if one == granularity),
        temperature=temperature,
        concurrency=concurrency,
        max_tokens_total=most_tokens,
        replies=replies,
        settings=settings,
    )
    writer.asking()
    return writer


def asked_of(writer: OpenAIWriter, library: Library) -> Asked:
    """All of a model writer that decides what it writes."""
    asking = writer.asking()
    return Asked(
        model=asking.model,
        endpoint=writer.configured().endpoint,
        granularity=asking.granularity,
        temperature=asking.temperature,
        prompts_sha256=Prompts.of(library).sha256,
    )


@dataclass
class Bill:
    """What the finished incidents needed, for one closing line."""

    repaired: int = 0
    fell_back: int = 0

    def add(self, incident: Incident) -> None:
        """Count one incident."""
        if origin := incident.provenance:
            self.repaired += len(origin.repaired)
            self.fell_back += len(origin.fell_back)

    def line(self, counts: Counts) -> str:
        """Calls, tokens, and how much was written again."""
        return (
            f"{counts.paid} calls paid ({counts.usage.tokens:,} tokens), {counts.reused} found in store; "
            f"{self.repaired} messages written again, {self.fell_back} by the offline writer"
        )
