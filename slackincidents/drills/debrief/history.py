"""A person's earlier drills, read from the folders they are kept in."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from pydantic import ValidationError

from slackincidents.drills.debrief.values import VERSION, Against, Debrief, Drill, History, Time, Trend
from slackincidents.errors import BadFile
from slackincidents.files import read_text
from slackincidents.stats import Measure

DEBRIEF_FILE = "debrief.json"
DRILL_FILE = "drill.json"
MOST_BYTES = 5_000_000


def read_history(folder: Path, *, scenario: str, leave_out: Path | None = None, before: str | None = None) -> History:
    """The drills below a folder, the oldest first; a folder that is not there has none.

    `leave_out` is the folder of the drill in question; `before` keeps only those begun before that moment (ISO
    8601). Folders without a debrief that can be read are named in `left_out`, with the reason.
    """
    drills: list[Drill] = []
    left_out: dict[str, str] = {}
    for place in _folders(folder):
        if leave_out is not None and place.resolve() == leave_out.resolve():
            continue
        found = _read(place)
        if isinstance(found, str):
            left_out[place.name] = found
        elif before is None or (found.played_at or "") < before:
            drills.append(found)
    drills.sort(key=lambda drill: (drill.played_at or "", drill.folder))
    return History(same=tuple(d for d in drills if d.scenario == scenario), all=tuple(drills), left_out=left_out)


def _folders(folder: Path) -> list[Path]:
    """Those that look like a drill, by name."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    return [place for place in inside if any((place / name).exists() for name in (DRILL_FILE, DEBRIEF_FILE))]


def _read(place: Path) -> Drill | str:
    if not (place / DEBRIEF_FILE).exists():
        return "it has no debrief yet"
    try:
        found = Debrief.model_validate_json(read_text(place / DEBRIEF_FILE, most_bytes=MOST_BYTES))
    except BadFile as error:
        return str(error).splitlines()[0].replace(f"{place}/", "")
    except ValidationError:
        return f"{DEBRIEF_FILE} is not a debrief of this version"
    if found.version != VERSION:
        return f"{DEBRIEF_FILE} is of version {found.version}, not {VERSION}"
    times = {what: found.times.get(what, Time()).seconds for what in Measure}
    return Drill(
        folder=place.name, scenario=found.scenario, played_at=found.played_at, outcome=found.outcome, times=times
    )


def against(history: History, times: dict[Measure, Time]) -> Against:
    """This drill beside the earlier ones."""
    return Against(
        same={what: trend([drill.times[what] for drill in history.same], times[what].seconds) for what in Measure},
        all={what: trend([drill.times[what] for drill in history.all], times[what].seconds) for what in Measure},
        drills_same=len(history.same),
        drills_all=len(history.all),
        left_out=history.left_out,
    )


def trend(earlier: list[int | None], mine: int | None) -> Trend:
    """One time over the drills before, and how many of them this one beat."""
    known = [time for time in earlier if time is not None]
    return Trend(
        earlier=tuple(earlier),
        median=median(known) if known else None,
        known=len(known),
        better=None if mine is None else sum(time is None or time > mine for time in earlier),
    )
