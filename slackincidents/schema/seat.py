"""The empty seat: what the person in it ordered and when, so that a drill can be played again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slackincidents.schema.base import Frozen, Slug
from slackincidents.schema.skeleton import Severity


class Acknowledge(Frozen):
    """I am looking at it. Answers the page that rings."""

    kind: Literal["acknowledge"] = "acknowledge"


class Ignore(Frozen):
    """Let it ring: the page to this person is over, the next one is paged at once."""

    kind: Literal["ignore"] = "ignore"


class Look(Frozen):
    """Look for a clue; it takes the time that it takes, and is seen by nobody else."""

    kind: Literal["look"] = "look"
    clue: Slug


class Tell(Frozen):
    """Say in the room what was found."""

    kind: Literal["tell"] = "tell"
    clue: Slug


class Guess(Frozen):
    """Voice a hypothesis."""

    kind: Literal["guess"] = "guess"
    hypothesis: Slug


class Withdraw(Frozen):
    """Take a hypothesis back."""

    kind: Literal["withdraw"] = "withdraw"
    hypothesis: Slug


class Attempt(Frozen):
    """Do something about it: say so, hear what others say, run it, wait for its effect.

    Ordered again after an objection, it is run all the same.
    """

    kind: Literal["attempt"] = "attempt"
    action: Slug


class Ask(Frozen):
    """Ask another service's group whether they see anything."""

    kind: Literal["ask"] = "ask"
    service: str


class Inform(Frozen):
    """Carry a known cause to a channel where people still wait for it."""

    kind: Literal["inform"] = "inform"
    channel: str
    fact: str


class Chat(Frozen):
    """Pass the time with whoever is there."""

    kind: Literal["chat"] = "chat"


class Back(Frozen):
    """Say that one is back after a long silence."""

    kind: Literal["back"] = "back"


class Take(Frozen):
    """Say just what the room expects of the seat now: answer, agree, give the update that is due."""

    kind: Literal["take"] = "take"


class Say(Frozen):
    """Say something in own words, in the room or in a channel; facts in it are those the text is recognised by."""

    kind: Literal["say"] = "say"
    text: str = Field(min_length=1, max_length=4000)
    channel: str | None = None


class React(Frozen):
    """Put an emoji under a message, the last one of somebody else unless one is named."""

    kind: Literal["react"] = "react"
    emoji: str = Field(min_length=1, max_length=40)
    beat: str | None = None


class Triage(Frozen):
    """Say how bad it is."""

    kind: Literal["severity"] = "severity"
    severity: Severity


class Update(Frozen):
    """Give a status update; without a text in the words of the stage."""

    kind: Literal["update"] = "update"
    text: str | None = Field(default=None, max_length=4000)


class CallIn(Frozen):
    """Page somebody else, by handle."""

    kind: Literal["call-in"] = "call-in"
    person: str


class HandOver(Frozen):
    """Give the lead to somebody else."""

    kind: Literal["hand-over"] = "hand-over"
    to: str


class Resolve(Frozen):
    """Say that it is over."""

    kind: Literal["resolve"] = "resolve"
    text: str | None = Field(default=None, max_length=4000)


Order = Annotated[
    Acknowledge
    | Ignore
    | Look
    | Tell
    | Guess
    | Withdraw
    | Attempt
    | Ask
    | Inform
    | Chat
    | Back
    | Take
    | Say
    | React
    | Triage
    | Update
    | CallIn
    | HandOver
    | Resolve,
    Field(discriminator="kind"),
]
"""Anything that can be done from the seat; as JSON, told apart by `kind`."""


class Move(Frozen):
    """An order and when it was given: seconds from the first failure, as the simulation counts."""

    at: float = Field(ge=0, allow_inf_nan=False)
    order: Order


class Seat(Frozen):
    """What a person did in the seat that the first page fills.

    `solvable` makes sure that the cause can be found; `until` is the moment the drill was left, if before its end.
    """

    moves: tuple[Move, ...] = ()
    solvable: bool = True
    until: float | None = Field(default=None, ge=0, allow_inf_nan=False)
