"""One run: a queue for each channel, side by side; the journal before and after each call; a look when in doubt."""

from __future__ import annotations

import asyncio
from functools import partial

from slackincidents.clock import Clock
from slackincidents.errors import (
    Busy,
    Declined,
    Denied,
    Faulty,
    ServiceFailed,
    SlackIncidentsError,
    Unreachable,
    UsageError,
)
from slackincidents.schema.delivery import (
    Delivery,
    Outgoing,
    Posted,
    PostingOptions,
    Progress,
    Receipt,
    State,
    Step,
    Voice,
)
from slackincidents.sinks.base import Observer
from slackincidents.sinks.journal import Journal
from slackincidents.sinks.lines import Absent, Deleted, Header, Noted, Reacted, Stands, Trying
from slackincidents.sinks.looking import LOOK_BACK, look
from slackincidents.sinks.messages import Letterhead, Part, parts
from slackincidents.sinks.pacing import REACTION_GAP, Course, Pacer, Patience, nap, persist
from slackincidents.sinks.resolve import CLICK, NAMELESS, Bots, Place
from slackincidents.sinks.together import finished, gathered

SETTLE = 3.0
"""Seconds a message is given to arrive before somebody looks whether it did."""


class Run:
    """The posting of one incident, from where its journal stands to the end."""

    def __init__(
        self,
        work: tuple[Step, ...],
        header: Header,
        place: Place,
        bots: Bots,
        journal: Journal,
        clock: Clock,
        options: PostingOptions,
        observer: Observer,
        pacer: Pacer,
    ) -> None:
        """Everything is resolved and the journal has its header."""
        self._work = work
        self._header = header
        self._place = place
        self._bots = bots
        self._journal = journal
        self._clock = clock
        self._options = options
        self._observer = observer
        self._pacer = pacer
        self._parts = {step.index: parts(step, place.live) for step in work}
        self._standing = {step.index: asyncio.Event() for step in work}
        self._reactions: asyncio.Queue[Step | None] = asyncio.Queue()
        self._last: Step | None = None
        left = [step for step in work if not self._whole(step)]
        self._course = Course(clock, options.speed, left[0].at) if options.realtime and left else None

    async def go(self) -> Delivery:
        """Post what is left. Raises the first error of ours; what is under way is finished first."""
        for step in self._work:
            if self._whole(step):
                self._done(step)
        queues: dict[str, list[Step]] = {}
        for step in self._work:
            queues.setdefault(self._place.ids[step.channel], []).append(step)
        self._tell("waiting")
        try:
            await gathered([self._all_posts(queues), self._react()])
            await self._tidy()
        except SlackIncidentsError:
            self._tell("stopped")
            raise
        self._tell("done")
        return self._journal.past.delivery()

    async def _all_posts(self, queues: dict[str, list[Step]]) -> None:
        await gathered([self._queue(steps) for steps in queues.values()])
        self._reactions.put_nowait(None)

    async def _queue(self, queue: list[Step]) -> None:
        """Everything for one channel, in order."""
        for step in queue:
            if self._standing[step.index].is_set():
                continue
            for before in step.after:
                await self._standing[before].wait()
            if self._course is not None:
                await self._course.until(step.at)
            for part, made in enumerate(self._parts[step.index]):
                if (step.index, part) not in self._journal.past.stands:
                    await self._stand(step, part, made)
            self._last = step
            self._done(step)
            self._tell("waiting")

    def _whole(self, step: Step) -> bool:
        stands = self._journal.past.stands
        return all((step.index, part) in stands for part in range(len(self._parts[step.index])))

    def _done(self, step: Step) -> None:
        self._standing[step.index].set()
        if self._place.reacts and any((step.index, one) not in self._journal.past.reacted for one in step.reactions):
            self._reactions.put_nowait(step)

    async def _stand(self, step: Step, part: int, made: Part) -> None:
        """See to it that one message stands, once."""
        left_open = self._journal.past.open.get((step.index, part))
        if left_open is not None:
            await nap(self._clock, min(SETTLE, max(0.0, left_open.at + SETTLE - self._clock.now())))
            if await self._found(step, left_open):
                return None
        patience = Patience(self._clock)
        while True:
            try:
                return await self._attempt(step, part, made)
            except ServiceFailed as error:
                wait = patience.delay(error)
                if isinstance(error, Busy):
                    self._tell("limited", note=f"asked to wait {wait:.0f} s")
                    self._pacer.pause(wait)
                    continue
            await nap(self._clock, max(wait, SETTLE))
            if await self._found(step, self._journal.past.tried[step.index, part]):
                return None

    async def _attempt(self, step: Step, part: int, made: Part) -> None:
        thread_ts = None
        if step.parent is not None:
            thread_ts = self._journal.past.stands[step.parent, 0].receipt.ts
        async with self._pacer.slot(self._place.ids[step.channel]):
            self._tell("posting")
            await finished(self._call(step, part, self._letterhead().message(step, part, made, thread_ts)))

    async def _call(self, step: Step, part: int, message: Outgoing) -> None:
        """The one call that must not be made twice, between two lines of the journal."""
        voice = self._bots.voice(step.voice)
        self._journal.write(
            Trying(
                index=step.index,
                part=part,
                channel_id=message.channel_id,
                thread_ts=message.thread_ts,
                voice=voice,
                at=self._clock.now(),
            )
        )
        try:
            posted = await self._bots.of(voice).post(message)
        except (UsageError, Busy) as error:
            self._refused(step, part, error)
            raise
        except ServiceFailed as error:
            if not _ambiguous(error):
                self._refused(step, part, error)
            raise
        receipt = Receipt(index=step.index, part=part, channel_id=message.channel_id, ts=posted.ts, voice=voice)
        self._note_name(message, posted)
        self._journal.write(Stands(receipt=receipt, parts=len(self._parts[step.index]), named=posted.named))

    def _refused(self, step: Step, part: int, error: SlackIncidentsError) -> None:
        self._journal.write(Absent(index=step.index, part=part))
        error.message = f"event {step.index} in #{step.channel}: {error.message}"

    async def _found(self, step: Step, trying: Trying) -> bool:
        """Look whether a message arrived although nobody said so."""
        self._tell("checking")
        key = (trying.index, trying.part)
        copies = await look(self._bots.people, self._clock, self._header, trying, self._before(key, trying))
        if not copies:
            self._journal.write(Absent(index=trying.index, part=trying.part, looked=True))
            return False
        receipt = Receipt(
            index=trying.index, part=trying.part, channel_id=trying.channel_id, ts=copies[0], voice=trying.voice
        )
        self._journal.write(Stands(receipt=receipt, parts=len(self._parts[step.index]), found=True))
        return True

    def _before(self, key: tuple[int, int], trying: Trying) -> str:
        """The ts from which on a message must stand: that of the one before it in the channel."""
        before = ""
        for other, line in self._journal.past.stands.items():
            if other == key:
                break
            if line.receipt.channel_id == trying.channel_id:
                before = max(before, line.receipt.ts)
        return before or f"{max(0.0, trying.at - LOOK_BACK):017.6f}"

    async def _tidy(self) -> None:
        """Delete second copies that came late, after somebody looked and did not find the first."""
        doubtful = sorted(key for key in self._journal.past.doubtful if key[0] in self._parts)
        if doubtful:
            await nap(self._clock, SETTLE)
        for key in doubtful:
            trying, kept = self._journal.past.tried[key], self._journal.past.stands[key].receipt
            copies = await look(self._bots.people, self._clock, self._header, trying, self._before(key, trying))
            for ts in copies:
                if ts == kept.ts:
                    continue
                await persist(partial(self._bots.of(kept.voice).delete, kept.channel_id, ts), self._clock)
                self._journal.write(Deleted(channel_id=kept.channel_id, ts=ts, extra=True))

    async def _react(self) -> None:
        """Put the reactions under what stands, beside the posting."""
        refused = False
        while (step := await self._reactions.get()) is not None:
            for emoji in step.reactions:
                if refused or (step.index, emoji) in self._journal.past.reacted:
                    continue
                try:
                    await self._put(step, emoji)
                except (Declined, Denied) as error:
                    refused = isinstance(error, Denied)
                    self._journal.write(Noted(text=f"no :{emoji}: under event {step.index}: {error.message}"))
                await nap(self._clock, REACTION_GAP)

    async def _put(self, step: Step, emoji: str) -> None:
        receipt = self._journal.past.stands[step.index, 0].receipt
        await persist(partial(self._bots.people.react, receipt.channel_id, receipt.ts, emoji), self._clock)
        self._journal.write(Reacted(index=step.index, emoji=emoji))

    def _letterhead(self) -> Letterhead:
        voices: frozenset[Voice] = frozenset(("people", "alerts"))
        return Letterhead(
            incident=self._header.incident,
            run=self._header.run,
            place=self._place,
            options=self._options,
            nameless=(voices - self._place.named) | self._journal.past.nameless,
            two_bots=self._bots.alerts is not None,
        )

    def _note_name(self, message: Outgoing, posted: Posted) -> None:
        if message.username and not posted.named:
            told = f"{NAMELESS} {CLICK}"
            if told not in self._journal.past.notes:
                self._journal.write(Noted(text=told))

    def _tell(self, state: State, note: str = "") -> None:
        following = next((step for step in self._work if not self._standing[step.index].is_set()), None)
        due = None
        if following is not None and self._course is not None:
            due = self._clock.now() + max(0.0, self._course.left(following.at))
        self._observer.progress(
            Progress(
                incident=self._header.incident,
                state=state,
                posted=sum(self._standing[step.index].is_set() for step in self._work),
                total=len(self._work),
                last=self._last,
                following=following,
                due=due,
                note=note,
            )
        )


def _ambiguous(error: ServiceFailed) -> bool:
    return isinstance(error, Unreachable | Faulty)
