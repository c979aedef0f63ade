"""The files of an export, from a ZIP or a folder. Nothing is unpacked to disk, nothing is read beyond its limit."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from slackincidents.errors import BadFile
from slackincidents.files import MOST_BYTES, read_text

DAY = re.compile(r"(?P<folder>[^/]+)/(?P<day>\d{4}-\d{2}-\d{2})\.json")
ROOTS = (
    "channels.json",
    "groups.json",
    "dms.json",
    "mpims.json",
    "users.json",
    "slackincidents.json",
    "answer_key.json",
)
CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How much of a stranger's archive is read: entries, bytes of one file unpacked, bytes of all of them."""

    entries: int = 200_000
    one: int = MOST_BYTES
    all: int = 20 * MOST_BYTES


class Source(Protocol):
    """Where the JSON files of an export come from."""

    path: Path

    def days(self) -> tuple[tuple[str, str], ...]:
        """Folder and file name of every day, sorted."""
        ...

    def read(self, name: str) -> str | None:
        """The text of a file, None where there is none. Raises BadFile."""
        ...


class Budget:
    """Counts what has been read, and refuses what is too much."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self._spent = 0

    def entries(self, count: int) -> None:
        """Raises BadFile when there are too many files."""
        if count > self.limits.entries:
            hint = f"At most {self.limits.entries} are read; take the channels you need."
            raise BadFile(f"{self.path} has {count} files", hint)

    def spend(self, name: str, size: int) -> None:
        """Raises BadFile when one file, or all of them together, are too large."""
        self._spent += size
        if size > self.limits.one:
            hint = f"One file of an export has at most {_mib(self.limits.one)}."
            raise BadFile(f"{self.path}: {name} is too large", hint)
        if self._spent > self.limits.all:
            hint = "Take the channels you need into a smaller one."
            raise BadFile(f"{self.path} unpacks to more than {_mib(self.limits.all)}", hint)


class Folder:
    """An unpacked export. Links that lead out of it are refused."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._home = path.resolve()
        self._budget = Budget(path, limits)
        try:
            self._names = tuple(sorted(self._walk()))
        except OSError as error:
            raise BadFile(f"{path} cannot be read: {error.strerror}", "Check its permissions.") from None

    def days(self) -> tuple[tuple[str, str], ...]:
        """Folder and file name of every day."""
        return _days(self._names)

    def read(self, name: str) -> str | None:
        """The text of a file in it."""
        if name not in self._names:
            return None
        path = self.path / name
        if not path.resolve().is_relative_to(self._home):
            raise BadFile(f"{path} leads out of the export", "Put the file itself there instead of a link.")
        text = read_text(path, most_bytes=self._budget.limits.one)
        self._budget.spend(name, len(text.encode()))
        return text

    def _walk(self) -> Iterator[str]:
        count = 0
        for entry in self.path.iterdir():
            below = [f"{entry.name}/{path.name}" for path in entry.iterdir()] if entry.is_dir() else [entry.name]
            count += len(below)
            self._budget.entries(count)
            yield from below


class Zip:
    """An export as Slack sends it. Raises BadFile for what is no ZIP, or not a harmless one."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._budget = Budget(path, limits)
        with _clear(path):
            self._archive = zipfile.ZipFile(path)
            self._members = _members(path, self._archive, self._budget)
        self._prefix = _prefix(self._members)

    def days(self) -> tuple[tuple[str, str], ...]:
        """Folder and file name of every day."""
        inner = (name.removeprefix(self._prefix) for name in self._members if name.startswith(self._prefix))
        return _days(tuple(sorted(inner)))

    def read(self, name: str) -> str | None:
        """The text of a member."""
        member = self._members.get(self._prefix + name)
        if member is None:
            return None
        self._budget.spend(name, member.file_size)
        with _clear(self.path, name):
            data = self._unpacked(member)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadFile(f"{self.path}: {name} is not UTF-8 text", "Export it again.") from None

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        """The member's bytes; a head that lies about their number is found out before they are all there."""
        data = bytearray()
        with self._archive.open(member) as source:
            while chunk := source.read(CHUNK):
                data += chunk
                if len(data) > member.file_size:
                    raise zipfile.BadZipFile("a file is larger than it says")
        return bytes(data)


def open_source(path: Path, limits: Limits) -> Source:
    """The files at a path. Raises BadFile when it can be read as neither."""
    return Folder(path, limits) if path.is_dir() else Zip(path, limits)


def _members(path: Path, archive: zipfile.ZipFile, budget: Budget) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    infos = archive.infolist()
    budget.entries(len(infos))
    for info in infos:
        name = info.filename
        if name.startswith("/") or "\\" in info.orig_filename or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise BadFile(f"{path}: {name!r} leads out of the archive", "Do not trust this file; export it again.")
        if name in found:
            raise BadFile(f"{path}: {name!r} is in it twice", "Export it again.")
        if info.flag_bits & 1:
            raise BadFile(f"{path}: {name!r} is encrypted", "Unpack it with its password, and name the folder.")
        found[name] = info
    return found


def _prefix(members: dict[str, zipfile.ZipInfo]) -> str:
    """The one folder that holds everything, where somebody has packed an export again."""
    if any(name in members for name in ROOTS):
        return ""
    heads = {name.split("/")[0] + "/" for name in members if name.split("/", 1)[-1] in ROOTS}
    return heads.pop() if len(heads) == 1 else ""


def _days(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((match["folder"], name) for name in names if (match := DAY.fullmatch(name)))


@contextmanager
def _clear(path: Path, name: str = "") -> Iterator[None]:
    """Every way in which a ZIP can be broken, as one BadFile."""
    place = f"{path}: {name}" if name else str(path)
    try:
        yield
    except FileNotFoundError:
        raise BadFile(f"{path} does not exist", "Check the path.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadFile(f"{place} cannot be unpacked: {error}", "Download or export it again.") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile(f"{place} cannot be read: {reason}", "Check the path and its permissions.") from None


def _mib(size: int) -> str:
    return f"{size / 2**20:.3g} MiB"
