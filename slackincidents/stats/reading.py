"""Incidents from files, folders and Slack exports, one after another; one file is in memory at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from slackincidents.errors import BadFile, SlackIncidentsError
from slackincidents.files import MOST_BYTES
from slackincidents.library import read_incidents
from slackincidents.schema.faults import first_fault
from slackincidents.schema.incident import IncidentRecord
from slackincidents.stats.course import Course

ENDINGS = (".json", ".jsonl", ".zip")
MARKS = ("channels.json", "groups.json", "slackincidents.json")
"""A folder with one of these is a Slack export."""

HISTORY, FINISHED, SHARDS = "workspace.json", "manifest.json", "shards"
"""What marks the folder of a workspace's history, what stands there once it is whole, and where its incidents are."""

TALK = "slack-export"
"""The scenario type of a stretch of a team's own history."""

EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""Between these every time zone can show a time."""

NO_INCIDENT = "files in folders that are no incidents"
NO_ALARM = "stretches of a team's talk in which no alert fired"
TWICE = "files named twice"
BROKEN = "files and lines that could not be read"


@dataclass(frozen=True)
class Found:
    """An incident and the name of where it stood."""

    name: str
    record: IncidentRecord


@dataclass
class Reader:
    """Reads incidents; tells `leave` what it leaves out, and `complain` what could not be read.

    With `alarms_only` off, stretches of a team's talk in which no alert fired are given too.
    """

    leave: Callable[[str], None]
    complain: Callable[[SlackIncidentsError], None]
    quiet_hours: float | None = None
    alarms_only: bool = True

    def read(self, paths: tuple[Path, ...]) -> Iterator[Found]:
        """All incidents under these paths, each file once."""
        IncidentRecord.model_rebuild()  # or its schema is built again for every file: three quarters of the time
        seen: set[str] = set()
        for file, named in self._files(paths):
            real = os.path.realpath(file)
            if real in seen:
                self.leave(TWICE)
                continue
            seen.add(real)
            yield from self._file(file, named)

    def _files(self, paths: tuple[Path, ...]) -> Iterator[tuple[Path, bool]]:
        """What the paths stand for. A history that is not finished is complained about, and not read."""
        for path in paths:
            try:
                yield from files(path)
            except BadFile as error:
                self._broken(error)

    def _file(self, path: Path, named: bool) -> Iterator[Found]:
        if path.suffix.lower() == ".jsonl":
            yield from self._lines(path)
            return
        try:
            if not named and path.suffix.lower() == ".json" and not _may_be_incident(path):
                self.leave(NO_INCIDENT)
                return
            records = read_incidents(path, quiet_hours=self.quiet_hours)
        except SlackIncidentsError as error:
            self._broken(error)
            return
        for record in records:
            name = str(path) if len(records) == 1 else f"{path}#{record.scenario_id}"
            yield from self._sound(name, record)

    def _lines(self, path: Path) -> Iterator[Found]:
        """One incident a line."""
        try:
            with path.open("rb") as source:
                for number, line in enumerate(iter(lambda: source.readline(MOST_BYTES + 1), b""), 1):
                    if line.strip():
                        yield from self._line(f"{path}:{number}", line)
        except OSError as error:
            self._broken(BadFile(f"{path} cannot be read: {error.strerror}", "Check the path and its permissions."))

    def _line(self, name: str, line: bytes) -> Iterator[Found]:
        try:
            record = IncidentRecord.model_validate_json(line)
        except ValidationError as error:
            hint = "Each line is one incident; see slackincidents schema."
            self._broken(BadFile(f"{name}: {first_fault(error)}", hint))
            return
        yield from self._sound(name, record)

    def _sound(self, name: str, record: IncidentRecord) -> Iterator[Found]:
        """The record, if a clock can show it and something is timed in it."""
        if wrong := _untimeable(record):
            self._broken(BadFile(f"{name}: {wrong}", "Run slackincidents validate on it."))
        elif self.alarms_only and record.scenario_type == TALK and not Course(record).firing:
            self.leave(NO_ALARM)
        else:
            yield Found(name, record)

    def _broken(self, error: SlackIncidentsError) -> None:
        self.leave(BROKEN)
        self.complain(error)


def files(path: Path) -> Iterator[tuple[Path, bool]]:
    """The files a path stands for, and whether it named them: itself, or what is in the folder, sorted.

    A folder that is a Slack export counts as one file, that of a history as its shards. What is hidden is passed over,
    links are not followed. Raises BadFile for a history that is not finished.
    """
    if is_history(path):
        yield from ((shard, True) for shard in shards(path))
        return
    if not path.is_dir() or _is_export(path):
        yield path, True
        return
    for folder, below, names in os.walk(path):
        here = Path(folder)
        exports = [name for name in sorted(below) if _is_export(here / name)]
        histories = [name for name in sorted(below) if is_history(here / name)]
        apart = {*exports, *histories}
        below[:] = [name for name in sorted(below) if name not in apart and not name.startswith(".")]
        yield from ((here / name, False) for name in exports)
        for name in histories:
            yield from ((shard, True) for shard in shards(here / name))
        wanted = (name for name in sorted(names) if name.lower().endswith(ENDINGS) and not name.startswith("."))
        yield from ((here / name, False) for name in wanted)


def is_history(path: Path) -> bool:
    """Whether a folder holds a workspace's history, finished or not."""
    try:
        return (path / HISTORY).is_file() and (path / SHARDS).is_dir()
    except OSError:  # what may not be looked at is complained about by whoever reads it
        return False


def shards(history: Path) -> tuple[Path, ...]:
    """The files with a history's incidents, in order. Raises BadFile for one that is not finished."""
    if not (history / FINISHED).is_file():
        raise BadFile(
            f"{history} is not finished: it has no {FINISHED}",
            "Run the same slackincidents workspace command again; it goes on where it stopped.",
        )
    return tuple(sorted((history / SHARDS).glob("*.jsonl")))


def _is_export(path: Path) -> bool:
    return any((path / name).is_file() for name in MARKS)


def _may_be_incident(path: Path) -> bool:
    """Whether a file says the word that every incident has; a schema, an answer key or a manifest is none."""
    try:
        with path.open("rb") as source:
            head = source.read(MOST_BYTES)
    except OSError:  # reading it as an incident says what is wrong
        return True
    return b'"timeline"' in head and b'"scenario_id"' in head and b'"$defs"' not in head


def _untimeable(record: IncidentRecord) -> str | None:
    """Why no clock can show its times; None when one can."""
    try:
        start = record.started_at
    except ValueError:
        return f"start_time {record.start_time!r} is not a date"
    first, last = (EARLIEST - start).total_seconds(), (LATEST - start).total_seconds()
    offsets = [event.offset_seconds for event in record.timeline]
    bad = next((index for index, offset in enumerate(offsets) if not first < offset < last), None)
    return None if bad is None else f"timeline[{bad}].offset_seconds is not a time"
