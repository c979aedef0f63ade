"""A drill on disk: what it was made from, and every move as it was made, so that it can be taken up again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeVar

from pydantic import Field, ValidationError

from slackincidents.drills.lines import Played
from slackincidents.errors import BadFile, OtherRun, OutputExists, WriteFailed
from slackincidents.files import read_text, write_text
from slackincidents.schema.base import Frozen
from slackincidents.schema.plan import Request

ABOUT, MOVES, LINES, INCIDENT = "drill.json", "moves.jsonl", "lines.jsonl", "incident.json"
UNFINISHED = ".*.part"
"""Files that were being written when a drill was killed."""

Stored = TypeVar("Stored", bound=Frozen)


class About(Frozen):
    """What a drill was made from. `drill` is the version of the moves; with another one nothing can be replayed."""

    drill: Literal[1] = 1
    version: str
    scenario: str = Field(description="as it was asked for: a name, or the path of a skeleton file")
    request: Request
    skeleton_sha256: str
    library_sha256: str
    limit_s: float
    writer: str
    played_at: str | None = Field(default=None, description="when it was begun in the real world, ISO 8601")


class Entry(Frozen):
    """One thing that was done, and when: seconds from the first failure. Without `played` only the clock, noted.

    `line` is the line of the script it came from. With `live` time ran by itself; else the command took its own time.
    """

    at: float = Field(ge=0, allow_inf_nan=False)
    typed: str = ""
    line: int | None = None
    played: Played | None = None
    live: bool = False
    ended: bool = False


class Spoken(Frozen):
    """The words of one beat, as a model gave them."""

    beat: str
    text: str


@dataclass(frozen=True)
class Kept:
    """All of a stored drill. `dropped` is true when a half-written line was left out."""

    about: About
    entries: tuple[Entry, ...]
    words: dict[str, str]
    dropped: bool = False


class DrillFolder:
    """The folder of one drill, open for more moves. Each is on the disk before anybody sees what came of it."""

    def __init__(self, path: Path) -> None:
        """A folder that `begin` or `take_up` has looked at."""
        self.path = path
        self._open: dict[str, BinaryIO] = {}

    @classmethod
    def begin(cls, path: Path, about: About) -> DrillFolder:
        """Make the folder. Raises OutputExists when something is there."""
        if (path / ABOUT).exists():
            raise OutputExists(f"{path} holds a drill", f"Go on with it: slackincidents drill --resume {path}")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise OutputExists(f"{path} exists", "Name a new folder, or an empty one.")
        write_text(path / ABOUT, about.model_dump_json(indent=1) + "\n")
        return cls(path)

    @classmethod
    def take_up(cls, path: Path) -> tuple[DrillFolder, Kept]:
        """Read what is there; half-written last lines are cut off. Raises BadFile, OtherRun."""
        if not (path / ABOUT).is_file():
            raise BadFile(f"{path} holds no drill", "Name the folder that the drill was begun in.")
        about = _about(path / ABOUT)
        for part in path.glob(UNFINISHED):
            part.unlink(missing_ok=True)
        entries, cut = _whole(path / MOVES, Entry)
        spoken, cut_words = _whole(path / LINES, Spoken)
        words = {one.beat: one.text for one in spoken}
        return cls(path), Kept(about, tuple(entries), words, dropped=cut or cut_words)

    def note(self, entry: Entry) -> None:
        """Add a move; it is on the disk when this returns. Raises WriteFailed."""
        self._append(MOVES, entry)

    def speak(self, words: dict[str, str]) -> None:
        """Keep the words a model gave. Raises WriteFailed."""
        for beat, text in words.items():
            self._append(LINES, Spoken(beat=beat, text=text))

    def write(self, name: str, text: str) -> Path:
        """Write a file of the folder whole, over one that is there. Raises WriteFailed."""
        write_text(self.path / name, text)
        return self.path / name

    def close(self) -> None:
        """Nothing more is added."""
        for sink in self._open.values():
            sink.close()
        self._open.clear()

    def _append(self, name: str, value: Frozen) -> None:
        path = self.path / name
        try:
            sink = self._open.get(name) or self._open.setdefault(name, path.open("ab"))
            sink.write(value.model_dump_json(exclude_none=True).encode() + b"\n")
            sink.flush()
            os.fsync(sink.fileno())
        except OSError as error:
            hint = "Free space, then: slackincidents drill --resume " + str(self.path)
            raise WriteFailed(f"{path} cannot be written: {error.strerror}", hint) from None


def must_match(kept: About, now: About, path: Path) -> None:
    """Refuse to go on with a drill that would take another course now. Raises OtherRun."""
    for name, what in (
        ("skeleton_sha256", "the scenario"),
        ("library_sha256", "the library of people, services and phrases"),
        ("version", "the version of slackincidents"),
    ):
        then, today = getattr(kept, name), getattr(now, name)
        if then != today:
            short = (then[:12], today[:12]) if name.endswith("sha256") else (then, today)
            raise OtherRun(
                f"{path} cannot be taken up: {what} has changed since ({short[0]}, now {short[1]})",
                "Its moves would lead elsewhere. Put back what has changed, or begin a new drill.",
            )


def _about(path: Path) -> About:
    try:
        return About.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        if place == "drill":
            raise OtherRun(
                f"{path} holds moves of version {first.get('input')!r}, this is version 1",
                "Take it up with the slackincidents it was begun with.",
            ) from None
        raise BadFile(f"{path} is no drill: {place}: {first['msg']}", "Begin a new drill.") from None


def _whole(path: Path, kind: type[Stored]) -> tuple[list[Stored], bool]:
    """The lines of a file, and whether a half-written last one was cut off. Raises BadFile for one in the middle."""
    if not path.exists():
        return [], False
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}", "Check its permissions.") from None
    found: list[Stored] = []
    good = 0
    for number, (line, end) in enumerate(_lines(data), 1):
        try:
            if not line.endswith(b"\n"):
                break
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            if end == len(data):
                break
            reason = error.errors(include_url=False)[0]["msg"]
            raise BadFile(f"{path}: line {number} is no move: {reason}", "Begin a new drill.") from None
        good = end
    if good < len(data):
        os.truncate(path, good)
    return found, good < len(data)


def _lines(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Each line with where it ends."""
    end = 0
    for line in _split(data):
        end += len(line)
        yield line, end


def _split(data: bytes) -> list[bytes]:
    """At newlines and nothing else."""
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
