"""What people remember: the last incidents, which of them were alike, and how one speaks of when that was."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slackincidents.schema.skeleton import PastIncident, Skeleton

REMEMBERED = 60
FORGOTTEN = timedelta(days=90)
COMES_BACK = (timedelta(hours=5), timedelta(days=6))
"""A cause that comes back does so no sooner and no later."""

WEEK = 7
SAME = (
    "(isn't|wasn't) this (like|the same as) {ref} {when}?",
    "we had (exactly |)this {when}, {ref}, (didn't we|didn't you look at it then)?",
    "is this {ref} again? that was {when} (in {channel}|), there's a thread",
    "looks (a lot |)like {ref} (from {when}|) to me, see the thread in {channel}",
    "didn't we close {ref} {when}? i (think|thought) that was (this|the same thing)",
)
OTHER = (
    "could it be {ref} again? that was {when}",
    "(is|could) this (be |)related to {ref} (from {when}|)?",
    "we had something {when} too, {ref}, (not sure|no idea) if (that's|it's) (connected|the same)",
    "(remember|do you remember) {ref} {when}? (that|it) started (like this|a bit like this) too",
    "in {channel} there was {ref} {when}, (probably|maybe) not the same",
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One incident of the past; moments are aware."""

    number: int
    scenario: str
    title: str
    channel: str
    start: datetime
    end: datetime


@dataclass
class Memory:
    """The last incidents, oldest first."""

    incidents: deque[Remembered] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def note(self, number: int, scenario: str, skeleton: Skeleton, start: datetime, end: datetime) -> None:
        """Remember one more."""
        channel = f"#{skeleton.root_cause.service}-oncall"
        self.incidents.append(Remembered(number, scenario, skeleton.title, channel, start, end))

    def going_on(self, at: datetime) -> tuple[int, ...]:
        """The numbers of incidents that have begun and are not over."""
        return tuple(one.number for one in self.incidents if one.start <= at < one.end)

    def to_recur(self, rng: random.Random, at: datetime) -> Remembered | None:
        """One whose cause may come back now, if there is any."""
        soonest, latest = COMES_BACK
        fitting = [one for one in self.incidents if soonest <= at - one.end <= latest]
        return rng.choice(fitting) if fitting else None

    def past(self, rng: random.Random, skeleton: Skeleton, at: datetime) -> tuple[PastIncident, ...]:
        """What may be cited in an incident that begins at `at`: all of it has happened, and is over."""
        over = [one for one in self.incidents if one.end < at and at - one.end < FORGOTTEN]
        alike = [one for one in over if one.scenario == skeleton.id]
        others = [one for one in over if one.scenario != skeleton.id]
        chosen = [*alike[-2:], *rng.sample(others, min(1, len(others)))]
        return tuple(_cited(one, at, same=one.scenario == skeleton.id) for one in chosen)


def _cited(one: Remembered, at: datetime, *, same: bool) -> PastIncident:
    when = spoken(one.start, at)
    tellings = tuple(
        telling.replace("{when}", when).replace("{channel}", one.channel) for telling in (SAME if same else OTHER)
    )
    return PastIncident(ref=f"INC-{one.number}", when=when, what=one.title, same=same, tellings=tellings)


def spoken(then: datetime, at: datetime) -> str:
    """How one speaks of a day: earlier today, yesterday, on tuesday, last tuesday, two weeks ago, in march."""
    days = (at.date() - then.date()).days
    if days == 0:
        return "earlier today"
    if days == 1:
        return "yesterday"
    if days < WEEK:
        return f"on {then:%A}".lower()
    if days < 2 * WEEK:
        return f"last {then:%A}".lower()
    return f"in {then:%B}".lower() if then.month != at.month else "earlier this month"
