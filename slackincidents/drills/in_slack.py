"""A drill in a chat channel: one thread, the page with buttons, colleagues as personas, and a person who types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from slackincidents.clock import Clock
from slackincidents.drills import happenings as show
from slackincidents.drills import in_slack_words as words
from slackincidents.drills import sheets
from slackincidents.drills.debrief import Debrief, debrief
from slackincidents.drills.debrief.telling import details, head, summary
from slackincidents.drills.folder import DrillFolder, Entry
from slackincidents.drills.in_slack_telling import ACTIONS, Teller
from slackincidents.drills.in_slack_thread import Thread
from slackincidents.drills.lines import Hinted, Meaning, Mistyped, Ordered, Played, Quit, Show, Wait
from slackincidents.drills.session import Session
from slackincidents.drills.sight import sight
from slackincidents.drills.sitting import Sitting
from slackincidents.drills.turns import WIND_DOWN_S, News
from slackincidents.drills.wording import Wording
from slackincidents.errors import BadFile, SlackIncidentsError
from slackincidents.files import read_text, write_text
from slackincidents.schema import seat
from slackincidents.schema.base import Frozen
from slackincidents.schema.delivery import PostingOptions
from slackincidents.sinks.journal import locked
from slackincidents.sinks.live import Heard, Live, Pressed, Typed
from slackincidents.sinks.pacing import TICK

Answer = TypeVar("Answer")

FOLDER = "slack"
"""Where in the drill's folder is kept what was posted: `slackincidents unpost DRILL/slack` takes it back."""

TRAINEE = "trainee.json"
ANYBODY = (seat.Acknowledge, seat.Ignore)
"""What whoever is there may order before somebody sits in the seat."""


GOODBYE_S = 20.0
"""How long it is tried to say that the drill was stopped."""


class Trainee(Frozen):
    """Who plays: the id of a person of the workspace."""

    user: str


@dataclass(frozen=True)
class Terms:
    """How a drill is held. `speed` counts drill seconds for one of the clock; `trainee` is an id, empty for anybody."""

    options: PostingOptions
    speed: float = 1.0
    trainee: str = ""


async def hold(
    sitting: Sitting,
    drill: DrillFolder,
    wording: Wording,
    live: Live,
    clock: Clock,
    terms: Terms,
    *,
    stored: Sequence[Entry] | None = None,
    closing: Callable[[], Debrief] | None = None,
) -> tuple[str, ...]:
    """Hold a drill, or with `stored` moves go on with one, until it has ended. Returns what people should know.

    Dry unless the options say not: then nothing is called, and nothing happens. Cancelled, it says so in the thread
    and can be taken up again. `closing` makes the debrief that is posted; else one without comparison is made.

    Raises Unsafe, Denied, NotConfigured before the first message; ServiceFailed, WriteFailed on the way.
    """
    if terms.options.dry_run:
        return ("nothing was posted",)
    folder = drill.path / FOLDER
    with locked(folder):
        thread = await Thread.opened(live.workspace, sitting.session, terms.options, clock, folder)
        made = closing or (lambda: debrief(sitting.session, sitting.notes))
        teller = Teller(sitting.session, wording, drill, thread)
        await _Drill(sitting, drill, teller, thread, clock, terms, made).go(live, stored)
        return (*thread.notes, *teller.notes)


class _Drill:
    def __init__(
        self,
        sitting: Sitting,
        folder: DrillFolder,
        teller: Teller,
        thread: Thread,
        clock: Clock,
        terms: Terms,
        closing: Callable[[], Debrief],
    ) -> None:
        self._sitting = sitting
        self._session: Session = sitting.session
        self._teller = teller
        self._thread = thread
        self._clock = clock
        self._speed = terms.speed
        self._closing = closing
        self._file = folder.path / FOLDER / TRAINEE
        teller.trainee = _stored(self._file) or terms.trainee
        self._resolved: float | None = None
        self._set()

    # time

    def _set(self) -> None:
        """The drill's clock goes on from here: what was waited for the workspace does not count."""
        self._base, self._since = self._session.now, self._clock.monotonic()

    def _time(self) -> float:
        return self._base + (self._clock.monotonic() - self._since) * self._speed

    @property
    def _end(self) -> float:
        """The last moment of the drill: its limit, or some time after it was resolved."""
        end = self._sitting.turns.end
        return end if self._resolved is None else min(end, self._resolved + WIND_DOWN_S)

    @property
    def _over(self) -> bool:
        return self._sitting.ended or (self._resolved is not None and self._session.now >= self._end)

    async def go(self, live: Live, stored: Sequence[Entry] | None) -> None:
        inbox: asyncio.Queue[Heard] = asyncio.Queue()
        ready = asyncio.Event()
        ears = asyncio.create_task(live.ears.listen(inbox.put_nowait, ready.set))
        try:
            await _first(ears, ready.wait())
            await self._begin(stored)
            while not self._over:
                heard = await self._next(inbox, ears)
                await self._pass_time()
                if heard is not None:
                    await self._answer(heard)
            await self._close()
        except (asyncio.CancelledError, SlackIncidentsError):
            await self._stopped()
            raise
        finally:
            ears.cancel()
            await asyncio.gather(ears, return_exceptions=True)

    async def _begin(self, stored: Sequence[Entry] | None) -> None:
        """Up to the first page, or through what was played before, of which only what is missing is posted."""
        again = stored is not None
        self._teller.past = again
        self._teller.talk = [entry.typed for entry in stored or () if _talked(entry)]
        for news in self._sitting.again(stored or ()) if again else self._sitting.turns.begin():
            await self._tell(news)
        self._teller.past = False
        if again and not self._over and self._thread.ts:
            await self._thread.announce(f"on {self._session.now!r} {self._clock.now()!r}", "The drill goes on.")
        self._set()

    async def _next(self, inbox: asyncio.Queue[Heard], ears: asyncio.Task[None]) -> Heard | None:
        """What somebody does, or None when it is time for the drill to go on. Raises what has deafened the ears."""
        if not inbox.empty():
            return inbox.get_nowait()
        due = self._session.world.next_at
        due = self._end if due is None else min(due, self._end)
        wait = max((due - self._time()) / self._speed, TICK)
        heard = asyncio.create_task(inbox.get())
        try:
            await _first(ears, _either(heard, self._clock.sleep(wait)))
            return heard.result() if heard.done() else None
        finally:
            heard.cancel()

    async def _pass_time(self) -> None:
        """Let the drill come up to its clock, or to the first thing that is to be seen."""
        target = min(self._time(), self._end)
        while not self._session.over:
            news = self._session.step(target)
            if news:
                self._sitting.mark()
                await self._tell(news)
                self._set()
            if news or self._session.now >= target:
                return

    # what the person does

    async def _answer(self, heard: Heard) -> None:
        line = self._line(heard)
        if not line or (self._teller.trainee and heard.user != self._teller.trainee):
            return
        meaning, talk = words.meaning(line, sight(self._session))
        if self._session.chair.handle is None and not self._open_to_all(meaning):
            return
        if isinstance(meaning, Quit):
            self._sitting.end()
        elif isinstance(meaning, Mistyped | Show | Wait):
            await self._teller.whisper(self._sheet(meaning), heard.user)
        elif meaning is not None:
            await self._play(meaning, line, heard.user, talk=talk)

    def _line(self, heard: Heard) -> str:
        """What was typed or pressed in this thread, as a line; empty for what is none of ours."""
        thread = self._thread
        match heard:
            case Pressed(channel_id=place, action=action, value=run):
                return ACTIONS.get(action, "") if (place, run) == (thread.channel_id, thread.run) else ""
            case Typed(channel_id=place, thread_ts=ts, user=user, text=text):
                ours = place == thread.channel_id and ts == thread.ts and user != thread.bot
                return words.typed(text, thread.bot) if ours else ""

    def _open_to_all(self, meaning: Meaning) -> bool:
        answers = isinstance(meaning, Ordered) and isinstance(meaning.order, ANYBODY)
        return answers or isinstance(meaning, Show) or (isinstance(meaning, Quit) and bool(self._teller.trainee))

    def _sheet(self, meaning: Mistyped | Show | Wait) -> str:
        if isinstance(meaning, Show):
            return words.sheet(sheets.sheet(self._session, meaning))
        if isinstance(meaning, Wait):
            pace = "" if self._speed == 1.0 else f", {self._speed:g} times as fast as your clock"
            return f"Time runs by itself here{pace}: just wait."
        return str(meaning)

    async def _play(self, command: Played, line: str, user: str, *, talk: bool) -> None:
        why, news = self._sitting.give(command, line, live=True)
        if why is not None:
            await self._teller.whisper(f"{why[:1].upper()}{why[1:]}.", user)
            return
        if self._session.chair.handle is not None and not _stored(self._file):
            self._teller.trainee = user
            write_text(self._file, Trainee(user=user).model_dump_json() + "\n")
        if talk:
            self._teller.talk.append(line)
        await self._teller.opened(command, self._hint)
        await self._tell(news)
        self._set()

    @property
    def _hint(self) -> str:
        given = self._sitting.entries[-1].played
        return given.text if isinstance(given, Hinted) else ""

    async def _tell(self, news: News) -> None:
        if self._session.outcome == show.RESOLVED and self._resolved is None:
            self._resolved = self._session.now
        await self._teller.tell(news)

    # the end

    async def _close(self) -> None:
        self._sitting.end()
        if not self._thread.ts:
            return
        await self._thread.announce("over", self._teller.ending())
        made = self._closing()
        text = words.document((*head(made), *summary(made), *details(made)))
        await self._thread.announce("debrief", text)
        await self._thread.undress()

    async def _stopped(self) -> None:
        """Say that the drill stands still, if it can be said soon."""
        if not self._thread.ts or any(entry.ended for entry in self._sitting.entries):
            return
        text = ":pause_button: The drill stands still: whoever runs it has stopped it. It can be taken up again."
        word = asyncio.create_task(self._thread.announce(f"stopped {self._clock.now()!r}", text))
        patience = asyncio.ensure_future(self._clock.sleep(GOODBYE_S))
        await asyncio.wait({word, patience}, return_when=asyncio.FIRST_COMPLETED)
        word.cancel()
        patience.cancel()
        await asyncio.gather(word, patience, return_exceptions=True)


def _talked(entry: Entry) -> bool:
    """Whether a move was plain talk, which stands in the thread as it was typed."""
    command = entry.played
    return isinstance(command, Ordered) and isinstance(command.order, seat.Say) and command.order.text == entry.typed


def _stored(path: Path) -> str:
    """Who played when the drill was left; empty when nobody did yet."""
    if not path.exists():
        return ""
    try:
        return Trainee.model_validate_json(read_text(path)).user
    except ValueError:
        raise BadFile(f"{path} does not say who plays", "Delete it: whoever acts next plays.") from None


async def _either(one: asyncio.Task[Heard], other: Awaitable[None]) -> None:
    """Wait for whichever comes first; the other goes on or is dropped."""
    waiting = asyncio.ensure_future(other)
    try:
        await asyncio.wait({one, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


async def _first(ears: asyncio.Task[None], other: Coroutine[None, None, Answer]) -> None:
    """Wait for something, unless the ears fail before. Raises their failure."""
    waiting = asyncio.create_task(other)
    try:
        await asyncio.wait({ears, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if ears.done():
            await ears
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
