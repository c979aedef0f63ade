"""Making a history: walk it, tell what is not told yet, commit shard by shard, close it with a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from slackincidents.assembly import package_version
from slackincidents.errors import OtherRun
from slackincidents.files import read_text, write_text
from slackincidents.pipeline import Workshop
from slackincidents.schema.base import Frozen
from slackincidents.schema.workspace import Order
from slackincidents.workspace.course import entries
from slackincidents.workspace.engines import Engine
from slackincidents.workspace.shards import SHARD, Batch, Manifest, Note, batches, close, commit, committed

NAME = "workspace.json"
LEFT_BEHIND = ".*.part"


class Making(Frozen):
    """All that decides a history's bytes. The engine and the number of its workers are no part of it."""

    version: str
    library_sha256: str
    order: Order
    shard: int = SHARD
    writer: str = "offline"
    model: str | None = None
    prompts_sha256: str | None = None
    granularity: str | None = None
    temperature: float | None = None


def making_of(workshop: Workshop, order: Order, shard: int = SHARD) -> Making:
    """What an offline history of this order is made from here and now."""
    return Making(version=package_version(), library_sha256=workshop.library.fingerprint(), order=order, shard=shard)


def make(
    folder: Path, workshop: Workshop, making: Making, engine: Engine, *, step: Callable[[Note], object] = lambda _: None
) -> Manifest:
    """Make a history in a folder, or go on with it: shards that stand there are left as they are.

    `step` is told of every shard. Raises OtherRun when the folder holds another history.
    """
    begin(folder, making)
    notes: list[Note] = []

    def left() -> Iterator[Batch]:
        for batch in batches(entries(workshop, making.order), making.shard):
            note = committed(folder, batch.number)
            if note is None:
                yield batch
            else:
                notes.append(note)
                step(note)

    for shard in engine.run(left()):
        commit(folder, shard)
        notes.append(shard.note)
        step(shard.note)
    return close(folder, notes, making.version)


def begin(folder: Path, making: Making) -> None:
    """Note what is made here, or check that it is this very history; clear away what a killed run was writing."""
    path = folder / NAME
    if path.exists():
        _compare(path, making)
        for part in folder.rglob(LEFT_BEHIND):
            part.unlink(missing_ok=True)
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise OtherRun(f"{folder} holds files, but no history that can be gone on with", "Name an empty folder.")
    write_text(path, making.model_dump_json(indent=2) + "\n")


def _compare(path: Path, making: Making) -> None:
    try:
        before = Making.model_validate_json(read_text(path))
    except ValidationError as error:
        raise OtherRun(f"{path} cannot be read: {error.errors()[0]['msg']}", "Name an empty folder.") from None
    for name, value in (*_fields(before.order), *_fields(before)):
        now = dict((*_fields(making.order), *_fields(making)))[name]
        if value != now:
            raise OtherRun(
                f"{path.parent} was made with {name} {value}, now it is {now}",
                "Ask for the same again, or name another folder.",
            )


def _fields(value: Frozen) -> list[tuple[str, str]]:
    return [(name, str(getattr(value, name))) for name in type(value).model_fields if name != "order"]
