"""How a drill begins: from what was asked for, or from a folder in which one was left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from slackincidents.api import PACES
from slackincidents.assembly import package_version
from slackincidents.cli.drill_desk import Desk
from slackincidents.cli.drill_screen import Screen
from slackincidents.cli.generate import find
from slackincidents.cli.options import crews
from slackincidents.cli.terminal import note, width
from slackincidents.clock import Clock
from slackincidents.drills.folder import About, DrillFolder, Kept, must_match
from slackincidents.drills.naming import seconds
from slackincidents.drills.session import Session
from slackincidents.drills.sitting import Sitting
from slackincidents.drills.wording import Wording
from slackincidents.errors import UnknownName, UsageError
from slackincidents.pipeline import Workshop, drawn_start, moment
from slackincidents.planner.simulate import sha256
from slackincidents.schema.plan import Request
from slackincidents.schema.skeleton import Skeleton
from slackincidents.writer.opening import OpenAIWriter

DEFAULT = "database-failure"
PAGED = {DEFAULT: {"postgresql": ("alice", "bob", "charlie")}}
"""Who is paged where nobody is named: the three of the drill's own scenario."""

ROOT = Path("drills")


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    scenario: str
    seed: int
    pace: str
    start_time: str | None
    engineers: tuple[str, ...]
    limit: str
    output: Path | None

    def begun(self, workshop: Workshop, author: OpenAIWriter | None, clock: Clock) -> Desk:
        """A new drill, its folder made. Raises UsageError for what cannot be."""
        skeleton = find(workshop.library, self.scenario)
        request = self._request(workshop, skeleton)
        limit = seconds(self.limit)
        if limit is None:
            raise UsageError(f"--limit {self.limit!r} is no length of time", "Write it like 120m or 2h.")
        begun = datetime.fromtimestamp(int(clock.now()), UTC)
        about = _about(workshop, skeleton, request, author, self.scenario, limit, begun.isoformat())
        path = self.output or ROOT / f"{skeleton.id}-{self.seed}-{begun:%Y%m%dT%H%M%SZ}"
        folder = DrillFolder.begin(path, about)
        desk = _desk(about, Session(skeleton, workshop.stage, request), folder, Wording(workshop, author))
        note(f"kept in {path}")
        return desk

    def _request(self, workshop: Workshop, skeleton: Skeleton) -> Request:
        named = {service: tuple(people) for service, people in crews(self.engineers).items()}
        usual = PAGED.get(skeleton.id, {}) if not named else {}
        known = workshop.stage
        for service, people in named.items():
            if service not in known.catalogue.services:
                raise UnknownName("service", service, known.catalogue.services, "slackincidents services")
            for handle in people:
                if handle not in known.people:
                    raise UnknownName("person", handle, known.people, "slackincidents personas")
        if all(handle in known.people for people in usual.values() for handle in people):
            named |= usual
        start = moment(self.start_time) if self.start_time else drawn_start(str(self.seed))
        pace = next(one for one in PACES if one == self.pace)
        return Request(
            scenario=skeleton.id, seed=str(self.seed), start_time=start.isoformat(), pace=pace, engineers=named
        )


def taken_up(path: Path, workshop: Workshop, author: OpenAIWriter | None) -> tuple[Desk, Kept]:
    """A drill that was left, before its moves are played again. Raises BadFile, OtherRun."""
    folder, kept = DrillFolder.take_up(path)
    about = kept.about
    skeleton = find(workshop.library, about.scenario)
    now = _about(workshop, skeleton, about.request, author, about.scenario, about.limit_s, about.played_at)
    must_match(about, now, path)
    if kept.dropped:
        note(f"{path}: the last line was half-written, and is left out")
    session = Session(skeleton, workshop.stage, about.request)
    return _desk(about, session, folder, Wording(workshop, author, kept.words)), kept


def _about(
    workshop: Workshop,
    skeleton: Skeleton,
    request: Request,
    author: OpenAIWriter | None,
    scenario: str,
    limit_s: float,
    played_at: str | None,
) -> About:
    return About(
        version=package_version(),
        scenario=scenario,
        request=request,
        skeleton_sha256=sha256(skeleton),
        library_sha256=workshop.library.fingerprint(),
        limit_s=limit_s,
        writer=author.asking().model if author else "offline",
        played_at=played_at,
    )


def _desk(about: About, session: Session, folder: DrillFolder, wording: Wording) -> Desk:
    sitting = Sitting(session, folder, about.limit_s, about.played_at)
    screen = Screen()
    services = ", ".join(name for name in session.skeleton.services)
    lines = [
        f"{about.request.scenario}, seed {about.request.seed}. The shop's services here: {services}.",
        "You are whoever answers the page. help lists the commands, runbook opens the runbook.",
    ]
    screen.head(f"Pager drill: {session.skeleton.title}", lines)
    return Desk(sitting, wording, screen, width())
