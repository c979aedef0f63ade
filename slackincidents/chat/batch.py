"""A chat model that asks in batches: half the price, a day's patience. Questions gather until nobody could ask more.

A batch is noted on disk before the endpoint is told to begin, and until its replies are kept (`batch_journal`): a run
that was killed goes on with the same batch.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.batch_journal import Journal, Sent
from slackincidents.chat.batch_pace import Pace
from slackincidents.chat.batch_seam import BatchLine, Outcome, State
from slackincidents.chat.crowd import Crowd
from slackincidents.chat.retry import PASSING, Again
from slackincidents.clock import Clock
from slackincidents.errors import Declined, Denied, Faulty, ServiceFailed, Unreachable

TURNS = 4
"""Turns of the loop granted to those who were just served, or share a reply with somebody who was."""


@dataclass
class _Question:
    request: ChatRequest
    address: str
    size: int
    reply: asyncio.Future[ChatReply]
    askers: list[asyncio.Task[object] | None] = field(default_factory=list)
    sent: int = 0


class BatchChat:
    """Answers requests in rounds. Use it in one loop, and `aclose` it there.

    A round goes out when everybody whom `crowd` knows to be at work waits, or when it is as large as a batch may be.
    While nobody says how many are at work, it goes out with what is asked in the same turn of the loop.
    """

    def __init__(
        self,
        line: BatchLine,
        journal: Journal,
        *,
        clock: Clock,
        again: Again,
        pace: Pace | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`tell` hears a sentence about every batch. Raises BadFile for a journal that makes no sense."""
        self.crowd = Crowd(self._look_soon)
        self._line = line
        self._journal = journal
        self._clock = clock
        self._again = again
        self._pace = pace or Pace()
        self._tell = tell
        self._open: dict[str, _Question] = {}
        self._queue: deque[_Question] = deque()
        self._queued_bytes = 0
        self._looking = False
        self._early: dict[str, ChatReply] = {}
        self._noted = {sent.name: sent for sent in journal.read(line.endpoint)}
        self._left = {address: sent for sent in self._noted.values() for address in sent.addresses}
        self._followed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply, a round later. Raises ServiceFailed, Denied, or WriteFailed when a batch cannot be noted."""
        address = request.address
        if (early := self._early.pop(address, None)) is not None:
            return early
        with self.crowd.waiting() as asker:
            question = self._open.get(address) or self._asked(request, address)
            question.askers.append(asker)
            return await asyncio.shield(question.reply)

    async def aclose(self) -> None:
        """Stop waiting. What is under way stays noted, for the next run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for question in self._open.values():
            question.reply.cancel()
        await self._settle()

    def _asked(self, request: ChatRequest, address: str) -> _Question:
        """A new question: to be queued, or found in a batch that an earlier run sent."""
        reply: asyncio.Future[ChatReply] = asyncio.get_running_loop().create_future()
        reply.add_done_callback(_seen)
        question = _Question(request, address, self._line.size(request), reply)
        self._open[address] = question
        left = self._left.get(address)
        if left is None:
            self._join(question)
        elif left.name not in self._followed:
            self._followed.add(left.name)
            self._begin(self._taken_up(left), left.addresses)
        return question

    def _join(self, question: _Question) -> None:
        self._queue.append(question)
        self._queued_bytes += question.size
        while len(self._queue) >= self._pace.most_questions or self._queued_bytes >= self._pace.most_bytes:
            self._send()
        self._look_soon()

    def _look_soon(self) -> None:
        """Look when those who are about to ask have asked."""
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._look, TURNS)

    def _look(self, turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(self._look, turns - 1)
            return
        self._looking = False
        while self._queue and self.crowd.all_wait:
            self._send()

    def _send(self) -> None:
        """The first questions of the queue, as many as one batch may hold; all of a batch ask one model."""
        chunk = [self._queue.popleft()]
        size, model = chunk[0].size, chunk[0].request.model
        while self._queue and len(chunk) < self._pace.most_questions:
            following = self._queue[0]
            if following.request.model != model or size + following.size > self._pace.most_bytes:
                break
            size += following.size
            chunk.append(self._queue.popleft())
        self._queued_bytes -= size
        self._begin(self._round(chunk), [question.address for question in chunk])

    def _begin(self, work: Coroutine[None, None, None], addresses: Sequence[str]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, addresses))

    def _ended(self, addresses: Sequence[str], task: asyncio.Task[None]) -> None:
        """Hand on what a round failed of to those who still wait for it."""
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        for address in addresses:
            if (question := self._open.get(address)) is not None:
                self._fail(question, error)

    async def _round(self, chunk: Sequence[_Question]) -> None:
        await self._settle()
        for question in chunk:
            question.sent += 1
        file = await self._again.do(lambda: self._line.upload([question.request for question in chunk]))
        addresses = tuple(question.address for question in chunk)
        sent = Sent(endpoint=self._line.endpoint, file=file, addresses=addresses)
        self._note(sent)
        await self._follow(sent)

    async def _taken_up(self, left: Sent) -> None:
        """Go on with what an earlier run sent."""
        try:
            await self._follow(left)
        except Declined as error:
            if left.name not in self._noted:  # it failed, and is forgotten
                raise
            hint = f"An earlier run sent it: use its key, or remove {self._journal.path(left)} to ask again."
            raise Declined(error.message, hint) from None

    async def _follow(self, sent: Sent) -> None:
        """From an uploaded file to replies handed out."""
        state = await self._begun(sent)
        if sent.batch is None:
            sent = sent.model_copy(update={"batch": state.id})
            self._note(sent)
            self._tell(f"{state.id}: {len(sent.addresses):,} questions sent")
        state = await self._waited(state)
        if state.status == "failed":
            self._forget(sent)
            hint = "Nothing of it was paid. A smaller batch (--at-once) may help where it says too much is queued."
            raise Declined(f"batch {state.id} failed: {state.why or 'the endpoint does not say why'}", hint)
        asked = [self._open[address].request for address in sent.addresses if address in self._open]
        outcomes = await self._again.do(lambda: self._line.outcomes(state, asked))
        self._hand_out(sent, state, outcomes)

    async def _begun(self, sent: Sent) -> State:
        """The batch of a file. One whose making was not seen to its end is found, so that there are never two."""

        async def found_or_made() -> State:
            return await self._line.find(sent.file) or await self._line.create(sent.file)

        batch = sent.batch
        return await self._again.do(found_or_made if batch is None else lambda: self._line.state(batch))

    async def _waited(self, state: State) -> State:
        """Look now and then until nothing more will come."""
        pause, since = self._pace.first, self._clock.monotonic()
        while not state.ended:
            if self._clock.monotonic() - since > self._pace.patience:
                why = f"batch {state.id} is still {state.status}"
                raise Unreachable(why, "It is noted; the same command goes on waiting for it.")
            await self._clock.sleep(pause)
            pause = min(self._pace.longest, 2 * pause)
            state = await self._again.do(partial(self._line.state, state.id))
        return state

    def _hand_out(self, sent: Sent, state: State, outcomes: Mapping[str, Outcome]) -> None:
        """Note what is worth coming back for, then give everybody what became of their question."""
        answered = tuple(address for address in sent.addresses if isinstance(outcomes.get(address), ChatReply))
        files = tuple(file for file in (state.input or sent.file, state.output, state.errors) if file)
        self._note(sent.model_copy(update={"ended": True, "addresses": answered, "files": files}))
        self._tell(f"{state.id}: {state.status}, {len(answered):,} of {len(sent.addresses):,} answered")
        for address in sent.addresses:
            self._left.pop(address, None)
            outcome = outcomes.get(address) or _nothing(state)
            if (question := self._open.get(address)) is not None:
                self._settle_one(question, outcome, state)
            elif isinstance(outcome, ChatReply):
                self._early[address] = outcome

    def _settle_one(self, question: _Question, outcome: Outcome, state: State) -> None:
        """A reply is handed on; what may pass is asked again in the next round."""
        if isinstance(outcome, ChatReply):
            self._close(question)
            question.reply.set_result(outcome)
        elif state.status == "cancelled":
            hint = "What it answered is kept. The same command again asks the rest in a new batch."
            self._fail(question, Declined(f"batch {state.id} was cancelled", hint))
        elif isinstance(outcome, PASSING) and question.sent < self._pace.rounds:
            self._join(question)
        else:
            self._fail(question, outcome)

    def _fail(self, question: _Question, error: BaseException) -> None:
        """Everybody gets an error of their own: a shared one would collect all their stacks."""
        own = type(error)(error.message, error.hint) if isinstance(error, ServiceFailed | Denied) else error
        self._close(question)
        question.reply.set_exception(own)

    def _close(self, question: _Question) -> None:
        del self._open[question.address]
        for asker in question.askers:
            self.crowd.served(asker)

    def _note(self, sent: Sent) -> None:
        self._journal.write(sent)
        self._noted[sent.name] = sent

    def _forget(self, sent: Sent) -> None:
        self._journal.drop(sent)
        del self._noted[sent.name]
        for address in sent.addresses:
            self._left.pop(address, None)

    async def _settle(self) -> None:
        """Forget the batches whose replies are kept by now, and remove their files there if that is wanted."""
        for sent in self._journal.settle(tuple(self._noted.values())):
            del self._noted[sent.name]
            for file in sent.files if self._pace.delete else ():
                await self._remove(file)

    async def _remove(self, file: str) -> None:
        try:
            await self._again.do(partial(self._line.delete, file))
        except (ServiceFailed, Denied) as error:
            self._tell(f"{file} is still there: {error.message}")


def _nothing(state: State) -> Faulty:
    return Faulty(f"batch {state.id} ended without a word about a question", "Try again later.")


def _seen(reply: asyncio.Future[ChatReply]) -> None:
    """Look at a failure that nobody may have waited for, so that the loop does not warn of it."""
    if not reply.cancelled():
        reply.exception()
