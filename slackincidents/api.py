"""What one calls from Python: generate, plan, validate, load. Works in a notebook's running loop too."""

from __future__ import annotations

from datetime import datetime
from os import PathLike, fspath
from typing import get_args

from slackincidents.errors import BadFile, UnknownName, UsageError
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Engineers, Workshop, moment, run
from slackincidents.pipeline import load as load_file
from slackincidents.schema.findings import Report
from slackincidents.schema.numbers import unshowable
from slackincidents.schema.plan import Pace, Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed
from slackincidents.writer import Writer

RANDOM = "random"
"""The scenario that the seed chooses."""

PACES: tuple[Pace, ...] = get_args(Pace)
FIRST_YEAR, LAST_YEAR = 1970, 2999

Scenario = str | PathLike[str] | Skeleton
"""A scenario's name, "random", the path of a skeleton file, or a skeleton."""


def generate(
    scenario: Scenario = RANDOM,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
    library: Library | None = None,
    writer: Writer | None = None,
) -> Incident:
    """Make one incident. The same arguments give the same incident, byte for byte.

    Args:
        scenario: a name (`slackincidents scenarios` lists them), "random", a path, or a Skeleton.
        seed: another seed is another course of the same incident.
        start_time: when it begins; without a zone it is taken for UTC, without one at all the seed draws it.
        engineers: who is on call, as ``{"recommendation": ["alice", "bob"]}``, in paging order.
        pace: "real" takes minutes to hours, "brief" about two minutes.
        library: where services, people and skeletons come from; ours without one.
        writer: what puts the beats into words; without one, phrases, offline.

    Raises:
        UsageError: a name, file or value that cannot be; says which and what would do.
        CheckFailed: the result breaks a rule, which is a fault of ours.
    """
    making = agenerate(
        scenario, seed=seed, start_time=start_time, engineers=engineers, pace=pace, library=library, writer=writer
    )
    return run(making)


async def agenerate(
    scenario: Scenario = RANDOM,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
    library: Library | None = None,
    writer: Writer | None = None,
) -> Incident:
    """The same as `generate`, to be awaited."""
    workshop = Workshop.open(library)
    course = course_of(workshop, scenario, seed=seed, start_time=start_time, engineers=engineers, pace=pace)
    return await workshop.finish(course, writer)


def plan(
    scenario: Scenario = RANDOM,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
    library: Library | None = None,
) -> Plan:
    """The course of an incident without words: who does what, when, knowing what."""
    return course_of(Workshop.open(library), scenario, seed=seed, start_time=start_time, engineers=engineers, pace=pace)


def validate(incident: Incident | str | PathLike[str], *, library: Library | None = None) -> Report:
    """Every finding in an incident or an incident file; rules that could not run are in `skipped`."""
    checked = incident if isinstance(incident, Incident) else load_file(fspath(incident))
    return Workshop.open(library).validate(checked)


def load(path: str | PathLike[str]) -> Incident:
    """Read an incident file, ours or one in the seed's dialect. Raises UsageError with the reason.

    What no clock can show is refused too: NaN, or a time beyond all dates. `validate` takes such a file by its path.
    """
    incident = load_file(fspath(path))
    start_of(incident.start_time)
    if wrong := unshowable(incident):
        raise BadFile(f"{fspath(path)}: {wrong}", f"See: slackincidents validate {fspath(path)}")
    return incident


def course_of(
    workshop: Workshop,
    scenario: Scenario,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
) -> Plan:
    """Plan in an open workshop, for many incidents in a row."""
    if pace not in PACES:
        raise UnknownName("pace", str(pace), PACES, ", ".join(PACES))
    skeleton = scenario if isinstance(scenario, Skeleton) else chosen(fspath(scenario), seed, workshop.library)
    return workshop.plan(skeleton, seed=seed, start_time=start_of(start_time), engineers=engineers, pace=pace)


def chosen(scenario: str, seed: int | str, library: Library) -> str:
    """The scenario itself, or for "random" the one that the seed chooses."""
    if scenario == RANDOM:
        return Seed(str(seed)).child("scenario").rng().choice(library.skeleton_names())
    return scenario


def start_of(value: str | datetime | None) -> datetime | None:
    """A start time with a zone, in years that leave room on both sides; none stays none. Raises UsageError."""
    if value is None:
        return None
    start = moment(value)
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise UsageError(f"start time {value} is out of range", f"Choose a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return start
