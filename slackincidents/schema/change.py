"""What may be changed in a course, one factor at a time, and where the change took effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self, get_args

from pydantic import Field

from slackincidents.errors import UnknownName
from slackincidents.schema.base import Frozen

Commander = Literal["none"]
Shift = Literal["night", "day"]
FirstPage = Literal["missed", "answered"]
FirstHypothesis = Literal["wrong", "right"]
Executive = Literal["noisy", "absent"]
Support = Literal["absent"]
Room = Literal["declared", "none"]
Fix = Literal["fails-first"]
Outcome = Literal["unexplained", "open"]

FACTORS: dict[str, tuple[str, ...]] = {
    "commander": get_args(Commander),
    "shift": get_args(Shift),
    "first_page": get_args(FirstPage),
    "first_hypothesis": get_args(FirstHypothesis),
    "executive": get_args(Executive),
    "support": get_args(Support),
    "room": get_args(Room),
    "fix": get_args(Fix),
    "ending": get_args(Outcome),
}
"""Every factor with the values it can be set to."""


def unset(value: object) -> bool:
    """True for a factor left alone; such a one does not stand in a file."""
    return value is None


class Change(Frozen):
    """Factors set from outside; None leaves one to the seed.

    Everything else is drawn as it was. The course is that of the seed until the first factor takes effect;
    after that it is free.
    """

    commander: Commander | None = Field(
        default=None,
        exclude_if=unset,
        description="none: nobody takes the lead. No role claim, no status clock, no call, no handoff, no recap; "
        "support and the director get no answer; nobody checks with the other teams before the end, releases people "
        "or names an owner for the post-mortem",
    )
    shift: Shift | None = Field(
        default=None,
        exclude_if=unset,
        description="night or day on the clocks of all who can be paged. The incident's own time and the paging order "
        "stay; their zones move. Pages are answered, missed and talked about as at one at night, or ten in the morning",
    )
    first_page: FirstPage | None = Field(
        default=None,
        exclude_if=unset,
        description="whether the first page of all is answered; who is alone on call never misses it",
    )
    first_hypothesis: FirstHypothesis | None = Field(
        default=None,
        exclude_if=unset,
        description="whether the first guess voiced is true. One of the other kind is swapped for what the same "
        "person could guess then, or stays unsaid",
    )
    executive: Executive | None = Field(
        default=None,
        exclude_if=unset,
        description="noisy: a director comes and keeps asking; absent: none comes",
    )
    support: Support | None = Field(
        default=None,
        exclude_if=unset,
        description="absent: support neither asks nor passes on what users see, unless that is what pages",
    )
    room: Room | None = Field(default=None, exclude_if=unset, description="whether a channel is declared for it")
    fix: Fix | None = Field(
        default=None, exclude_if=unset, description="fails-first: the command of the fix does not work the first time"
    )
    ending: Outcome | None = Field(
        default=None,
        exclude_if=unset,
        description="unexplained: nobody finds the cause and it is over all the same; open: it is left for another day",
    )

    @property
    def label(self) -> str:
        """The factors set, as used in ids and file names: ``commander-none``."""
        return "-".join(f"{factor}-{value}" for factor, value in self.model_dump(exclude_none=True).items())

    @classmethod
    def of(cls, factors: Change | Mapping[str, str] | None) -> Self | None:
        """Factors by name and value; nothing to change gives None. Raises UnknownName."""
        named = factors.model_dump() if isinstance(factors, Change) else dict(factors or {})
        for factor, value in named.items():
            if factor not in FACTORS:
                raise UnknownName("factor to change", str(factor), FACTORS, ", ".join(FACTORS))
            known = FACTORS[factor]
            if value not in known:
                raise UnknownName(f"value of {factor}", str(value), known, ", ".join(known))
        return cls.model_validate(named) if named else None


class Changed(Frozen):
    """Where a change took effect; all None when it had none on this seed.

    Up to `at` both courses are one. `beat` is the first place in the timeline that differs in anything; it
    can lie before `at` when an earlier message lacks a reaction, an edit or a label that came to it later.
    """

    at: int | None = Field(default=None, description="seconds from the first event")
    beat: int | None = Field(default=None, description="index of the first beat that differs")
