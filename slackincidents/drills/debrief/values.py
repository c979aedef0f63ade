"""A debrief: what was done in a drill, what it cost, and what was missed. Facts only; sentences come later.

Every moment is in whole seconds from the first alert that fires, or the first report of a user where no alert does,
as in `slackincidents stats`. What is before it is negative.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.schema.skeleton import Severity, Source
from slackincidents.stats import Measure

VERSION = 1

LEFT = "left"
"""The outcome of a drill that was left before its end."""

Learnt = Literal["found", "told", "missed"]
Answer = Literal["own words", "as suggested", "lapsed", "open"]
State = Literal["done", "by others", "skipped", "not needed"]


class Time(Frozen):
    """One of the four times, or why there is none. `person` is who it ended with."""

    seconds: int | None = None
    why: str | None = None
    person: str | None = None


class Learning(Frozen):
    """One clue: how the seat came to know it, and when.

    `open_from` is when all that it needs was known to the seat; `looked_at` when the seat set out for it;
    `trail` says that the way to the cause leads over it.
    """

    clue: str
    fact: str
    where: Source
    service: str
    trail: bool
    how: Learnt
    open_from: int | None = None
    looked_at: int | None = None
    known_at: int | None = None
    by: str | None = None


class Place(Frozen):
    """One source of one service, with how many clues it has to show.

    `looks` are the moments the seat looked there, `empty` is how many of them found nothing new.
    """

    where: Source
    service: str
    trail: bool
    clues: int = 0
    looks: tuple[int, ...] = ()
    empty: int = 0


class Guessed(Frozen):
    """A hypothesis that was voiced. `true` is the answer key's word; nobody knew it then.

    `against_at` is when the first thing that speaks against it could be read or was found by the seat, and
    `against` what it was. `against_s` is how long it was held after that. `until` is when nobody held it any more: at
    `withdrawn_at`, once the cause was known to the seat, the fault was gone, or the drill ended; None when it was
    dropped without a word.
    """

    hypothesis: str
    claim: str
    true: bool
    by: str
    own: bool
    at: int
    until: int | None = None
    withdrawn_at: int | None = None
    dropped: bool = False
    against: str | None = None
    against_at: int | None = None
    against_s: int = 0


class Deed(Frozen):
    """One attempt at an action. `effect` is the answer key's word, None when it never took effect.

    `took_s` is from the order or proposal to the effect, or to the end of the attempt. `added_s` is the impact that
    it added at most: how long it was worse (until taken back, fixed, or the end), or the time spent on what helped
    partly or not at all. `announced` is False where nothing was said before it was done; `company` says that a
    colleague had spoken there, `agreed` that one said yes or could have objected.
    """

    action: str
    label: str
    by: str
    own: bool
    at: int
    done_at: int | None = None
    effect_at: int | None = None
    effect: Literal["fixes", "partly", "nothing", "worse"] | None = None
    risky: bool = False
    announced: bool = True
    company: bool = False
    agreed: bool = False
    objected_by: str | None = None
    undone_at: int | None = None
    took_s: int = 0
    added_s: int = 0


class Step(Frozen):
    """One step of the runbook. `at` is when it was done."""

    section: str
    name: str
    state: State
    at: int | None = None
    note: str = ""


class Due(Frozen):
    """A status update that was due. `late_s` counts from then; None when none came before the next was due."""

    at: int
    severity: Severity
    given_at: int | None = None
    by: str | None = None

    @property
    def late_s(self) -> int | None:
        """Seconds it came late; 0 when it was in time."""
        return None if self.given_at is None else max(0, self.given_at - self.at)


class Updates(Frozen):
    """The status updates. `given` are the seat's own, `others` those of colleagues."""

    due: tuple[Due, ...] = ()
    given: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    until: int | None = None


class Expected(Frozen):
    """A line that the room expected of the seat; `said` is the answer where it was in own words."""

    at: int
    what: str
    asked_by: str | None
    answer: Answer
    said: str | None = None


class Paged(Frozen):
    """One page that went out. `fate` is of the page, `seat` says that the seat had to answer it."""

    at: int
    person: str
    service: str
    fate: Literal["acknowledged", "ignored", "not answered", "rings"]
    seat: bool
    answered_at: int | None = None


class Moved(Frozen):
    """Something the seat did once: set a severity, called somebody, handed over, took a hint; and what exactly."""

    at: int
    what: str


class Standing(Frozen):
    """One of the four times against simulated responders in the same seat.

    `spread` figures are of the `known`, in seconds; `never` did not get there. `behind` of all took longer than
    the trainee or never got there, `level` took as long; `percentile` is the share of all that were slower, ties
    counting half, in per cent.
    """

    known: int
    never: int
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    behind: int = 0
    level: int = 0
    percentile: float | None = None


class Peers(Frozen):
    """Simulated responders in the same seat: the same skeleton, start and crews, other seeds of one family."""

    count: int
    times: dict[Measure, Standing]


class Drill(Frozen):
    """The four times of an earlier drill of the same person, in seconds."""

    folder: str
    scenario: str
    played_at: str | None = None
    outcome: str
    times: dict[Measure, int | None]


class Trend(Frozen):
    """One time over earlier drills, the oldest first. `better` of the known were longer than this one."""

    earlier: tuple[int | None, ...] = ()
    median: float | None = None
    known: int = 0
    better: int | None = None


class History(Frozen):
    """The person's earlier drills: of this scenario, and of all; and folders that could not be read, with why."""

    same: tuple[Drill, ...] = ()
    all: tuple[Drill, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)


class Against(Frozen):
    """This drill beside the earlier ones, by time."""

    same: dict[Measure, Trend]
    all: dict[Measure, Trend]
    drills_same: int
    drills_all: int
    left_out: dict[str, str] = Field(default_factory=dict)


class Stretch(Frozen):
    """A stretch of time and how bad the worst signal was in it: 0 is normal, 1 its peak."""

    at: int
    until: int
    worst: float
    signal: str


class Debrief(Frozen):
    """Everything that is said about a drill. The same drill and notes give the same bytes."""

    version: int = VERSION
    scenario: str
    title: str
    severity: Severity
    seed: str
    start_time: str
    played_at: str | None = None
    seat: str | None = None
    outcome: str
    ends: int
    impact_s: int
    cause: str
    no_alert: bool = False
    times: dict[Measure, Time]
    cause_told_at: int | None = None
    clues: tuple[Learning, ...] = ()
    places: tuple[Place, ...] = ()
    guesses: tuple[Guessed, ...] = ()
    deeds: tuple[Deed, ...] = ()
    steps: tuple[Step, ...] = ()
    updates: Updates = Updates()
    expected: tuple[Expected, ...] = ()
    pages: tuple[Paged, ...] = ()
    called: tuple[Moved, ...] = ()
    handovers: tuple[Moved, ...] = ()
    severities: tuple[Moved, ...] = ()
    false_all_clears: tuple[int, ...] = ()
    fired_again: tuple[int, ...] = ()
    hints: tuple[Moved, ...] = ()
    runbook_opened: tuple[int, ...] = ()
    signals: tuple[Stretch, ...] = ()
    peers: Peers | None = None
    history: Against | None = None
    well: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    next: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As it is written beside the drill."""
        return self.model_dump_json(indent=2) + "\n"
