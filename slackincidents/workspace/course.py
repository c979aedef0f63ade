"""The course of a history: day after day what happens, to whom, and who is free for it.

It is walked in order, because people have one body each and remember; what it gives can be written in any order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Elsewhere, Plan
from slackincidents.schema.skeleton import CauseCategory, PastIncident, Skeleton
from slackincidents.schema.workspace import (
    ChangeEntry,
    Entry,
    IncidentEntry,
    Noise,
    NoiseEntry,
    Order,
    TalkEntry,
)
from slackincidents.seeds import Seed
from slackincidents.workspace.bookings import Bookings
from slackincidents.workspace.calendar import HOURS_OF_NOISE, HOURS_OF_TROUBLE, HOURS_OF_WORK, days, moments
from slackincidents.workspace.memory import Memory

KINDS = {
    Noise.FALSE_POSITIVE: 0.26,
    Noise.AUTO_RESOLVED: 0.30,
    Noise.KNOWN_ISSUE: 0.13,
    Noise.MAINTENANCE: 0.08,
    Noise.THRESHOLD: 0.13,
    Noise.FLAPPING: 0.10,
}
"""How the noise of the seed's users is made up, with flapping monitors added."""

ANSWER_S = 1500
"""No noise is talked about for longer."""

BEFORE_S = (240, 900)
"""How long before its incident a flag was switched."""

FEWEST_ON_CALL = 1
PULL = 0.05
"""By so much the next noise is likelier to be answered for each answer that is missing, and less for one too many."""

BEHIND = 2.0
"""So many answers must be missing before people of other crews say a word where nobody of the own is free."""


@dataclass
class Walk:
    """What the walk has come to: who is busy, what is remembered, how many entries there were.

    `owed` are the answers to noise that are missing so far for the share that was asked for; negative: too many.
    """

    workshop: Workshop
    order: Order
    bookings: Bookings
    memory: Memory = field(default_factory=Memory)
    count: int = 0
    owed: float = 0.0

    def number(self) -> int:
        """The next entry's number."""
        self.count += 1
        return self.count


def entries(workshop: Workshop, order: Order) -> Iterator[Entry]:
    """Everything that happens, in order of time. Memory stays flat: days are drawn when their turn comes."""
    walk = Walk(workshop, order, Bookings(workshop.stage.people))
    for day in days(order):
        yield from _day(walk, day)
        walk.bookings.forget(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _day(walk: Walk, day: date) -> Iterator[Entry]:
    seed = Seed(walk.order.seed).child(f"day/{day.isoformat()}")
    mix = walk.order.mix
    due: list[tuple[datetime, str]] = []
    for what, rate, hours in (
        ("incident", mix.incidents, HOURS_OF_TROUBLE),
        ("noise", mix.noise, HOURS_OF_NOISE),
        ("deploy", mix.deploys, HOURS_OF_WORK),
        ("talk", mix.talk, HOURS_OF_WORK),
    ):
        rng = seed.child(f"{what}/moments").rng()
        due += [(at, what) for at in moments(rng, day, rate, hours, mix)]
    for place, (at, what) in enumerate(sorted(due)):
        yield from _entry(walk, seed.child(f"{place}/{what}"), at, what)


def _entry(walk: Walk, seed: Seed, at: datetime, what: str) -> Iterator[Entry]:
    match what:
        case "incident":
            yield from _incident(walk, seed, at)
        case "noise":
            yield _noise(walk, seed, at)
        case "deploy":
            yield from _deploy(walk, seed, at)
        case _:
            yield from _talk(walk, seed, at)


def _incident(walk: Walk, seed: Seed, at: datetime) -> Iterator[Entry]:
    rng = seed.rng()
    again = walk.memory.to_recur(rng, at) if rng.random() < walk.order.mix.recurring else None
    name = again.scenario if again else _drawn_scenario(walk, rng)
    skeleton = walk.workshop.skeleton(name)
    absent = walk.bookings.absent(at)
    if not _staffed(walk, skeleton, absent):
        return
    elsewhere = Elsewhere(absent=absent, past=walk.memory.past(rng, skeleton, at), weary=walk.bookings.weariness(at))
    plan_seed = str(rng.getrandbits(48))
    plan = walk.workshop.plan(name, seed=plan_seed, start_time=at, elsewhere=elsewhere)
    alongside = walk.memory.going_on(at)
    guilty = _switched(walk, seed, skeleton, at, plan)
    number = walk.number()
    if guilty is not None:
        yield guilty.model_copy(update={"guilty_of": number})
    walk.bookings.take(plan, at)
    walk.memory.note(number, name, skeleton, at, at + timedelta(seconds=plan.beats[-1].at))
    yield IncidentEntry(
        number=number,
        at=at.isoformat(),
        scenario=name,
        seed=plan_seed,
        elsewhere=elsewhere,
        recurs=again.number if again else None,
        alongside=alongside,
    )


def _drawn_scenario(walk: Walk, rng: random.Random) -> str:
    names = walk.order.scenarios or walk.workshop.library.skeleton_names()
    weights = [
        {"SEV-1": 0.5, "SEV-2": 0.8, "SEV-3": 1.2, "SEV-4": 1.2}[walk.workshop.skeleton(n).severity] for n in names
    ]
    return rng.choices(list(names), weights)[0]


def _staffed(walk: Walk, skeleton: Skeleton, absent: tuple[str, ...]) -> bool:
    """True when somebody would notice, and every service that pages has somebody left to be paged."""
    people = walk.workshop.stage.people
    helped = any(person.role == "support" and handle not in absent for handle, person in people.items())
    if not skeleton.alerts and not helped:
        return False
    services = {alert.service for alert in skeleton.alerts.values()} | {skeleton.root_cause.service}
    crews = walk.workshop.stage.catalogue.services
    return all(len(set(crews[name].engineers) - set(absent)) >= FEWEST_ON_CALL for name in services)


def _switched(walk: Walk, seed: Seed, skeleton: Skeleton, at: datetime, plan: Plan) -> ChangeEntry | None:
    """The flag that set it off, switched a few minutes before, where a flag is what set it off."""
    if skeleton.root_cause.category is not CauseCategory.FEATURE_FLAG:
        return None
    rng = seed.child("flag").rng()
    before = timedelta(seconds=rng.randrange(*BEFORE_S) - plan.impact_start)
    return ChangeEntry(
        number=walk.number(),
        at=(at - before).isoformat(),
        what="flag",
        service=skeleton.root_cause.service,
        seed=str(rng.getrandbits(48)),
        subject=skeleton.root_cause.component,
    )


def _noise(walk: Walk, seed: Seed, at: datetime) -> NoiseEntry:
    rng = seed.rng()
    service = rng.choice(_watched(walk))
    noise = rng.choices(list(KINDS), list(KINDS.values()))[0]
    end = at + timedelta(seconds=ANSWER_S)
    by = _answering(walk, rng, service, at, end)
    for handle in by:
        walk.bookings.book(handle, at, end)
    return NoiseEntry(
        number=walk.number(), at=at.isoformat(), noise=noise, service=service, seed=str(rng.getrandbits(48)), by=by
    )


def _answering(walk: Walk, rng: random.Random, service: str, at: datetime, end: datetime) -> tuple[str, ...]:
    """Who says a word to noise. What cannot be answered as nobody is free is made up for by what comes after it."""
    wanted = 1.0 - walk.order.mix.unanswered
    answered = rng.random() < wanted + PULL * walk.owed if wanted else False
    walk.owed += wanted
    if not answered:
        return ()
    pools = _crews(walk, service)
    free = next((some for crew in pools if (some := walk.bookings.awake(crew, at, end))), [])
    walk.owed -= bool(free)
    return tuple(rng.sample(free, min(len(free), rng.choice((1, 1, 1, 2)))))


def _crews(walk: Walk, service: str) -> Iterator[Sequence[str]]:
    """Who may answer for a service: its crew; when answers are missing also its neighbours, then any engineer."""
    services = walk.workshop.stage.catalogue.services
    yield services[service].engineers
    if walk.owed <= BEHIND:
        return
    called = {call.service for call in services[service].calls}
    near = [one for name, one in services.items() if name in called or any(c.service == service for c in one.calls)]
    yield tuple(dict.fromkeys(handle for one in near for handle in one.engineers))
    yield tuple(handle for handle, person in walk.workshop.stage.people.items() if person.role == "engineer")


def _watched(walk: Walk) -> list[str]:
    named = walk.order.services
    services = walk.workshop.stage.catalogue.services
    return [name for name, service in services.items() if service.engineers and (not named or name in named)]


def _deploy(walk: Walk, seed: Seed, at: datetime) -> Iterator[Entry]:
    rng = seed.rng()
    service = rng.choice(_watched(walk))
    free = walk.bookings.working(walk.workshop.stage.catalogue.services[service].engineers, at, at)
    if not free:
        return
    by = rng.choice(free)
    yield ChangeEntry(
        number=walk.number(), at=at.isoformat(), what="deploy", service=service, seed=str(rng.getrandbits(48)), by=by
    )


def _talk(walk: Walk, seed: Seed, at: datetime) -> Iterator[Entry]:
    rng = seed.rng()
    service = rng.choice(_watched(walk))
    end = at + timedelta(seconds=ANSWER_S)
    free = walk.bookings.working(walk.workshop.stage.catalogue.services[service].engineers, at, end)
    if len(free) < 2:
        return
    by = tuple(rng.sample(free, min(len(free), rng.choice((2, 2, 3)))))
    for handle in by:
        walk.bookings.book(handle, at, end)
    yield TalkEntry(number=walk.number(), at=at.isoformat(), service=service, seed=str(rng.getrandbits(48)), by=by)


def ref_of(number: int) -> str:
    """How people name an incident of this history."""
    return f"INC-{number}"


__all__ = ["PastIncident", "Walk", "entries", "ref_of"]
