"""A plan: the course of one incident as beats, before anybody has put it into words."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from slackincidents.schema.acts import Act, Feature, Phase
from slackincidents.schema.base import Frozen
from slackincidents.schema.change import Change, Changed, unset
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.seat import Seat
from slackincidents.schema.skeleton import PastIncident, Skeleton

Pace = Literal["real", "brief"]
Fact = str
"""A reference to one fact of the skeleton: ``clue:oom``, ``alert:p95``, ``action:restart``."""

MONITOR = "Monitoring Bot"
INCIDENT_BOT = "Incident Bot"


class Kind(StrEnum):
    """What an event is in the timeline; the seed's five and two of ours."""

    ALERT = "alert"
    MESSAGE = "message"
    MENTION = "mention"
    ACTION = "action"
    RESOLUTION = "resolution"
    STATUS_UPDATE = "status_update"
    SYSTEM = "system"


class Words(Frozen):
    """Where a beat's words come from: a list of tellings, perhaps inside a phrase of a bank.

    `tellings` are the facts in the skeleton's or exchange's words. `bank` names a phrase bank; its
    phrases may hold ``{telling}``. `gist` says the same in plain words, for a model.
    """

    tellings: tuple[str, ...] = ()
    more: tuple[str, ...] = Field(default=(), description="what is said in the same breath")
    bank: str | None = None
    tail: str | None = Field(default=None, description="a bank for a second sentence of the same message")
    link: str | None = Field(default=None, description="an address put at the end")
    gist: str = ""
    literal: bool = Field(default=False, description="no voice: a paste, a bot's line")
    said: str | None = Field(default=None, exclude_if=unset, description="what a person typed in a drill; it stands")


class Particular(Frozen):
    """A value the plan fixed for a slot: ``pod`` = ``redis-0``."""

    name: str
    value: str


class Reaction(Frozen):
    """An emoji reaction and who gave it."""

    emoji: str
    users: tuple[str, ...]


class Edit(Frozen):
    """The message was edited `after_s` seconds later; what stands in the file is the final text."""

    after_s: int = Field(ge=1)


class Beat(Frozen):
    """One event: who, when, where, to do what, revealing and citing which facts. No text.

    `at` is in whole seconds from the first event. `thread` is the id of the beat that roots the
    thread. `reveals` are facts the room did not have; `cites` are facts the speaker already knew.
    """

    id: str
    at: int = Field(ge=0)
    kind: Kind
    channel: str
    speaker: str
    act: Act
    phase: Phase
    thread: str | None = None
    answers: str | None = None
    continues: str | None = None
    reveals: tuple[Fact, ...] = ()
    cites: tuple[Fact, ...] = ()
    hypothesis: str | None = None
    action: str | None = None
    alert: str | None = None
    exchange: str | None = None
    mentions: tuple[str, ...] = ()
    words: Words = Words()
    particulars: tuple[Particular, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    edit: Edit | None = None
    slip: bool = Field(default=False, description="has a typing slip, corrected by a later beat")
    parted: bool = Field(default=False, description="half a thought: a later beat brings the other half")
    night: bool = False
    features: tuple[Feature, ...] = ()


class Look(Frozen):
    """A private act: somebody looked for a clue from `start` and had it at `end` (seconds)."""

    person: str
    clue: str
    start: int
    end: int


class Presence(Frozen):
    """Somebody can read a channel, history included, from `at` on. Reason: owner, paged, asked..."""

    person: str
    channel: str
    at: int
    reason: str


class Page(Frozen):
    """One page to one person: sent, and acknowledged, missed or cancelled."""

    person: str
    service: str
    at: int
    acknowledged_at: int | None = None
    missed: bool = False


class Elsewhere(Frozen):
    """What a workspace knows around one incident: who is busy or asleep elsewhere, and what happened before."""

    absent: tuple[str, ...] = Field(default=(), description="handles that take no part")
    past: tuple[PastIncident, ...] = Field(default=(), description="incidents that are remembered, not the skeleton's")
    weary: dict[str, float] = Field(default_factory=dict, description="who answers pages that much slower")


class Request(Frozen):
    """What the plan was made from, so that it can be made again."""

    scenario: str
    seed: str
    start_time: str
    pace: Pace
    engineers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    change: Change | None = Field(default=None, exclude_if=unset)
    seat: Seat | None = Field(default=None, exclude_if=unset, description="what a person did in the empty seat")
    elsewhere: Elsewhere | None = Field(default=None, exclude_if=unset, description="what else goes on around it")


class Ending(StrEnum):
    """How it ends: cause known, over without a cause, or still open."""

    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"
    OPEN = "open"


class Plan(Frozen):
    """Everything the writer, the validator and the assembly need; self-contained."""

    request: Request
    skeleton: Skeleton
    skeleton_sha256: str
    catalogue: Catalogue
    people: dict[str, Persona]
    engineers: dict[str, tuple[str, ...]]
    ending: Ending
    impact_start: int = Field(description="seconds before (negative) or after the first event")
    impact_end: int | None
    figures: dict[str, str] = Field(description="slot name -> value with unit, for this seed")
    beats: tuple[Beat, ...]
    looks: tuple[Look, ...]
    presence: tuple[Presence, ...]
    pages: tuple[Page, ...]
    change: Changed | None = Field(
        default=None, exclude_if=unset, description="where the change of the request took effect, if one was asked for"
    )

    def __repr__(self) -> str:
        """Short: the whole of it is a long read."""
        return f"Plan({self.request.scenario!r}, seed={self.request.seed!r}, {len(self.beats)} beats)"

    __str__ = __repr__
