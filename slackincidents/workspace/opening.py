"""The one place that loads Ray, and only where it is asked for."""

from __future__ import annotations

from slackincidents.errors import UsageError
from slackincidents.workspace.engines import Engine, Shelf


def open_ray(shelf: Shelf, workers: int, address: str | None) -> Engine:
    """An engine on a Ray cluster. Raises UsageError where Ray is not installed."""
    try:
        from slackincidents.workspace.ray_engine import RayCluster  # noqa: PLC0415 - an extra that most never need
    except ImportError:
        raise UsageError("the ray engine needs Ray", "Install it: pip install 'slackincidents[ray]'") from None
    return RayCluster(shelf, workers, address)
