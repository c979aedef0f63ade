"""What one calls from Python: generate, plan, validate, load. Works in a notebook's running loop too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from os import PathLike, fspath
from pathlib import Path
from typing import get_args

from slackincidents.errors import BadFile, SlackIncidentsError, UnknownName, UsageError
from slackincidents.files import read_text
from slackincidents.incident import Incident
from slackincidents.library import Library, read_incidents
from slackincidents.pipeline import Engineers, Factors, Workshop, moment, run
from slackincidents.pipeline import load as load_file
from slackincidents.regeneration import Author, Order, Vary, Work
from slackincidents.schema.findings import Report
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.numbers import unshowable
from slackincidents.schema.parsing import SKELETON_PARTS
from slackincidents.schema.plan import Pace, Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed
from slackincidents.stats.reading import Reader, is_history
from slackincidents.writer.base import AnyWriter

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
    change: Factors | None = None,
    library: Library | None = None,
    writer: AnyWriter | None = None,
) -> Incident:
    """Make one incident. The same arguments give the same incident, byte for byte.

    Args:
        scenario: a name (`slackincidents scenarios` lists them), "random", a path, or a Skeleton.
        seed: another seed is another course of the same incident.
        start_time: when it begins; without a zone it is taken for UTC, without one at all the seed draws it.
        engineers: who is on call, as ``{"recommendation": ["alice", "bob"]}``, in paging order.
        pace: "real" takes minutes to hours, "brief" about two minutes.
        change: factors to set in the seed's course, as ``{"commander": "none"}``. It stays as it was until the first
            of them takes effect; `plan(...).change` says when. `schema.change.FACTORS` has them all.
        library: where services, people and skeletons come from; ours without one.
        writer: what puts the beats into words: phrases, offline, without one; `OpenAIWriter()` for a model.

    Raises:
        UsageError: a name, file or value that cannot be; says which and what would do.
        CheckFailed: the result breaks a rule, which is a fault of ours.
    """
    making = agenerate(
        scenario,
        seed=seed,
        start_time=start_time,
        engineers=engineers,
        pace=pace,
        change=change,
        library=library,
        writer=writer,
    )
    return run(making)


async def agenerate(
    scenario: Scenario = RANDOM,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
    change: Factors | None = None,
    library: Library | None = None,
    writer: AnyWriter | None = None,
) -> Incident:
    """The same as `generate`, to be awaited."""
    workshop = Workshop.open(library)
    course = course_of(
        workshop, scenario, seed=seed, start_time=start_time, engineers=engineers, pace=pace, change=change
    )
    return await workshop.finish(course, writer)


def regenerate(
    source: Incident | Scenario,
    *,
    vary: Vary = "words",
    variants: int = 1,
    seed: int = 0,
    only: str | int | None = None,
    library: Library | None = None,
    writer: Author | None = None,
) -> tuple[Incident, ...]:
    """Make variants of an incident, an incident file or a scenario, each in words that those before it did not use.

    Args:
        source: an incident, the path of its file, or a scenario as `generate` takes it.
        vary: "words" keeps plan, facts, times and ids; "course" keeps only the skeleton and is what `generate` makes
            of other seeds; "both" also keeps the words of each course away from those before it.
        variants: how many.
        seed: where counting begins: the first seed of a course, and the number before the first wording.
        only: a part to be told again while all else stays: a message's index, ``"thread:12"`` or ``"#channel"``.
        library: where services, people and skeletons come from; ours without one.
        writer: what writes: phrases, offline, without one; `OpenAIWriter()` for a model. A file that does not say what
            it was made from needs the model: its figures, mentions, links, code, threads and times stay, and
            `metadata` says which lines did too.

    Raises:
        UsageError: a source, part or combination that cannot be; says which part of the origin differs.
        CheckFailed: no other words passed the validator.
    """
    return run(aregenerate(source, vary=vary, variants=variants, seed=seed, only=only, library=library, writer=writer))


async def aregenerate(
    source: Incident | Scenario,
    *,
    vary: Vary = "words",
    variants: int = 1,
    seed: int = 0,
    only: str | int | None = None,
    library: Library | None = None,
    writer: Author | None = None,
) -> tuple[Incident, ...]:
    """The same as `regenerate`, to be awaited."""
    workshop = Workshop.open(library)
    order = Order(vary, variants, seed, None if only is None else str(only))
    work = Work(workshop, source_of(workshop, source, seed), order)
    return tuple([incident async for incident in work.run(writer)])


def source_of(workshop: Workshop, source: Incident | Scenario, seed: int = 0) -> Incident | Skeleton:
    """What is to be told again: an incident, read from its file if it is a path, or a skeleton. Raises UsageError."""
    if isinstance(source, Incident):
        return source
    if isinstance(source, Skeleton):
        return workshop.skeleton(source)
    name = fspath(source)
    if name not in {RANDOM, *workshop.library.skeleton_names()} and _is_incident(Path(name)):
        return load(name)
    return workshop.skeleton(chosen(name, seed, workshop.library))


def _is_incident(path: Path) -> bool:
    """Whether something is there that is no skeleton; what is wrong with it, loading it tells."""
    try:
        whole = json.loads(read_text(path)) if path.is_file() else {}
        return path.exists() and not (isinstance(whole, dict) and "timeline" not in whole and SKELETON_PARTS & {*whole})
    except (OSError, ValueError, RecursionError, BadFile):
        return True


def plan(
    scenario: Scenario = RANDOM,
    *,
    seed: int | str = 0,
    start_time: str | datetime | None = None,
    engineers: Engineers | None = None,
    pace: Pace = "real",
    change: Factors | None = None,
    library: Library | None = None,
) -> Plan:
    """The course of an incident without words: who does what, when, knowing what."""
    return course_of(
        Workshop.open(library),
        scenario,
        seed=seed,
        start_time=start_time,
        engineers=engineers,
        pace=pace,
        change=change,
    )


def validate(incident: Incident | str | PathLike[str], *, library: Library | None = None) -> Report:
    """Every finding in an incident or an incident file; rules that could not run are in `skipped`."""
    checked = incident if isinstance(incident, Incident) else load_file(fspath(incident))
    return Workshop.open(library).validate(checked)


def load(path: str | PathLike[str]) -> Incident:
    """Read an incident file, ours or one in the seed's dialect, or a Slack export that holds one incident.

    What no clock can show is refused too: NaN, or a time beyond all dates. `validate` takes such a file by its path.
    Raises UsageError with the reason; of an export with several `load_all` takes them all.
    """
    return _showable(path, load_file(fspath(path)))


def load_all(path: str | PathLike[str], *, quiet_hours: float | None = None) -> tuple[Incident, ...]:
    """Read everything in a file, in a Slack export, be it a ZIP or an unpacked folder, or in a workspace's history.

    Incidents that we exported come back as they were. Of a team's own export each channel is one record; with
    `quiet_hours` it is split where nobody posts at the top level for longer than that. Raises UsageError.
    """
    return tuple(load_each(path, quiet_hours=quiet_hours))


def load_each(path: str | PathLike[str], *, quiet_hours: float | None = None) -> Iterator[Incident]:
    """The same as `load_all`, one after another: of a history only one incident is in memory at a time."""
    if is_history(Path(path)):
        found = Reader(_ignore, _raise, quiet_hours, alarms_only=False).read((Path(path),))
        records: Iterable[IncidentRecord] = (one.record for one in found)
    else:
        records = read_incidents(Path(path), quiet_hours=quiet_hours)
    return (_showable(path, Incident.of(record)) for record in records)


def _ignore(_why: str) -> None:
    """Nothing is counted that is left out: a history names no file twice."""


def _raise(error: SlackIncidentsError) -> None:
    raise error


def _showable(path: str | PathLike[str], incident: Incident) -> Incident:
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
    change: Factors | None = None,
) -> Plan:
    """Plan in an open workshop, for many incidents in a row."""
    if pace not in PACES:
        raise UnknownName("pace", str(pace), PACES, ", ".join(PACES))
    skeleton = scenario if isinstance(scenario, Skeleton) else chosen(fspath(scenario), seed, workshop.library)
    start = start_of(start_time)
    return workshop.plan(skeleton, seed=seed, start_time=start, engineers=engineers, pace=pace, change=change)


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
