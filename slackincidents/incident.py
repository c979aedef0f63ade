"""An incident in the hand: the record, plus saving, showing and tabulating it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Self

from slackincidents import render
from slackincidents.errors import UsageError
from slackincidents.files import write_text
from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.numbers import unshowable


class Message(Frozen):
    """One row of an incident: flat, for tables and notebooks. `at` is ISO 8601 with zone."""

    index: int
    at: str
    offset_seconds: float
    channel: str
    thread: int | None
    type: str
    user: str
    text: str
    act: str | None
    phase: str | None
    facts: tuple[str, ...]


class Incident(IncidentRecord):
    """A finished incident."""

    def save(self, path: str | Path, *, overwrite: bool = True) -> Path:
        """Write it as .json, .md, .txt or .html, by the ending of the name. Returns the path. Raises UsageError."""
        target = Path(path)
        writers = {".json": self.to_json, ".md": self.to_markdown, ".html": self.to_html, ".txt": self.to_text}
        if target.suffix not in writers:
            raise UsageError(
                f"{target}: no format for {target.suffix or 'a name without an ending'}",
                "Use .json, .md, .txt or .html.",
            )
        self._must_be_showable()
        write_text(target, writers[target.suffix](), overwrite=overwrite)
        return target

    def to_json(self) -> str:
        """The incident file: the seed's dialect with labels and provenance."""
        return self.model_dump_json(indent=2, by_alias=True, exclude_none=True, exclude_defaults=False) + "\n"

    def to_text(self) -> str:
        """A transcript for the terminal."""
        return render.to_text(self)

    def to_markdown(self) -> str:
        """A transcript in Markdown."""
        return render.to_markdown(self)

    def to_html(self) -> str:
        """One self-contained page that looks like the rooms."""
        return render.to_html(self, self.people)

    def messages(self) -> tuple[Message, ...]:
        """Every event as a flat record, in file order. Raises UsageError when one has no time."""
        self._must_be_showable()
        labels = {label.index: label for label in self.labels.messages} if self.labels else {}
        rows = []
        for index, event in enumerate(self.timeline):
            label = labels.get(index)
            rows.append(
                Message(
                    index=index,
                    at=self.time_of(event).isoformat(),
                    offset_seconds=event.offset_seconds,
                    channel=event.channel,
                    thread=event.thread_parent,
                    type=event.type,
                    user=event.speaker,
                    text=event.text,
                    act=label.act if label else None,
                    phase=label.phase if label else None,
                    facts=(*label.reveals, *label.cites) if label else (),
                )
            )
        return tuple(rows)

    @classmethod
    def of(cls, record: IncidentRecord) -> Self:
        """The same record with these methods."""
        return cls.model_validate(record.model_dump(by_alias=True))

    def _must_be_showable(self) -> None:
        if wrong := unshowable(self):
            raise UsageError(wrong, "Mend it there; slackincidents.validate tells more.")

    def __repr__(self) -> str:
        """Short: the whole of it is a long read."""
        return f"Incident({self.scenario_id!r}, {len(self.timeline)} events)"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        try:
            return render.fragment(self, self.people)
        except UsageError as error:
            return f"<p>{escape(self.scenario_id)} cannot be shown: {escape(str(error))}</p>"
