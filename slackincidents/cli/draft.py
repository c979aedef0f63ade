"""`slackincidents scenarios draft`: a complete skeleton from plain words, with a language model."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest
from slackincidents.chat.opening import Terms, open_chat
from slackincidents.cli.output import STDOUT
from slackincidents.cli.terminal import emit, note, progress
from slackincidents.drafting import DraftedSkeleton, draft_skeleton
from slackincidents.drafting.notes import ENDING, notes, told
from slackincidents.drafting.parts import STAGES
from slackincidents.errors import NotConfigured, OutputExists, UsageError
from slackincidents.files import read_text, write_text
from slackincidents.library import Library
from slackincidents.pipeline import run
from slackincidents.schema.skeleton import Skeleton
from slackincidents.settings import Settings

MOST_BYTES = 1024 * 1024
TEXT_FILES = frozenset({".md", ".txt", ".rst", ".adoc", ".html", ".json"})
"""Endings of what is taken for a file, be it there or not."""

IN_ENVIRONMENT = "Set it in the environment or in .env."


@dataclass(frozen=True)
class Order:
    """What is to be drafted: the description or its file, where it goes, and how the model is asked."""

    source: str
    output: Path
    name: str | None
    library: Library
    model: str | None
    max_tokens_total: int | None
    force: bool

    def check(self) -> None:
        """Refuse before anything is asked: a file that is there already."""
        if self.output.suffix == ".json":
            _free(self.output, self.force)

    def target(self, skeleton: Skeleton) -> Path | None:
        """The file that the skeleton goes to; None for standard output."""
        if str(self.output) == STDOUT:
            return None
        return self.output if self.output.suffix == ".json" else self.output / f"{skeleton.id}.json"


def draft(order: Order) -> None:
    """Draft, write the skeleton and its notes, and say what could not be settled."""
    order.check()
    text = description(order.source)
    with progress(len(STAGES), "drafting") as step:
        drafted, model_name = run(_drafted(order, text, step))
    target = order.target(drafted.skeleton)
    content = drafted.skeleton.model_dump_json(by_alias=True, exclude_none=True, indent=1) + "\n"
    if target is None:
        emit(content)
    else:
        _free(target, order.force)
        write_text(beside(target), notes(drafted, text, model_name), overwrite=order.force)
        write_text(target, content, overwrite=order.force)
        emit(f"{target}\n")
    _report(drafted, target, order.library.services_file)


def description(source: str) -> str:
    """The text itself, or that of the file it names. Raises BadFile for a file that cannot be read."""
    short = len(source) < 1000 and "\n" not in source
    if short and (Path(source).suffix.lower() in TEXT_FILES or os.path.exists(source)):  # noqa: PTH110 - never raises
        return read_text(Path(source), most_bytes=MOST_BYTES)
    return source


def beside(target: Path) -> Path:
    """Where the notes go: next to the skeleton, under a name that no library takes for one."""
    return target.with_name(target.stem + ENDING)


async def _drafted(order: Order, text: str, step: Callable[[], None]) -> tuple[DraftedSkeleton, str]:
    settings = Settings.from_environment()
    async with AsyncExitStack() as stack:
        try:
            chat = await stack.enter_async_context(open_chat(settings, Terms(max_tokens_total=order.max_tokens_total)))
        except NotConfigured as error:
            raise NotConfigured(f"a draft needs a language model: {error.message}", IN_ENVIRONMENT) from None
        name = settings.model(order.model)
        model = _Counted(chat, step)
        drafted = await draft_skeleton(text, model=model, model_name=name, library=order.library, name=order.name)
        for warning in chat.warnings:
            note(warning)
        return drafted, name


@dataclass(frozen=True)
class _Counted:
    """A chat model that tells when a stage is asked for the first time."""

    inner: ChatModel
    step: Callable[[], None]

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The inner model's reply."""
        reply = await self.inner.complete(request)
        if all(message.role != "assistant" for message in request.messages):
            self.step()
        return reply


def _free(path: Path, force: bool) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "Name a file that ends in .json, or a folder that does not.")
    for one in (path, beside(path)):
        if one.exists() and not force:
            raise OutputExists(f"{one} exists", "Choose another name, or say --force.")


def _report(drafted: DraftedSkeleton, target: Path | None, services: Path | None) -> None:
    filled = [one for one in drafted.unsettled if one.by != "model"]
    for one in drafted.unsettled:
        if one.by == "model" or target is None:
            note(f"unsettled: {told(one)}")
    if filled and target is not None:
        note(f"{len(filled)} values were left open and taken from defaults; they are listed in {beside(target)}")
    usage = drafted.usage
    note(
        f"{usage.calls} calls, {usage.tokens:,} tokens, {drafted.rounds} corrections; "
        f"planned, written and checked with {drafted.seeds} seeds"
    )
    if target is not None:
        shown = target if target.is_absolute() else f"./{target}"
        note(f"Review it, then: slackincidents generate {shown}" + (f" --services {services}" if services else ""))
