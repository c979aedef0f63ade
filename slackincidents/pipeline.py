"""From a skeleton to a finished incident: plan, write, assemble, validate."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterable, Mapping
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
from slackincidents.schema.change import Change
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.findings import Report
from slackincidents.schema.incident import Provenance
from slackincidents.schema.plan import Elsewhere, Kind, Pace, Plan
from slackincidents.schema.seat import Seat
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter, Writer
from slackincidents.writer.banks import Banks
from slackincidents.writer.base import FIRST, AnyWriter, ClosedWriter

FIRST_DAY = date(2024, 12, 2)
DAYS = 84
HOURS = (2, 2, 2, 2, 2, 2, 3, 4, 6, 8, 9, 9, 8, 9, 10, 10, 9, 8, 6, 5, 4, 3, 3, 2)
"""How often incidents begin in each hour of the day (UTC) when no start time is given."""

WEEKEND = 0.35
FRIDAY = 4

Result = TypeVar("Result")
Engineers = Mapping[str, Iterable[str]]
Factors = Change | Mapping[str, str]


FILLINGS = 3
"""Rounds in which the understudy fills in single beats before it takes over the whole incident."""


@dataclass(frozen=True)
class Repair:
    """How far to go for a clean draft: rounds of sending beats back, then whether the understudy may fill in."""

    rounds: int = 3
    fall_back: bool = True


@dataclass(frozen=True)
class Verdict:
    """What the validator said: complaints by beat, all findings as lines, and the incident when there are none."""

    complaints: Mapping[str, tuple[str, ...]]
    findings: tuple[str, ...]
    passed: Incident | None = None


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
        change: Factors | None = None,
        seat: Seat | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> Plan:
        """Simulate the response. Without a start time the seed draws one."""
        skeleton = self.skeleton(scenario)
        crews = self._crews(engineers or {})
        start = drawn_start(str(seed)) if start_time is None else moment(start_time)
        factors = Change.of(change)
        return plan_incident(
            skeleton,
            self.stage,
            seed=str(seed),
            start=start,
            pace=pace,
            engineers=crews,
            change=factors,
            seat=seat,
            elsewhere=elsewhere,
        )

    async def finish(
        self,
        plan: Plan,
        writer: AnyWriter | None = None,
        *,
        variation: Variation = FIRST,
        repair: Repair = Repair(),
    ) -> Incident:
        """Write, assemble, validate; what fails is written again, then filled in by the understudy.

        Raises CheckFailed with the draft attached when findings remain.
        """
        if isinstance(writer, ClosedWriter):
            async with writer.opened(self.library) as opened:
                return await self.finish(plan, opened, variation=variation, repair=repair)
        author = writer or OfflineWriter(self.banks)
        draft = await author.write(plan, variation)
        verdict = self.judge(plan, draft)
        for _ in range(repair.rounds):
            if verdict.passed or not verdict.complaints:
                break
            before, draft = draft, await author.revise(plan, draft, verdict.complaints, variation)
            if draft.texts == before.texts:
                missing = _missing(plan, draft)
                if not (missing and repair.fall_back):
                    break
                draft = _with(plan, draft, self._understudy(plan, variation), missing)
            verdict = self.judge(plan, draft)
        if repair.fall_back and not verdict.passed:
            draft, verdict = self._filled(plan, draft, verdict, variation)
        if verdict.passed is None:
            raise _failed(plan, draft, verdict)
        return verdict.passed

    async def finish_all(
        self, plans: Iterable[Plan], writer: Writer | None = None, *, side_by_side: int, repair: Repair = Repair()
    ) -> AsyncGenerator[tuple[int, Incident | CheckFailed], None]:
        """Finish many plans, a bounded number at a time, each with its place, as they are done.

        Plans are made when their turn comes, so that memory stays flat. An error outside stops all.
        """
        waiting = enumerate(plans)
        running: dict[asyncio.Task[Incident], int] = {}
        try:
            while True:
                for place, plan in itertools.islice(waiting, side_by_side - len(running)):
                    running[asyncio.create_task(self.finish(plan, writer, repair=repair))] = place
                if not running:
                    return
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(done, key=lambda one: running[one]):
                    place = running.pop(task)
                    failure = task.exception()
                    if failure is not None and not isinstance(failure, CheckFailed):
                        raise failure
                    yield place, failure or task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def judge(self, plan: Plan, draft: Draft) -> Verdict:
        """What the validator says to a draft. Beats without a text count as failing."""
        missing = _missing(plan, draft)
        if missing:
            return Verdict(dict.fromkeys(missing, ("has no text",)), tuple(f"{beat} has no text" for beat in missing))
        incident = assemble(plan, draft)
        report = check(incident, catalogue=self.stage.catalogue, people=self.stage.people, plan=plan)
        complaints: dict[str, tuple[str, ...]] = {}
        for finding in report.findings:
            if finding.index is not None and finding.index < len(plan.beats):
                beat = plan.beats[finding.index].id
                complaints[beat] = (*complaints.get(beat, ()), finding.message)
        return Verdict(complaints, tuple(map(str, report.findings)), incident if report.clean else None)

    def _understudy(self, plan: Plan, variation: Variation) -> Mapping[str, str]:
        return OfflineWriter(self.banks).compose(plan, variation).texts

    def _filled(self, plan: Plan, draft: Draft, verdict: Verdict, variation: Variation) -> tuple[Draft, Verdict]:
        """The draft with the understudy's words where it fails; at last with all of them."""
        understudy = self._understudy(plan, variation)
        for _ in range(FILLINGS):
            failing = [beat for beat in verdict.complaints if draft.texts.get(beat) != understudy[beat]]
            draft = _with(plan, draft, understudy, failing or list(understudy))
            verdict = self.judge(plan, draft)
            if verdict.passed or not failing:
                break
        if not verdict.passed:
            draft = _with(plan, draft, understudy, list(understudy))
            verdict = self.judge(plan, draft)
        return draft, verdict

    def replan(self, incident: Incident) -> Plan | None:
        """The plan a file came from, if it can be made again exactly; else None. Never raises."""
        origin = incident.provenance
        if origin is None or origin.skeleton not in self.library.skeleton_names():
            return None
        try:
            plan = self.plan_of(incident, origin)
        except (SlackIncidentsError, OverflowError):  # a stranger's engineers or services, a start at the end of time
            return None
        same = plan.skeleton_sha256 == origin.skeleton_sha256 and people_hash(plan) == origin.people_sha256
        return plan if same else None

    def plan_of(self, incident: Incident, origin: Provenance) -> Plan:
        """What a file's provenance leads to now, be it the plan it came from or another."""
        return self.plan(
            origin.skeleton,
            seed=origin.seed,
            start_time=incident.start_time,
            engineers=origin.engineers,
            pace=origin.pace,
            change=origin.change,
            seat=origin.seat,
            elsewhere=origin.elsewhere,
        )

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


def _missing(plan: Plan, draft: Draft) -> list[str]:
    """The beats that need words and have none."""
    return [beat.id for beat in plan.beats if beat.kind is not Kind.ALERT and beat.id not in draft.texts]


def _with(plan: Plan, draft: Draft, understudy: Mapping[str, str], beats: Iterable[str]) -> Draft:
    """The draft with some beats in the understudy's words, and noted so."""
    filled = {beat for beat in beats if draft.texts.get(beat) != understudy[beat]}
    texts = {**draft.texts, **{beat: understudy[beat] for beat in filled}}
    fell_back = tuple(b.id for b in plan.beats if b.id in filled or b.id in draft.note.fell_back)
    repaired = tuple(beat for beat in draft.note.repaired if beat not in filled)
    note = draft.note.model_copy(update={"fell_back": fell_back, "repaired": repaired})
    return Draft(texts=texts, note=note)


def _failed(plan: Plan, draft: Draft, verdict: Verdict) -> CheckFailed:
    more = f" and {len(verdict.findings) - 1} more" if len(verdict.findings) > 1 else ""
    ours = draft.note.model is None
    hint = "This is a fault of the generator; please report it." if ours else "Allow the offline writer to fill in."
    name = f"{plan.skeleton.id}-{plan.request.seed}"
    return CheckFailed(f"{name}: {verdict.findings[0]}{more}", hint, draft.texts, verdict.findings)


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
