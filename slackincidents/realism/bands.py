"""Where real chat lies, and whether measured values lie there too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile
from slackincidents.schema.base import Frozen

Range = tuple[float | None, float | None]
"""Lowest and highest value, both allowed; None is no limit."""


class Band(Frozen):
    """Where one measure lies in real chat.

    `passes` is the widest real corpus, `target` incident chat, `number` the check of the reference's
    table, `seed` what the seed's files measure.
    """

    title: str
    number: int | None = None
    passes: Range
    target: Range | None = None
    seed: float | None = None
    source: str


class Bands(Frozen):
    """All bands by the name of the measure, with where they come from."""

    source: str
    bands: dict[str, Band]


@dataclass(frozen=True, slots=True)
class Check:
    """One measured value beside its band. `ok` and `on_target` are None when nothing was measured."""

    name: str
    value: float | None
    passes: Range
    target: Range | None
    ok: bool | None
    on_target: bool | None


def load(path: Path) -> Bands:
    """Read a file of bands."""
    try:
        return Bands.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadFile(f"{path} is not a file of bands", str(error)) from error


def compare(measures: Mapping[str, float | None], bands: Bands) -> list[Check]:
    """One check a band, in the order of the bands."""
    return [_check(name, measures.get(name), band) for name, band in bands.bands.items()]


def inside(value: float, limits: Range) -> bool:
    """Whether a value lies between the limits."""
    low, high = limits
    return (low is None or value >= low) and (high is None or value <= high)


def _check(name: str, value: float | None, band: Band) -> Check:
    if value is None:
        return Check(name, None, band.passes, band.target, None, None)
    on_target = inside(value, band.target) if band.target else None
    return Check(name, value, band.passes, band.target, inside(value, band.passes), on_target)
