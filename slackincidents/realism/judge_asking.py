"""What a judge is asked: few pairs a call, each pair in both orders, several times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from slackincidents.chat.base import ChatRequest, Message, Shape
from slackincidents.chat.tokens import estimate_request
from slackincidents.errors import BadFile
from slackincidents.realism.judge_pairing import Excerpt, Pair
from slackincidents.schema.base import Frozen
from slackincidents.seeds import Seed

LARGEST_SEED = 2**31

OTHER = "other"
"""The kind of a reason that names none of the list."""

ANSWER_TOKENS = 220
"""What a verdict with its reasons takes, about."""


class Rendering(Protocol):
    """Templates by name, as the library of prompts gives them."""

    @property
    def sha256(self) -> str:
        """The hash of all of them."""
        ...

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """A template with its values."""
        ...


@dataclass(frozen=True)
class Asking:
    """How a judge is asked. `samples` is per order; `tries` bounds how often a call is repeated for a usable answer."""

    model: str
    samples: int = 2
    per_call: int = 2
    temperature: float | None = None
    max_tokens: int | None = None
    tries: int = 2


class Kinds(Frozen):
    """The kinds a reason can have: name -> what it means, in the order of the rubric."""

    meanings: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.meanings)


@dataclass(frozen=True)
class Shown:
    """A pair as a call shows it: its number there, and which excerpt stands where."""

    number: int
    pair: Pair
    made_first: bool

    @property
    def first(self) -> Excerpt:
        """What stands as A."""
        return self.pair.made if self.made_first else self.pair.real

    @property
    def second(self) -> Excerpt:
        """What stands as B."""
        return self.pair.real if self.made_first else self.pair.made


@dataclass(frozen=True)
class Question:
    """One call: its pairs, which order and which sample it is, and the request."""

    shown: tuple[Shown, ...]
    swapped: bool
    sample: int
    request: ChatRequest

    def again(self, attempt: int) -> ChatRequest:
        """The same question for another try."""
        number = (self.request.seed or 0) + attempt
        return self.request.model_copy(update={"attempt": attempt, "seed": number})


@dataclass(frozen=True)
class Estimate:
    """What a judgement would ask: calls and tokens, before anything is sent."""

    calls: int
    prompt_tokens: int
    completion_tokens: int


def kinds(prompts: Rendering) -> Kinds:
    """The kinds of reasons that the templates list. Raises BadFile when a line is none."""
    found: dict[str, str] = {}
    for line in prompts.render("judge/tells.j2", {}).splitlines():
        name, bar, meaning = (part.strip() for part in line.partition("|"))
        if not (name and bar and meaning):
            raise BadFile(f"judge/tells.j2: {line!r} names no kind of reason", "Write it like: name | what it means")
        found[name] = meaning
    return Kinds(meanings={**found, OTHER: found.get(OTHER, "anything else")})


def questions(pairs: Sequence[Pair], asking: Asking, prompts: Rendering, seed: Seed) -> tuple[Question, ...]:
    """Every call of a judgement. The second order turns round every pair of the first; controls stand among tests."""
    known = kinds(prompts)
    system = Message(role="system", content=prompts.render("judge/system.j2", {"tells": known.names}))
    shape = answer_shape(known)
    mixed = sorted(pairs, key=lambda pair: pair.id)
    seed.child("calls").rng().shuffle(mixed)
    coins = seed.child("sides").rng()
    made_first = {pair.id: coins.random() < 0.5 for pair in mixed}
    groups = [mixed[start : start + asking.per_call] for start in range(0, len(mixed), asking.per_call)]
    asked: list[Question] = []
    for sample in range(asking.samples):
        for swapped in (False, True):
            for group in groups:
                shown = tuple(
                    Shown(number, pair, made_first[pair.id] != swapped) for number, pair in enumerate(group, start=1)
                )
                request = _request(shown, system, shape, asking, prompts, f"{sample}")
                asked.append(Question(shown, swapped, sample, _seeded(request, seed)))
    return tuple(asked)


def estimate(asked: Sequence[Question]) -> Estimate:
    """Calls and tokens when every answer is usable at once."""
    return Estimate(
        calls=len(asked),
        prompt_tokens=sum(estimate_request(question.request) for question in asked),
        completion_tokens=sum(ANSWER_TOKENS * len(question.shown) for question in asked),
    )


def answer_shape(known: Kinds) -> Shape:
    """The form of every answer. Reasons come first, so that the verdict follows from them."""
    reason = _object(tell={"type": "string", "enum": list(known.names)}, quote=_TEXT, why=_TEXT)
    verdict = _object(
        pair={"type": "integer"},
        reasons={"type": "array", "items": reason},
        real={"type": "string", "enum": ["A", "B"]},
        confidence={"type": "integer"},
    )
    whole = _object(verdicts={"type": "array", "items": verdict})
    return Shape(name="verdicts", json_schema=json.dumps(whole, separators=(",", ":")))


_TEXT: dict[str, object] = {"type": "string"}


def _object(**properties: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _request(
    shown: tuple[Shown, ...], system: Message, shape: Shape, asking: Asking, prompts: Rendering, sample: str
) -> ChatRequest:
    told = [{"number": one.number, "a": one.first.lines, "b": one.second.lines} for one in shown]
    return ChatRequest(
        model=asking.model,
        messages=(system, Message(role="user", content=prompts.render("judge/pairs.j2", {"pairs": told}))),
        shape=shape,
        temperature=asking.temperature,
        max_tokens=asking.max_tokens,
        cache_key="judge",
        sample=sample,
    )


def _seeded(request: ChatRequest, seed: Seed) -> ChatRequest:
    """With a number for the model that another question or sample does not have."""
    number = seed.child("model").child(request.address).rng().randrange(LARGEST_SEED)
    return request.model_copy(update={"seed": number})
