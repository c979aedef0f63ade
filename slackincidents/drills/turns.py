"""How long a command takes where time stands while the person thinks: until what it set off can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from slackincidents.drills import happenings as show
from slackincidents.drills.happenings import Happening
from slackincidents.drills.lines import Gaze, Ordered, Played, Wait
from slackincidents.drills.session import Session
from slackincidents.schema import seat
from slackincidents.schema.plan import INCIDENT_BOT, MONITOR

News = tuple[Happening, ...]
Seen = Callable[[Happening], bool]

INTERRUPTS = (show.Rang, show.Expected, show.Objected, show.FiredAgain, show.Over)
"""What ends a wait: somebody wants something of the seat, or something is due."""

STOPS = (show.Rang, show.Objected, show.FiredAgain, show.Over)
"""What breaks off the waiting for an action's effect; questions do not."""

GLANCE_S = 60.0
"""What looking costs where there is nothing to see."""

ACK_S, OWN_S, LINGER_S, REPLY_S, CALL_S, ALL_CLEAR_S = 30.0, 90.0, 10.0, 60.0, 120.0, 100.0
SEARCH_S, ACTION_S, IDLE_S = 3600.0, 7200.0, 600.0
STEP_S = 15.0
WIND_DOWN_S = 900.0
"""How long the thanks and to-dos after a resolution may take."""


class Turns:
    """One drill's time, moved by commands. `end` is the moment (seconds) that no step goes beyond."""

    def __init__(self, session: Session, limit_s: float) -> None:
        """Time goes on for at most `limit_s` seconds after the first event."""
        self.session = session
        self._limit = limit_s
        self._sought: list[str] = []

    @property
    def end(self) -> float:
        """The last moment of the drill."""
        beats = self.session.world.beats
        return (beats[0].at if beats else 0.0) + self._limit

    @property
    def over(self) -> bool:
        """True when the drill has ended, or its time is up."""
        return self.session.over or (bool(self.session.world.beats) and self.session.now >= self.end)

    def begin(self) -> Iterator[News]:
        """From the first failure to the first page."""
        yield from self._until(lambda one: isinstance(one, show.Rang), self._limit)

    def note(self, command: Played) -> None:
        """A command that has been given: what is looked for counts as being under way."""
        if isinstance(command, Gaze) and command.clue is not None:
            self._sought.append(command.clue)

    def settle(self, command: Played, at_once: News = ()) -> Iterator[News]:
        """Let pass what a command takes, which has been given and noted already and brought `at_once`."""
        match command:
            case Wait(done=True):
                yield from self._done()
            case Wait(seconds=None):
                yield from self._idle()
            case Wait(seconds=float(seconds)):
                yield from self.pass_by(seconds)
            case Gaze(clue=None):
                yield from self.pass_by(GLANCE_S)
            case Gaze(clue=str(clue)):
                yield from self._search(clue)
            case Ordered(order=order):
                yield from self._after(order, at_once)
        if self.session.outcome == show.RESOLVED:
            yield from self._until(lambda one: isinstance(one, show.Over), WIND_DOWN_S)

    def pass_by(self, seconds: float) -> Iterator[News]:
        """Let so many seconds pass, whatever happens."""
        yield from self._until(lambda one: isinstance(one, show.Over), seconds)

    def run_out(self) -> Iterator[News]:
        """Nobody types any more: pages ring out, and what is under way takes effect."""
        session = self.session
        if session.me is None:
            yield from self._until(lambda one: isinstance(one, show.Over), self.end - session.now)
            return
        while session.world.trouble.acting and not self.over and not session.world.is_fixed():
            before = session.now
            yield from self._until(lambda one: isinstance(one, show.Took), ACTION_S)
            if session.now == before:
                return
        if session.world.is_fixed() and session.outcome is None:
            yield from self._verified()

    def _verified(self) -> Iterator[News]:
        """Until the recovery has held for a while."""
        session = self.session
        last = min(session.now + ACTION_S, self.end)
        while not session.world.trouble.confirmed and session.now < last and not session.over:
            yield session.step(min(session.now + STEP_S, last))

    def _search(self, clue: str) -> Iterator[News]:
        world = self.session.world
        yield from self._until(
            lambda one: _calls(one) or (isinstance(one, show.Found) and one.clue == clue),
            SEARCH_S,
            lambda: f"looking:{clue}" not in world.used,
        )

    def _idle(self) -> Iterator[News]:
        """Until what is under way is done, or somebody wants something; else until somebody says something."""
        session = self.session
        busy = bool(session.world.trouble.acting or self.searching)
        done = (show.Found, show.Took) if busy else (show.Found, show.Took, show.Said)
        yield from self._until(
            lambda one: isinstance(one, INTERRUPTS) or (isinstance(one, done) and not self._own(one)),
            ACTION_S if busy else IDLE_S,
        )

    @property
    def searching(self) -> tuple[str, ...]:
        """The clues that the seat is still looking for."""
        finds = self.session.me.found if self.session.me else set[str]()
        used = self.session.world.used
        return tuple(c for c in self._sought if f"looking:{c}" in used and f"clue:{c}" not in finds)

    def _done(self) -> Iterator[News]:
        """Until nothing is under way any more."""
        session = self.session
        last = min(session.now + ACTION_S, self.end)
        while (session.world.trouble.acting or self.searching) and session.now < last and not session.over:
            yield session.step(min(session.now + STEP_S, last))

    def _after(self, order: seat.Order, at_once: News) -> Iterator[News]:
        match order:
            case seat.Acknowledge():
                yield from self._until(self._own, ACK_S)
            case seat.Ignore():
                yield from self._heard(at_once, lambda one: isinstance(one, show.Rang | show.Over), OWN_S)
            case seat.Attempt():
                yield from self._attempt()
            case seat.Say() | seat.Ask() | seat.Guess() | seat.Chat():
                yield from self._heard(at_once, self._own, OWN_S)
                yield from self._until(lambda one: isinstance(one, INTERRUPTS) or self._reply(one), REPLY_S)
            case seat.CallIn() | seat.HandOver():
                yield from self._heard(at_once, self._own, OWN_S)
                yield from self._until(self._reply, CALL_S)
            case seat.Resolve():
                yield from self._heard(at_once, self._own, OWN_S)
                if self.session.outcome is None:
                    yield from self._until(lambda one: isinstance(one, show.FiredAgain | show.Over), ALL_CLEAR_S)
            case seat.Look() | seat.React():
                return
            case _:
                yield from self._heard(at_once, self._own, OWN_S)
                yield from self._until(lambda one: isinstance(one, INTERRUPTS), LINGER_S)

    def _attempt(self) -> Iterator[News]:
        world = self.session.world
        yield from self._until(
            lambda one: isinstance(one, (*STOPS, show.Took)), ACTION_S, lambda: world.trouble.acting is None
        )

    def _heard(self, at_once: News, wanted: Seen, seconds: float) -> Iterator[News]:
        if not any(wanted(one) for one in at_once):
            yield from self._until(lambda one: wanted(one) or isinstance(one, INTERRUPTS), seconds)

    def _until(self, done: Seen, seconds: float, stop: Callable[[], bool] = lambda: False) -> Iterator[News]:
        session = self.session
        last = session.now + seconds
        while session.now < min(last, self.end) and not session.over and not stop():
            news = session.step(min(last, self.end))
            yield news
            if any(done(one) for one in news):
                return

    def _own(self, one: Happening) -> bool:
        return isinstance(one, show.Said) and one.beat.speaker == self.session.chair.handle

    def _reply(self, one: Happening) -> bool:
        own = (self.session.chair.handle, MONITOR, INCIDENT_BOT)
        return isinstance(one, show.Said) and one.beat.speaker not in own


def _calls(one: Happening) -> bool:
    """True for what interrupts work: a page, a question, an objection, a relapse. A duty that is due can wait."""
    return isinstance(one, INTERRUPTS) and not (isinstance(one, show.Expected) and one.asked is None)
