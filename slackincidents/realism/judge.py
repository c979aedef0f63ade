"""Blind pairs judged by a language model: how often made-up talk is taken for real, and what gives it away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from slackincidents.chat.base import ChatModel
from slackincidents.chat.opening import OpenChat, Terms, open_chat
from slackincidents.chat.recorded import Counts, Recorded
from slackincidents.clock import Clock, SystemClock
from slackincidents.errors import NotConfigured
from slackincidents.realism.base import Reading
from slackincidents.realism.judge_asking import Asking, Kinds, Question, Rendering, kinds, questions
from slackincidents.realism.judge_flatten import Flattener
from slackincidents.realism.judge_pairing import Pair, Pairing, pairs
from slackincidents.realism.judge_tally import Kinded, Outcome, outcome, tells
from slackincidents.realism.judge_verdicts import Verdict, verdicts
from slackincidents.schema.base import Frozen
from slackincidents.schema.draft import Usage
from slackincidents.seeds import Seed
from slackincidents.settings import Settings

REMEDY = (
    "Set OPENAI_API_KEY and OPENAI_MODEL, in the environment or in .env; for an endpoint of your own OPENAI_BASE_URL "
    "instead of the key. Or name a folder of recorded replies with --replies, and with --model whose they are."
)
TOO_FEW = "no pairs: both sides need a conversation with eight lines or more in one channel"


class Judgement(Frozen):
    """What a judge said about pairs of two sets. The same replies give the same value; `usage` is what they cost."""

    kind: Literal["judged"] = "judged"
    model: str
    seed: str
    prompts_sha256: str
    window: int
    samples: int
    per_call: int
    test: Outcome
    control: Outcome
    invalid: int
    wanted: int
    tells: tuple[Kinded, ...]
    usage: Usage
    verdicts: tuple[Verdict, ...]


class NotJudged(Frozen):
    """Why nobody judged, and what to do about it."""

    kind: Literal["skipped"] = "skipped"
    why: str
    remedy: str


def unheard(_counts: Counts, _warnings: tuple[str, ...]) -> None:
    """Nobody wants to know what it cost."""


@dataclass(frozen=True)
class Judging:
    """A judge as it is configured: how pairs are made, how the model is asked, where its replies are kept.

    `services` are names to be taken out of all excerpts: those of the catalogue, with their aliases.
    `model` None stands for OPENAI_MODEL. `heard` is told afterwards, however it ended, what was paid and what is odd.
    """

    prompts: Rendering
    pairing: Pairing = field(default_factory=Pairing)
    samples: int = 2
    per_call: int = 2
    temperature: float | None = None
    model: str | None = None
    replies: Path | None = None
    services: frozenset[str] = frozenset()
    terms: Terms = field(default_factory=Terms)
    clock: Clock = field(default_factory=SystemClock)
    heard: Callable[[Counts, tuple[str, ...]], None] = unheard

    def knowing(self, services: Iterable[str]) -> Judging:
        """The same, with more names to be taken out."""
        return replace(self, services=self.services | frozenset(services))

    def asking(self, model: str) -> Asking:
        """How this model is asked."""
        return Asking(model, self.samples, self.per_call, self.temperature)

    def paired(self, real: Iterable[Reading], made: Iterable[Reading], seed: Seed) -> tuple[Pair, ...]:
        """The pairs of two sets."""
        mine, theirs = list(made), list(real)
        inside = {name for reading in mine if reading.record for name in reading.record.services}
        flattener = Flattener.knowing({*self.services, *inside})
        return pairs(theirs, mine, self.pairing, seed.child("pairs"), flattener)

    async def judged(
        self,
        real: Iterable[Reading],
        made: Iterable[Reading],
        seed: Seed,
        settings: Settings | None = None,
        step: Callable[[], None] = lambda: None,
    ) -> Judgement | NotJudged:
        """Pairs made, asked and counted; NotJudged where no model can be asked. `step` is called for each answer.

        Stop it at any time: replies that came are kept, and the same call goes on from there. Raises what the chat
        raises.
        """
        paired = self.paired(real, made, seed)
        if not any(pair.kind == "test" for pair in paired):
            return NotJudged(why=TOO_FEW, remedy="Name a set of longer conversations.")
        try:
            found = settings or Settings.from_environment()
            asking = self.asking(found.model(self.model))
            async with AsyncExitStack() as stack:
                chat = await self._opened(stack, found)
                stack.callback(lambda: self.heard(chat.counts, chat.warnings))
                return await judge(paired, asking, chat, self.prompts, seed, step)
        except NotConfigured as error:
            return NotJudged(why=error.message, remedy=REMEDY)

    async def _opened(self, stack: AsyncExitStack, settings: Settings) -> OpenChat | Recorded:
        """The line to the model; without a key the recorded replies alone, where a folder of them is named."""
        try:
            return await stack.enter_async_context(
                open_chat(settings, self.terms, replies=self.replies, clock=self.clock)
            )
        except NotConfigured:
            if self.replies is None or not self.replies.is_dir():
                raise
            return Recorded(self.replies, None, clock=self.clock)


async def judge(
    paired: Sequence[Pair],
    asking: Asking,
    chat: ChatModel,
    prompts: Rendering,
    seed: Seed,
    step: Callable[[], None] = lambda: None,
) -> Judgement:
    """Ask about every pair in both orders, and count. Raises what the chat raises; answers of no use are counted."""
    known = kinds(prompts)
    asked = questions(paired, asking, prompts, seed)
    answers = await _answered(asked, _Judge(chat, known, asking.tries, step))
    found = tuple(verdict for answer in answers for verdict in answer.verdicts)
    wanted = sum(len(question.shown) for question in asked)
    return Judgement(
        model=asking.model,
        seed=seed.path,
        prompts_sha256=prompts.sha256,
        window=max((len(pair.made.lines) for pair in paired), default=0),
        samples=asking.samples,
        per_call=asking.per_call,
        test=outcome([one for one in found if one.kind == "test"]),
        control=outcome([one for one in found if one.kind == "control"]),
        invalid=wanted - len(found),
        wanted=wanted,
        tells=tells(found, known, {pair.id: pair.made.source for pair in paired}),
        usage=sum((answer.usage for answer in answers), Usage()),
        verdicts=found,
    )


@dataclass(frozen=True)
class _Answer:
    verdicts: tuple[Verdict, ...]
    usage: Usage


@dataclass(frozen=True)
class _Judge:
    """One model with the patience to ask again for what it left out."""

    chat: ChatModel
    known: Kinds
    tries: int
    step: Callable[[], None]

    async def answer(self, question: Question) -> _Answer:
        """Its verdicts; asked again as long as one is missing, at most `tries` times. What came first stands."""
        found: dict[str, Verdict] = {}
        usage = Usage()
        for attempt in range(self.tries):
            reply = await self.chat.complete(question.again(attempt))
            usage += reply.usage
            for verdict in verdicts(reply.text, question, self.known):
                found.setdefault(verdict.pair, verdict)
            if len(found) == len(question.shown):
                break
        self.step()
        return _Answer(tuple(found[one.pair.id] for one in question.shown if one.pair.id in found), usage)


async def _answered(asked: Sequence[Question], judge_: _Judge) -> list[_Answer]:
    """All answers in the order of the questions. When one fails, the others are called off, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(judge_.answer(question)) for question in asked]
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    return [task.result() for task in tasks]


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first plain error of a group."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
