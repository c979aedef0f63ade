"""What a drill's own records do not hold: hints taken, the runbook opened, looks that found nothing."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Frozen, Slug
from slackincidents.schema.skeleton import Source


class Hint(Frozen):
    """A hint that was asked for, `at` seconds after the first failure."""

    at: float = Field(ge=0, allow_inf_nan=False)
    text: str = ""


class Glance(Frozen):
    """A look at one source of one service, `at` seconds after the first failure; no clue: nothing new was there."""

    at: float = Field(ge=0, allow_inf_nan=False)
    where: Source
    service: str
    clue: Slug | None = None


class Notes(Frozen):
    """What the terminal writes down beside the moves.

    `runbook` are the moments it was opened, in seconds after the first failure. `played_at` is when the drill
    was begun by the clock of the real world, in ISO 8601; it sorts a person's drills.
    """

    hints: tuple[Hint, ...] = ()
    runbook: tuple[float, ...] = ()
    glances: tuple[Glance, ...] = ()
    played_at: str | None = None
