"""The lines of a journal, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from slackincidents.schema.base import Frozen
from slackincidents.schema.delivery import Delivery, Receipt, Voice

Part = tuple[int, int]
"""Index of the event and number of the part."""


class Header(Frozen):
    """What a run is; going on with another configuration is refused. `began` is in seconds since 1970."""

    act: Literal["run"] = "run"
    run: str
    began: float
    incident: str
    incident_sha256: str
    team: str
    test_channel: str
    mark: bool
    ping: bool
    channels: dict[str, str]
    indices: tuple[int, ...]
    notes: tuple[str, ...] = ()


class Trying(Frozen):
    """A message is about to leave."""

    act: Literal["trying"] = "trying"
    index: int
    part: int
    channel_id: str
    thread_ts: str | None = None
    voice: Voice
    at: float


class Stands(Frozen):
    """A message stands in the workspace. `parts` is how many the event has; `found` that a scan showed it."""

    act: Literal["stands"] = "stands"
    receipt: Receipt
    parts: int
    named: bool = True
    found: bool = False


class Absent(Frozen):
    """A message does not stand: refused, or looked for and not found. In the second case it may still come late."""

    act: Literal["absent"] = "absent"
    index: int
    part: int
    looked: bool = False


class Reacted(Frozen):
    """A reaction stands."""

    act: Literal["reacted"] = "reacted"
    index: int
    emoji: str


class Noted(Frozen):
    """Something people should know."""

    act: Literal["noted"] = "noted"
    text: str


class Deleted(Frozen):
    """A message was deleted. `extra` is one that stood twice."""

    act: Literal["deleted"] = "deleted"
    channel_id: str
    ts: str
    extra: bool = False


Line = Header | Trying | Stands | Absent | Reacted | Noted | Deleted
LINES: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="act")])


@dataclass
class Past:
    """What the lines of a journal add up to.

    `open` are the messages nobody knows about, `doubtful` those of which a second copy may come late.
    """

    header: Header | None = None
    stands: dict[Part, Stands] = field(default_factory=dict)
    open: dict[Part, Trying] = field(default_factory=dict)
    tried: dict[Part, Trying] = field(default_factory=dict)
    doubtful: set[Part] = field(default_factory=set)
    reacted: set[tuple[int, str]] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    deleted: set[tuple[str, str]] = field(default_factory=set)
    nameless: set[Voice] = field(default_factory=set)

    def add(self, line: Line) -> None:
        """Take one line in."""
        if isinstance(line, Header):
            self.header = line
        elif isinstance(line, Trying):
            self.open[line.index, line.part] = self.tried[line.index, line.part] = line
        elif isinstance(line, Absent):
            self.open.pop((line.index, line.part), None)
            if line.looked:
                self.doubtful.add((line.index, line.part))
        elif isinstance(line, Stands):
            self._stands(line)
        elif isinstance(line, Reacted):
            self.reacted.add((line.index, line.emoji))
        elif isinstance(line, Noted):
            self.notes.append(line.text)
        elif not line.extra:
            self.deleted.add((line.channel_id, line.ts))

    def _stands(self, line: Stands) -> None:
        part = (line.receipt.index, line.receipt.part)
        self.open.pop(part, None)
        self.stands[part] = line
        if not line.named:
            self.nameless.add(line.receipt.voice)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """What stands, in the order of posting."""
        return tuple(
            line.receipt
            for line in self.stands.values()
            if (line.receipt.channel_id, line.receipt.ts) not in self.deleted
        )

    def delivery(self) -> Delivery:
        """How far the run is."""
        if self.header is None:
            return Delivery(run="", incident="")
        counts: dict[int, int] = {}
        whole: dict[int, int] = {}
        for receipt in self.receipts:
            counts[receipt.index] = counts.get(receipt.index, 0) + 1
            whole[receipt.index] = self.stands[receipt.index, receipt.part].parts
        return Delivery(
            run=self.header.run,
            incident=self.header.incident,
            team=self.header.team,
            receipts=self.receipts,
            left=tuple(index for index in self.header.indices if counts.get(index, 0) < whole.get(index, 1)),
            notes=tuple(dict.fromkeys((*self.header.notes, *self.notes))),
        )
