"""Where real chat lies."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile
from slackincidents.realism.results import Range
from slackincidents.schema.base import Frozen


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


def load(path: Path) -> Bands:
    """Read a file of bands."""
    try:
        return Bands.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadFile(f"{path} is not a file of bands", "Its shape is that of evals/references/bands.json.") from error


def inside(value: float, limits: Range) -> bool:
    """Whether a value lies between the limits."""
    low, high = limits
    return (low is None or value >= low) and (high is None or value <= high)
