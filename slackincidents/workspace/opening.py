"""The one place that loads Ray and pyarrow, and only where they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from slackincidents.errors import NotConfigured, UsageError
from slackincidents.library import Library
from slackincidents.workspace.engines import Engine, Shelf
from slackincidents.workspace.out_history import History


class WriteTables(Protocol):
    """Writes a history as tables with a card; the folder is given back."""

    def __call__(self, history: History, library: Library, path: Path, *, overwrite: bool = False) -> Path:
        """Raises OutputExists, UsageError, WriteFailed, BadFile."""
        ...


def open_ray(shelf: Shelf, workers: int, address: str | None) -> Engine:
    """An engine on a Ray cluster. Raises UsageError where Ray is not installed."""
    try:
        from slackincidents.workspace.ray_engine import RayCluster  # noqa: PLC0415 - an extra that most never need
    except ImportError:
        raise UsageError("the ray engine needs Ray", "Install it: pip install 'slackincidents[ray]'") from None
    return RayCluster(shelf, workers, address)


def open_parquet() -> WriteTables:
    """What writes Parquet. Raises NotConfigured where pyarrow is not installed."""
    try:
        from slackincidents.workspace.out_parquet import write  # noqa: PLC0415 - an extra that most never need
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise NotConfigured(
            "Parquet needs pyarrow, which is not installed", "pip install 'slackincidents[datasets]'"
        ) from None
    return write
