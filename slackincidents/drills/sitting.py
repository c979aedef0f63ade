"""One sitting of a drill: what is typed is done, stored before it is seen, and can be taken up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackincidents.drills import sheets
from slackincidents.drills.debrief import Glance, Hint, Notes
from slackincidents.drills.folder import DrillFolder, Entry
from slackincidents.drills.lines import Gaze, Hinted, Opened, Ordered, Played
from slackincidents.drills.session import Session
from slackincidents.drills.turns import News, Turns
from slackincidents.errors import OtherRun
from slackincidents.schema import seat
from slackincidents.schema.acts import Act

BEFORE = "@"
"""What stands for a script's waiting before a line."""

INPUT_ENDED = "(input ended)"


class Sitting:
    """A session, its time and its folder. Prints nothing."""

    def __init__(self, session: Session, folder: DrillFolder, limit_s: float, played_at: str | None = None) -> None:
        """A drill in which nothing has happened yet."""
        self.session = session
        self.folder = folder
        self.turns = Turns(session, limit_s)
        self.entries: list[Entry] = []
        self._played_at = played_at
        self._last: News = ()

    @property
    def ended(self) -> bool:
        """True when somebody ended it, it is over, or its time is up."""
        return self.turns.over or any(entry.ended for entry in self.entries)

    def give(
        self, command: Played, typed: str, line: int | None = None, *, live: bool = False
    ) -> tuple[str | None, News]:
        """Do what was typed, now: why it cannot be done, or None and what comes of it at once."""
        why: str | None = None
        news: News = ()
        at = self.session.now
        command = _hinted(self.session, command)
        order = _order(command)
        if order is not None:
            why, news = self.session.order(order)
        if why is None:
            self.turns.note(command)
            clean = typed.encode("utf-8", "replace").decode("utf-8")
            self._note(Entry(at=at, typed=clean, line=line, played=command, live=live))
        return why, news

    def settle(self, command: Played, at_once: News = ()) -> Iterator[News]:
        """Let pass what a command takes; at its end the clock is stored."""
        yield from self.turns.settle(command, at_once)
        self.mark()

    def mark(self) -> None:
        """Store what the clock shows."""
        self._note(Entry(at=self.session.now))

    def end(self) -> None:
        """The drill ends here; nothing more is done in it."""
        if not any(entry.ended for entry in self.entries):
            self._note(Entry(at=self.session.now, ended=True))

    def input_ended(self) -> Iterator[News]:
        """Nothing more will be typed: what is under way takes effect, and what is fixed gets its all-clear."""
        yield from self.turns.run_out()
        if self.session.world.is_fixed() and self.session.outcome is None and not self.turns.over:
            cue = self.session.cue
            waited = cue is not None and cue.line.act is Act.RESOLVE
            command = Ordered(order=seat.Take() if waited else seat.Resolve())
            why, news = self.give(command, INPUT_ENDED)
            yield news
            if why is None:
                yield from self.settle(command, news)
        self.end()

    def again(self, stored: Sequence[Entry]) -> Iterator[News]:
        """Play stored moves, and bring a last one that was cut short to its end.

        Raises OtherRun when a move cannot be made any more.
        """
        yield from self.replayed(stored)
        yield from self.completed()

    def replayed(self, stored: Sequence[Entry]) -> Iterator[News]:
        """Play stored moves; nothing is written. Raises OtherRun when one cannot be made any more."""
        yield from self.turns.begin()
        for entry in stored:
            while self.session.now < entry.at:
                yield self.session.step(entry.at)
            self.entries.append(entry)
            if entry.played is not None:
                self.turns.note(entry.played)
                self._last = self._repeated(entry, entry.played)
                yield self._last

    def completed(self) -> Iterator[News]:
        """The rest of the last move that was played again, where it was cut short."""
        last = self.entries[-1] if self.entries else None
        if last is not None and last.played is not None and not last.live:
            yield from self.settle(last.played, self._last)

    def _repeated(self, entry: Entry, command: Played) -> News:
        order = _order(command)
        why, news = self.session.order(order) if order is not None else (None, ())
        if why is not None:
            raise OtherRun(
                f"{self.folder.path}: {entry.typed!r} cannot be done again: {why}",
                "The simulation has changed since. Begin a new drill.",
            )
        return news

    @property
    def notes(self) -> Notes:
        """What the session itself does not know, for the debrief."""
        played = [(entry.at, entry.played) for entry in self.entries if entry.played is not None]
        return Notes(
            hints=tuple(Hint(at=at, text=one.text) for at, one in played if isinstance(one, Hinted)),
            runbook=tuple(at for at, one in played if isinstance(one, Opened)),
            glances=tuple(
                Glance(at=at, where=one.where, service=one.service, clue=one.clue)
                for at, one in played
                if isinstance(one, Gaze)
            ),
            played_at=self._played_at,
        )

    def _note(self, entry: Entry) -> None:
        self.folder.note(entry)
        self.entries.append(entry)


def _order(command: Played) -> seat.Order | None:
    """What a command orders, if anything."""
    match command:
        case Ordered(order=order):
            return order
        case Gaze(clue=str(clue)):
            return seat.Look(clue=clue)
        case _:
            return None


def _hinted(session: Session, command: Played) -> Played:
    """A hint with what it says, so that it is stored as it was given."""
    return Hinted(text=sheets.hint(session)) if isinstance(command, Hinted) else command
