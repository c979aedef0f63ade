"""A drill to be held in a chat workspace: a sitting in a folder, and a person who acts on what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from slackincidents.assembly import package_version
from slackincidents.drills.folder import About, DrillFolder, Entry
from slackincidents.drills.session import Session
from slackincidents.drills.sitting import Sitting
from slackincidents.drills.wording import Wording
from slackincidents.pipeline import Workshop, drawn_start
from slackincidents.schema.plan import Request

LIMIT_S = 7200.0
STARTING = "You are *"
"""What the person in the seat is told first."""

Act = Callable[[str], Iterable[str]]


@dataclass
class Game:
    """A drill and what is kept of it."""

    sitting: Sitting
    folder: DrillFolder
    wording: Wording
    stored: tuple[Entry, ...] | None = None

    @property
    def session(self) -> Session:
        """The simulation."""
        return self.sitting.session


def begun(path: Path, scenario: str = "database-failure", seed: str = "3") -> Game:
    """A new drill."""
    workshop = Workshop.open()
    skeleton = workshop.skeleton(scenario)
    request = Request(scenario=skeleton.id, seed=seed, start_time=drawn_start(seed).isoformat(), pace="real")
    about = About(
        version=package_version(), scenario=skeleton.id, request=request, skeleton_sha256="", library_sha256="",
        limit_s=LIMIT_S, writer="offline",
    )  # fmt: skip
    folder = DrillFolder.begin(path, about)
    return Game(Sitting(Session(skeleton, workshop.stage, request), folder, LIMIT_S), folder, Wording(workshop))


def taken_up(path: Path) -> Game:
    """The same drill from its folder."""
    folder, kept = DrillFolder.take_up(path)
    workshop = Workshop.open()
    session = Session(workshop.skeleton(kept.about.scenario), workshop.stage, kept.about.request)
    return Game(Sitting(session, folder, LIMIT_S), folder, Wording(workshop), kept.entries)


@dataclass
class Script:
    """What somebody types or presses (``[drill-ack]``) when a text is seen: each row once, whichever comes up first."""

    rows: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def seen(self, text: str) -> Iterable[str]:
        """What follows from a text."""
        for row in self.rows:
            if row[0] in text:
                self.rows.remove(row)
                return row[1]
        return ()


def good() -> Script:
    """Somebody who answers, says something, restarts the database, and calls it over."""
    return Script(
        [
            ("Are you", ("[drill-ack]",)),
            (STARTING, ("anybody else seeing errors?", "severity SEV-2", "do restart")),
            ("It helped", ("update it is back",)),
            ("all-clear", ("[drill-resolve]",)),
        ]
    )
