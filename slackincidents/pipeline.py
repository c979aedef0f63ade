"""From a skeleton to a finished incident: plan, write, assemble, validate."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from slackincidents.assembly import assemble, people_hash
from slackincidents.errors import BadSkeleton, CheckFailed, SlackIncidentsError, UnknownName, UsageError
from slackincidents.incident import Incident
from slackincidents.library import Library, read_incident
from slackincidents.planner.simulate import Stage, plan_incident
from slackincidents.schema import checks
from slackincidents.schema.findings import Report
from slackincidents.schema.plan import Pace, Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter, Writer
from slackincidents.writer.banks import Banks

FIRST_DAY = date(2024, 12, 2)
DAYS = 84
HOURS = (2, 2, 2, 2, 2, 2, 3, 4, 6, 8, 9, 9, 8, 9, 10, 10, 9, 8, 6, 5, 4, 3, 3, 2)
"""How often incidents begin in each hour of the day (UTC) when no start time is given."""

WEEKEND = 0.35
FRIDAY = 4

Result = TypeVar("Result")
Engineers = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Workshop:
    """Everything read once: services, people, idle talk, phrases."""

    library: Library
    stage: Stage
    banks: Banks

    @classmethod
    def open(cls, library: Library | None = None) -> Workshop:
        """Read the library."""
        shelf = library or Library.from_environment()
        stage = Stage(shelf.catalogue(), shelf.people(), shelf.exchanges())
        return cls(shelf, stage, Banks(shelf.phrases))

    def skeleton(self, scenario: str | Skeleton) -> Skeleton:
        """A skeleton by name or path, or one's own after a check."""
        if isinstance(scenario, str):
            return self.library.skeleton(scenario)
        problems = checks.problems(scenario, self.stage.catalogue)
        if problems:
            raise BadSkeleton(f"skeleton {scenario.id}: {'; '.join(problems[:3])}", "See docs/skeletons.md.")
        return scenario

    def plan(
        self,
        scenario: str | Skeleton,
        *,
        seed: int | str = 0,
        start_time: str | datetime | None = None,
        engineers: Engineers | None = None,
        pace: Pace = "real",
    ) -> Plan:
        """Simulate the response. Without a start time the seed draws one."""
        skeleton = self.skeleton(scenario)
        crews = self._crews(engineers or {})
        start = drawn_start(str(seed)) if start_time is None else moment(start_time)
        return plan_incident(skeleton, self.stage, seed=str(seed), start=start, pace=pace, engineers=crews)

    async def finish(self, plan: Plan, writer: Writer | None = None) -> Incident:
        """Write, assemble and validate a plan. Raises CheckFailed when anything is found."""
        draft = await (writer or OfflineWriter(self.banks)).write(plan)
        incident = assemble(plan, draft)
        report = check(incident, catalogue=self.stage.catalogue, people=self.stage.people, plan=plan)
        if not report.clean:
            raise CheckFailed(
                f"{incident.scenario_id}: {report.findings[0]}", "This is a fault of the generator; please report it."
            )
        return incident

    def replan(self, incident: Incident) -> Plan | None:
        """The plan a file came from, if it can be made again exactly; else None. Never raises."""
        origin = incident.provenance
        if origin is None or origin.skeleton not in self.library.skeleton_names():
            return None
        try:
            plan = self.plan(
                origin.skeleton,
                seed=origin.seed,
                start_time=incident.start_time,
                engineers=origin.engineers,
                pace=origin.pace,
            )
        except (SlackIncidentsError, OverflowError):  # a stranger's engineers or services, a start at the end of time
            return None
        same = plan.skeleton_sha256 == origin.skeleton_sha256 and people_hash(plan) == origin.people_sha256
        return plan if same else None

    def validate(self, incident: Incident) -> Report:
        """All findings, with the plan's rules where the plan can be made again."""
        plan = self.replan(incident)
        return check(incident, catalogue=self.stage.catalogue, people=self.stage.people, plan=plan)

    def _crews(self, engineers: Engineers) -> dict[str, tuple[str, ...]]:
        crews = {
            service: (handles,) if isinstance(handles, str) else tuple(handles)
            for service, handles in engineers.items()
        }
        for service, handles in crews.items():
            if service not in self.stage.catalogue.services:
                raise UnknownName("service", service, self.stage.catalogue.services, "slackincidents services")
            if not handles:
                raise UsageError(f"no engineer named for {service}", "Name one or more, or leave the service out.")
            for handle in handles:
                if handle not in self.stage.people:
                    raise UnknownName("person", handle, self.stage.people, "slackincidents personas")
        return crews


def drawn_start(seed: str) -> datetime:
    """A start time for a seed: weekdays more than weekends, days more than nights."""
    rng = Seed(seed).child("start").rng()
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    while day.weekday() > FRIDAY and rng.random() > WEEKEND:
        day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    hour = rng.choices(range(24), HOURS)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), UTC)


def moment(value: str | datetime) -> datetime:
    """A start time as an aware datetime; without a zone it is taken for UTC. Raises UsageError."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise UsageError(f"start time {value!r} is not a date", "Write it like 2024-12-11T14:30:00Z.") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def run(work: Coroutine[None, None, Result]) -> Result:
    """Run a coroutine to its end, also where a loop is running already (a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - handed on to the caller's thread, whatever it is
            failure.append(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def load(path: str | Path) -> Incident:
    """Read an incident file of the seed's dialect or ours. Raises BadFile."""
    return Incident.of(read_incident(Path(path)))
