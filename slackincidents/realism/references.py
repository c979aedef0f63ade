"""Real chat that we may hold ourselves against: the texts under evals/references/texts/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from slackincidents.errors import BadFile, UnknownName
from slackincidents.files import read_text
from slackincidents.library import data_root
from slackincidents.realism.bands import Bands
from slackincidents.realism.bands import load as load_bands
from slackincidents.realism.base import Reading
from slackincidents.realism.conversation import Conversation, Line, names_of
from slackincidents.schema.base import Figure, Frozen

FOLDER = "evals/references/texts"
BANDS = "evals/references/bands.json"


ALL = "real"
"""The name of all references together: the bands, and every text that kept its casing and its seconds."""


class ReferenceLine(Frozen):
    """One message. `at` is in seconds from the first line; `answers` the place of the line it answers."""

    at: Figure | None = None
    speaker: str
    text: str
    answers: int | None = None


class ReferenceTalk(Frozen):
    """One real conversation. `flattened` texts have lost casing, closing marks and links."""

    name: str
    source: str
    licence: str
    resolution: Literal["second", "minute", "none"] = "second"
    flattened: bool = False
    lines: tuple[ReferenceLine, ...]

    @property
    def conversation(self) -> Conversation:
        """The same for the measures. Where a time is unknown, lines count as a minute apart."""
        times = [line.at for line in self.lines if line.at is not None]
        spaced = times if len(times) == len(self.lines) else [60.0 * place for place in range(len(self.lines))]
        lines = tuple(
            Line(float(at), line.speaker, line.text, answers=line.answers)
            for at, line in zip(spaced, self.lines, strict=True)
        )
        speakers = names_of([line.speaker for line in lines])
        return Conversation(self.name, lines, speakers, timed=self.resolution == "second")

    @property
    def whole(self) -> bool:
        """Whether casing and seconds are as they were typed."""
        return not self.flattened and self.resolution == "second"


@dataclass(frozen=True)
class Reference:
    """What a set can be held against: bands, texts, or both."""

    name: str
    bands: Bands | None
    readings: Callable[[], Iterator[Reading]] | None


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The names `open_reference` knows: ``real`` and one for each text file."""
    return (ALL, *_sources(_folder(folder)))


def open_reference(name: str = ALL, folder: Path | None = None) -> Reference:
    """One reference by name. Raises UnknownName."""
    _known(name, names(folder))
    if name == ALL:
        return Reference(name, load_bands(data_root() / BANDS), partial(_readings, None, folder))
    return Reference(name, None, partial(_readings, (name,), folder))


def load(chosen: Sequence[str] | None = None, *, folder: Path | None = None) -> Iterator[ReferenceTalk]:
    """The conversations of the sources named; without names, every one that is whole.

    Raises UnknownName for a source that is not there, BadFile naming file, line and remedy.
    """
    where = _folder(folder)
    known = _sources(where)
    for name in chosen or ():
        _known(name, known)
    for name in known if chosen is None else chosen:
        yield from (talk for talk in _read(where / f"{name}.jsonl") if chosen is not None or talk.whole)


def conversations(chosen: Sequence[str] | None = None, *, folder: Path | None = None) -> tuple[Conversation, ...]:
    """The same for the measures."""
    return tuple(talk.conversation for talk in load(chosen, folder=folder))


def _readings(chosen: Sequence[str] | None, folder: Path | None) -> Iterator[Reading]:
    return (Reading(talk.name, talk.conversation) for talk in load(chosen, folder=folder))


def _sources(where: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in where.glob("*.jsonl")))


def _known(name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise UnknownName("reference", name, known, f"one of {', '.join(known)}")


def _folder(folder: Path | None) -> Path:
    return folder or data_root() / FOLDER


def _read(path: Path) -> Iterator[ReferenceTalk]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        try:
            yield ReferenceTalk.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "the whole line"
            raise BadFile(f"{path}:{number}: {place}: {first['msg']}", "Mend the line, or take it out.") from None
