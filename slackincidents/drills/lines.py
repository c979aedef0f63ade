"""What a typed line can mean. Values, so that a drill can be stored and played again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from slackincidents.schema.base import Frozen, Slug
from slackincidents.schema.seat import Order
from slackincidents.schema.skeleton import Source


class Ordered(Frozen):
    """Something to be done in the room."""

    kind: Literal["order"] = "order"
    order: Order


class Gaze(Frozen):
    """A look at one place of one service: for a clue that can be found there now, or for none."""

    kind: Literal["look"] = "look"
    where: Source
    service: str
    clue: Slug | None = None


class Wait(Frozen):
    """Let time pass: so many seconds, until all that is under way is done, or else until something happens."""

    kind: Literal["wait"] = "wait"
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    done: bool = False


class Hinted(Frozen):
    """A hint was asked for; `text` is what it said."""

    kind: Literal["hint"] = "hint"
    text: str = ""


class Opened(Frozen):
    """The runbook was opened."""

    kind: Literal["runbook"] = "runbook"


Played = Annotated[Ordered | Gaze | Wait | Hinted | Opened, Field(discriminator="kind")]
"""What costs time or counts, and is stored; as JSON, told apart by `kind`."""

Sheet = Literal["help", "actions", "guesses", "finds", "places", "summary", "status", "rooms"]


@dataclass(frozen=True, slots=True)
class Show:
    """Something to read that costs nothing. `about` names a command."""

    sheet: Sheet
    about: str = ""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the drill as it stands."""


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A line that means nothing now: why, and what may have been meant. It costs no time."""

    why: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.why}. {self.hint}" if self.hint else f"{self.why}."


Meaning = Ordered | Gaze | Wait | Hinted | Opened | Show | Quit | Mistyped | None
"""What a line comes to; None for an empty one."""
