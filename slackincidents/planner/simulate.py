"""Runs one simulation and turns what happened into a plan."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slackincidents.planner import alerts, arrivals, changes, endings, figures, interruptions, rooms, updates
from slackincidents.planner.chair import Chair
from slackincidents.planner.hot_seat import obey
from slackincidents.planner.pace import TEMPI
from slackincidents.planner.response import respond
from slackincidents.planner.world import Setting, World
from slackincidents.schema.change import Change
from slackincidents.schema.exchange import Exchange
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import Beat, Elsewhere, Ending, Pace, Particular, Plan, Request
from slackincidents.schema.seat import Seat
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed

UNCHANGED = Change()
ENDINGS = {Ending.EXPLAINED: 0.8, Ending.UNEXPLAINED: 0.11, Ending.OPEN: 0.09}


@dataclass(frozen=True)
class Stage:
    """What a plan is made of besides its skeleton: services, people, and idle talk."""

    catalogue: Catalogue
    people: Mapping[str, Persona]
    exchanges: tuple[Exchange, ...]


def plan_incident(
    skeleton: Skeleton,
    stage: Stage,
    *,
    seed: str,
    start: datetime,
    pace: Pace = "real",
    engineers: Mapping[str, tuple[str, ...]] | None = None,
    change: Change | None = None,
    seat: Seat | None = None,
    elsewhere: Elsewhere | None = None,
) -> Plan:
    """Simulate one response. `start` is the moment of the first event, with a zone.

    `engineers` replaces who is on call for the services it names, in paging order. With a `change` both
    courses are simulated: the plan says where the changed one parts from the other, and is the other if nowhere.
    With a `seat` the course is the one in which a person sat there and gave those orders.
    """
    request = Request(
        scenario=skeleton.id,
        seed=seed,
        start_time=start.isoformat(),
        pace=pace,
        engineers=dict(engineers or {}),
        seat=seat,
        elsewhere=elsewhere,
    )
    if seat is not None:
        return play(skeleton, stage, request, seat)
    course = _course(skeleton, stage, request, UNCHANGED)
    if change is None:
        return course
    changed = _course(skeleton, stage, request, change)
    where = changes.parting(course, changed)
    asked = request.model_copy(update={"change": change})
    kept = course if where.at is None else changed
    return kept.model_copy(update={"request": asked, "change": where})


def play(skeleton: Skeleton, stage: Stage, request: Request, seat: Seat) -> Plan:
    """The course of a drill: the simulation with what a person did in the empty seat."""
    world = begin(skeleton, stage, request, Chair(), solvable=seat.solvable)
    for move in seat.moves:
        world.advance(move.at)
        obey(world, move.order)
        world.run(world.now)
    world.run(min(last_moment(world), last_moment(world) if seat.until is None else seat.until))
    return finish(world, request)


def shadow(skeleton: Skeleton, stage: Stage, request: Request) -> tuple[Plan, Seat]:
    """A simulated course, and the moves of the seat in it: what a person would have to do to repeat it."""
    chair = Chair(shadow=True)
    world = begin(skeleton, stage, request, chair)
    world.run(last_moment(world))
    return finish(world, request), Seat(moves=tuple(chair.moves), solvable=False)


def last_moment(world: World) -> float:
    """Nothing happens after this many seconds."""
    return world.tempo.limit_s + 3600


def _course(skeleton: Skeleton, stage: Stage, request: Request, change: Change) -> Plan:
    world = begin(skeleton, stage, request, change=change)
    world.run(last_moment(world))
    return finish(world, request)


def begin(
    skeleton: Skeleton,
    stage: Stage,
    request: Request,
    chair: Chair | None = None,
    *,
    change: Change = UNCHANGED,
    solvable: bool = False,
) -> World:
    """A world in which everything is about to begin; with a `chair`, the first page waits for the person in it."""
    root = Seed(request.seed).child(skeleton.id)
    start = datetime.fromisoformat(request.start_time)
    around = request.elsewhere or Elsewhere()
    people = {handle: person for handle, person in stage.people.items() if handle not in around.absent}
    crews = _there(stage, request, around.absent)
    setting = Setting(
        skeleton=skeleton.model_copy(update={"past_incidents": around.past}) if request.elsewhere else skeleton,
        skeleton_sha256=sha256(skeleton),
        catalogue=stage.catalogue,
        people=changes.moved(people, crews, change.shift, start),
        rota=people,
        engineers=crews,
        exchanges=stage.exchanges,
        named=frozenset(request.engineers),
        figures=figures.scatter(skeleton, root.child("figures").rng()),
        particulars=choose_particulars(skeleton, root),
        tempo=TEMPI[request.pace],
        ending=_ending_of(root, request.pace, change, solvable=solvable),
        start=start,
        brief=request.pace == "brief",
        change=change,
        weary=around.weary,
    )
    world = World(setting, root, respond)
    world.chair = chair
    _set_going(world)
    return world


def _there(stage: Stage, request: Request, absent: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The crews, without those who are elsewhere."""
    crews = {name: service.engineers for name, service in stage.catalogue.services.items()} | request.engineers
    return {name: tuple(handle for handle in crew if handle not in absent) for name, crew in crews.items()}


def choose_particulars(skeleton: Skeleton, root: Seed) -> dict[str, str]:
    """One value for each of the skeleton's particulars, for this seed."""
    return {
        name: root.child(f"particulars/{name}").rng().choice(options) for name, options in skeleton.particulars.items()
    }


def sha256(skeleton: Skeleton) -> str:
    """The hash that names a skeleton's exact content."""
    return hashlib.sha256(skeleton.model_dump_json(by_alias=True, exclude={"schema_"}).encode()).hexdigest()


def _ending_of(root: Seed, pace: Pace, change: Change, *, solvable: bool) -> Ending:
    if change.ending:
        return Ending(change.ending)
    if pace == "brief" or solvable:
        return Ending.EXPLAINED
    return root.child("ending").rng().choices(list(ENDINGS), list(ENDINGS.values()))[0]


def _set_going(world: World) -> None:
    alerts.schedule(world)
    world.spawn(arrivals.user_report(world, certain=not world.skeleton.alerts), owner="user_report")
    for process in (
        rooms.open_room,
        updates.keep_clock,
        updates.ask_for_eta,
        arrivals.support_asks,
        arrivals.teammate,
        arrivals.late_joiner,
        arrivals.bystander,
        interruptions.is_it_related,
        interruptions.fall_quiet,
        interruptions.wrong_channel,
        interruptions.hold_call,
        interruptions.hand_over,
        interruptions.recall_past,
        endings.conclude,
    ):
        world.spawn(process(world), owner=process.__name__)


def finish(world: World, request: Request) -> Plan:
    """The plan of what has happened so far. Raises IndexError before the first event."""
    first = world.beats[0].at
    start = datetime.fromisoformat(request.start_time)
    fixed = world.trouble.fixed_at
    cast = {h: world.setting.people[h] for h in sorted(world.responders)}
    return Plan(
        request=request,
        skeleton=world.skeleton,
        skeleton_sha256=world.setting.skeleton_sha256,
        catalogue=world.setting.catalogue,
        people=cast,
        engineers=dict(world.setting.engineers),
        ending=_ending(world),
        impact_start=-first,
        impact_end=None if fixed is None else max(0, round(fixed) - first),
        figures={**world.setting.figures, **world.setting.particulars},
        beats=tuple(_timed(beat, first, start) for beat in world.finished_beats()),
        looks=tuple(x.model_copy(update={"start": x.start - first, "end": x.end - first}) for x in world.looks),
        presence=tuple(x.model_copy(update={"at": x.at - first}) for x in world.presence),
        pages=tuple(
            x.model_copy(
                update={
                    "at": x.at - first,
                    "acknowledged_at": None if x.acknowledged_at is None else x.acknowledged_at - first,
                }
            )
            for x in sorted(world.pages, key=lambda page: (page.at, page.service, page.person))
        ),
    )


def _ending(world: World) -> Ending:
    if not world.trouble.resolved:
        return Ending.OPEN
    return Ending.EXPLAINED if world.cause_known else Ending.UNEXPLAINED


def _timed(beat: Beat, first: int, start: datetime) -> Beat:
    at = beat.at - first
    clock = {
        "now": (start + timedelta(seconds=at)).strftime("%H:%M"),
        "onset": (start - timedelta(seconds=first)).strftime("%H:%M"),
        "mins": str(max(1, round(beat.at / 60))),
    }
    particulars = tuple(Particular(name=p.name, value=clock.get(p.name, p.value)) for p in beat.particulars)
    return beat.model_copy(update={"at": at, "particulars": particulars})
