"""The answers so far, stage by stage, and how a correction goes into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from slackincidents.drafting.answers import Evidence, Item, Open, Outline, Remedies, Stage
from slackincidents.drafting.sayings import Arguing, Around, Talks, Telling

StageType = TypeVar("StageType", bound=Stage)
Keyed = TypeVar("Keyed", Item, Open)

STAGES: Mapping[str, type[Stage]] = {
    "outline": Outline,
    "evidence": Evidence,
    "remedies": Remedies,
    "telling": Telling,
    "arguing": Arguing,
    "around": Around,
    "talks": Talks,
}
"""All stages in the order they are asked: facts first, words last."""


@dataclass(frozen=True)
class Parts:
    """The answers by stage; a stage that was not asked yet is not there."""

    answers: Mapping[str, Stage] = field(default_factory=dict)

    def get(self, kind: type[StageType]) -> StageType:
        """A stage's answer, or an empty one."""
        found = next((answer for answer in self.answers.values() if isinstance(answer, kind)), None)
        return kind() if found is None else found

    def has(self, stage: str) -> bool:
        """True when the stage was answered."""
        return stage in self.answers

    def until(self, stage: str) -> Parts:
        """The answers up to and with one stage."""
        names = list(STAGES)
        early = names[: names.index(stage) + 1]
        return Parts({name: answer for name, answer in self.answers.items() if name in early})

    def with_answer(self, stage: str, answer: Stage) -> Parts:
        """The answer put in; what it does not touch of an earlier one stays as it was."""
        old = self.answers.get(stage)
        return Parts({**self.answers, stage: answer if old is None else merged(old, answer)})

    def unsettled(self) -> tuple[Open, ...]:
        """Everything that a model said it could not settle."""
        return tuple(one for name in STAGES if name in self.answers for one in self.answers[name].unsettled)


def merged(old: Stage, new: Stage) -> Stage:
    """Items of the same name are replaced, others added, dropped ones gone; null and empty keep what was."""
    gone = set(new.drop)
    changes: dict[str, object] = {"drop": ()}
    for name in type(old).model_fields:
        if name == "drop":
            continue
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, tuple) and all(isinstance(one, Item | Open) for one in (*before, *after)):
            changes[name] = _together(before, after, {key.removeprefix(f"{name}.") for key in gone})
        else:
            changes[name] = after or before
    return old.model_copy(update=changes)


def _together(before: Iterable[Keyed], after: Iterable[Keyed], gone: set[str]) -> tuple[Keyed, ...]:
    both = {one.key: one for one in before if one.key not in gone} | {one.key: one for one in after}
    return tuple(both.values())
