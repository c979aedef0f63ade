"""Runs one simulation and turns what happened into a plan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slackincidents.planner import alerts, arrivals, changes, endings, figures, interruptions, rooms, updates
from slackincidents.planner.pace import TEMPI
from slackincidents.planner.response import respond
from slackincidents.planner.world import Setting, World
from slackincidents.schema.change import Change
from slackincidents.schema.exchange import Exchange
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import Beat, Ending, Pace, Particular, Plan, Request
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed

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
) -> Plan:
    """Simulate one response. `start` is the moment of the first event, with a zone.

    `engineers` replaces who is on call for the services it names, in paging order. With a `change` both
    courses are simulated: the plan says where the changed one parts from the other, and is the other if nowhere.
    """
    request = Request(
        scenario=skeleton.id, seed=seed, start_time=start.isoformat(), pace=pace, engineers=dict(engineers or {})
    )
    course = _course(skeleton, stage, request, Change())
    if change is None:
        return course
    changed = _course(skeleton, stage, request, change)
    where = changes.parting(course, changed)
    asked = request.model_copy(update={"change": change})
    kept = course if where.at is None else changed
    return kept.model_copy(update={"request": asked, "change": where})


def _course(skeleton: Skeleton, stage: Stage, request: Request, change: Change) -> Plan:
    root = Seed(request.seed).child(skeleton.id)
    start = datetime.fromisoformat(request.start_time)
    crews = {name: service.engineers for name, service in stage.catalogue.services.items()} | request.engineers
    setting = Setting(
        skeleton=skeleton,
        catalogue=stage.catalogue,
        people=changes.moved(stage.people, crews, change.shift, start),
        rota=stage.people,
        engineers=crews,
        exchanges=stage.exchanges,
        named=frozenset(request.engineers),
        figures=figures.scatter(skeleton, root.child("figures").rng()),
        particulars=choose_particulars(skeleton, root),
        tempo=TEMPI[request.pace],
        ending=Ending(change.ending) if change.ending else _draw_ending(root, request.pace),
        start=start,
        brief=request.pace == "brief",
        change=change,
    )
    world = World(setting, root, respond)
    _set_going(world)
    world.run(setting.tempo.limit_s + 3600)
    return _finish(world, request)


def choose_particulars(skeleton: Skeleton, root: Seed) -> dict[str, str]:
    """One value for each of the skeleton's particulars, for this seed."""
    return {
        name: root.child(f"particulars/{name}").rng().choice(options) for name, options in skeleton.particulars.items()
    }


def sha256(skeleton: Skeleton) -> str:
    """The hash that names a skeleton's exact content."""
    return hashlib.sha256(skeleton.model_dump_json(by_alias=True, exclude={"schema_"}).encode()).hexdigest()


def _draw_ending(root: Seed, pace: Pace) -> Ending:
    if pace == "brief":
        return Ending.EXPLAINED
    return root.child("ending").rng().choices(list(ENDINGS), list(ENDINGS.values()))[0]


def _set_going(world: World) -> None:
    alerts.schedule(world)
    world.spawn(arrivals.user_report(world, certain=not world.skeleton.alerts))
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
        world.spawn(process(world))


def _finish(world: World, request: Request) -> Plan:
    first = world.beats[0].at
    start = datetime.fromisoformat(request.start_time)
    fixed = world.trouble.fixed_at
    cast = {h: world.setting.people[h] for h in sorted(world.responders)}
    return Plan(
        request=request,
        skeleton=world.skeleton,
        skeleton_sha256=sha256(world.skeleton),
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
            for x in world.pages
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
