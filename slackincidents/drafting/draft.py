"""From plain words to a skeleton: asked in stages, checked after each, tried with many seeds, repaired on findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from slackincidents.chat.base import ChatModel, ChatReply, ChatRequest, Message
from slackincidents.drafting.build import assemble
from slackincidents.drafting.parts import STAGES, Parts
from slackincidents.drafting.prompts import DraftPrompts, plain
from slackincidents.drafting.review import Frame, finished, review
from slackincidents.drafting.shapes import Fault, read, shape_of
from slackincidents.drafting.trial import MOST, trial
from slackincidents.errors import BadSkeleton, CheckFailed, Declined, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.schema.base import Frozen
from slackincidents.schema.draft import Usage
from slackincidents.schema.skeleton import Skeleton

MOST_CHARACTERS = 60_000
"""Of a description; a post-mortem has a tenth of it."""

ECHO = 2_000
"""Characters of an unreadable reply that are shown to the model again."""

REFUSED = frozenset({"refusal", "content_filter"})


class Unsettled(Frozen):
    """Something the description did not say: what, what was assumed, and who assumed it."""

    what: str
    assumed: str
    by: str


class DraftedSkeleton(Frozen):
    """A skeleton that was planned, written and validated with `seeds` seeds, and what it rests on."""

    skeleton: Skeleton
    unsettled: tuple[Unsettled, ...]
    rounds: int
    usage: Usage
    seeds: int


@dataclass(frozen=True)
class _State:
    """How far a drafting is."""

    parts: Parts = field(default_factory=Parts)
    usage: Usage = field(default_factory=Usage)
    rounds: int = 0
    said: str = ""
    cut: bool = False
    faults: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)


async def draft_skeleton(
    text: str,
    *,
    model: ChatModel,
    model_name: str,
    library: Library | None = None,
    name: str | None = None,
    rounds: int = 3,
    seeds: int = 20,
) -> DraftedSkeleton:
    """Draft a skeleton from a description or a post-mortem.

    Args:
        text: what happened, in plain words.
        model: who is asked; any chat model.
        model_name: the model named in the requests.
        library: services, people, phrases and the user's own prompts; ours without one.
        name: the skeleton's id; without one the model chooses it.
        rounds: how often each stage, and the whole on trial, may be corrected.
        seeds: with how many seeds it is planned, written and validated before it is accepted.

    Raises:
        UsageError: no text, or too much of it.
        BadSkeleton: the facts still contradict each other after the last round.
        CheckFailed: incidents made from it still have findings; the answers are in its `draft`.
        ServiceFailed: the model gave no answer, or declines.
    """
    description = _described(text)
    workshop = Workshop.open(library)
    taken, people = frozenset(workshop.library.skeleton_names()), frozenset(_names(workshop))
    frame = Frame(workshop.stage.catalogue, taken, name, people)
    prompts = DraftPrompts(workshop.library, description, workshop.stage.catalogue)
    desk = _Desk(model, model_name, prompts, frame, rounds)
    state = _State()
    for stage in STAGES:
        state = await desk.settle(stage, await desk.ask(stage, state))
    return await _tried(desk, state, workshop, seeds)


def draft_scenario(
    text: str,
    *,
    model: ChatModel,
    model_name: str,
    library: Library | None = None,
    name: str | None = None,
    rounds: int = 3,
    seeds: int = 20,
) -> DraftedSkeleton:
    """The same as `draft_skeleton`, for code that does not await."""
    return run(
        draft_skeleton(text, model=model, model_name=model_name, library=library, name=name, rounds=rounds, seeds=seeds)
    )


def _described(text: str) -> str:
    description = text.strip()
    if not description:
        raise UsageError("there is no description", "Say in a sentence or more what happened.")
    if len(description) > MOST_CHARACTERS:
        raise UsageError(
            f"the description has {len(description):,} characters",
            f"Cut it to {MOST_CHARACTERS:,}: what broke, and why.",
        )
    return description


def _names(workshop: Workshop) -> Iterator[str]:
    """What anybody could be called: handles and first names."""
    for handle, persona in workshop.stage.people.items():
        yield from (handle.lower(), persona.name.split()[0].lower())


async def _tried(desk: _Desk, state: _State, workshop: Workshop, seeds: int) -> DraftedSkeleton:
    """Put the whole on trial; what is found goes back to the stage that said it."""
    for tries in range(desk.rounds + 1):
        skeleton, unused = finished(state.parts, desk.frame)
        complaints = trial(skeleton, state.parts, workshop, seeds)
        if not complaints:
            return DraftedSkeleton(
                skeleton=skeleton,
                unsettled=tuple(_unsettled(state.parts, unused)),
                rounds=state.rounds,
                usage=state.usage,
                seeds=seeds,
            )
        if tries == desk.rounds:
            raise CheckFailed(
                f"drafted skeleton {skeleton.id}: {complaints[0].text.rstrip('.')}",
                f"{tries} rounds of correction did not mend it. Say more in the description, or allow more rounds.",
                draft={name: plain(answer) for name, answer in state.parts.answers.items()},
                findings=[one.text for one in complaints],
            )
        for stage in STAGES:
            told = [one.text for one in complaints if one.stage == stage]
            if told:
                state = await desk.correct(stage, state, told)
        for stage in STAGES:
            state = await desk.settle(stage, state)
    raise AssertionError("the last try returns or raises")


def _unsettled(parts: Parts, unused: Sequence[str]) -> list[Unsettled]:
    """What the model left open, then what code filled in or left out."""
    asked = [Unsettled(what=one.what, assumed=one.assumed, by="model") for one in parts.unsettled()]
    defaults = [Unsettled(what=one.what, assumed=one.assumed, by="default") for one in assemble(parts).defaults]
    left = [Unsettled(what=f"particulars.{name}", assumed="left out: nothing uses it", by="default") for name in unused]
    return [*asked, *defaults, *left]


@dataclass(frozen=True)
class _Desk:
    """Who asks the model, and how often."""

    model: ChatModel
    model_name: str
    prompts: DraftPrompts
    frame: Frame
    rounds: int

    async def ask(self, stage: str, state: _State) -> _State:
        """Ask for a stage for the first time."""
        return await self._take(stage, state, self.prompts.ask(stage, state.parts))

    async def settle(self, stage: str, state: _State) -> _State:
        """Correct a stage until nothing is wrong with it. Raises BadSkeleton when the rounds are used up."""
        for _ in range(self.rounds):
            findings = self._findings(stage, state)
            if not findings:
                return state
            state = await self.correct(stage, state, findings)
        findings = self._findings(stage, state)
        if findings:
            more = f" (and {len(findings) - 3} more)" if len(findings) > 3 else ""
            raise BadSkeleton(
                f"the model's {stage} is still wrong after {self.rounds} rounds: {'; '.join(findings[:3])}{more}",
                "Say more in the description, allow more rounds, or use another model.",
            )
        return state

    async def correct(self, stage: str, state: _State, findings: Sequence[str]) -> _State:
        """Send findings back and put the corrected items in."""
        messages = self.prompts.revise(stage, state.parts, findings[:MOST], said=state.said or "{}", cut=state.cut)
        return await self._take(stage, replace(state, rounds=state.rounds + 1), messages)

    def _findings(self, stage: str, state: _State) -> tuple[str, ...]:
        """What is wrong with a stage; with one that has no answer, that."""
        if not state.parts.has(stage):
            return ("the reply holds no JSON object of the form asked for",)
        unsound = [fault.text for fault in state.faults.get(stage, ())]
        return (*unsound, *review(state.parts, stage, self.frame))

    async def _take(self, stage: str, state: _State, messages: tuple[Message, ...]) -> _State:
        """Ask, and take what is sound of the reply."""
        kind = STAGES[stage]
        key = hashlib.sha256(self.prompts.text.encode()).hexdigest()[:16]
        request = ChatRequest(
            model=self.model_name,
            messages=messages,
            shape=shape_of(kind),
            cache_key=f"draft-{key}",
            attempt=state.rounds,
        )
        reply = await self.model.complete(request)
        if reply.finish in REFUSED:
            raise _declined(stage, reply)
        found = read(reply.text, kind)
        parts = state.parts if found.answer is None else state.parts.with_answer(stage, found.answer)
        still = [fault for fault in state.faults.get(stage, ()) if not found.settles(fault)]
        return replace(
            state,
            parts=parts,
            usage=state.usage + reply.usage,
            said=reply.text[:ECHO],
            cut=reply.finish == "length",
            faults={**state.faults, stage: (*found.faults, *still)},
        )


def _declined(stage: str, reply: ChatReply) -> Declined:
    told = " ".join(reply.text.split())[:120]
    return Declined(
        f"the model declines to draft the {stage}" + (f": {told}" if told else ""),
        "Take out of the description what it may object to, or use another model.",
    )
