"""The prompts of drafting, rendered: system, description and catalogue, what is settled, the stage's task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from slackincidents.chat.base import Message
from slackincidents.drafting.answers import Answer
from slackincidents.drafting.parts import STAGES, Parts
from slackincidents.library import Library
from slackincidents.schema.people import Catalogue
from slackincidents.writer.templates import Templates

FOLDER = "skeleton"
"""Below prompts/."""


@dataclass(frozen=True)
class DraftPrompts:
    """What one drafting asks. The user's own templates come first."""

    library: Library
    text: str
    catalogue: Catalogue

    def ask(self, stage: str, parts: Parts) -> tuple[Message, ...]:
        """The messages that ask for a stage. What earlier stages settled stands before the task, in their order."""
        settled = {name: plain(parts.answers[name]) for name in _before(stage) if parts.has(name)}
        source = self._render("source", text=self.text, services=self.catalogue.services, settled=settled)
        task = f"{source}\n\n{self._render(stage)}"
        return Message(role="system", content=self._render("system")), Message(role="user", content=task)

    def revise(self, stage: str, parts: Parts, findings: Iterable[str], *, said: str, cut: bool) -> tuple[Message, ...]:
        """The messages that ask for what is wrong in a stage, and for that alone. `said` stands in for no answer."""
        answer = plain(parts.answers[stage]) if parts.has(stage) else said
        complaint = self._render("revise", stage=stage, findings=list(findings), cut=cut)
        return (
            *self.ask(stage, parts),
            Message(role="assistant", content=answer),
            Message(role="user", content=complaint),
        )

    @cached_property
    def _templates(self) -> Templates:
        return Templates(self.library, folders=(FOLDER,))

    def _render(self, name: str, **values: object) -> str:
        return self._templates.render(f"{FOLDER}/{name}.j2", values)


def plain(answer: Answer) -> str:
    """An answer as compact JSON, for a prompt or a file; what is open is left out."""
    return answer.model_dump_json(exclude_none=True, exclude={"unsettled", "drop"})


def _before(stage: str) -> Mapping[str, None]:
    """The stages before one that a prompt shows: all facts, and no words but those of the stage itself."""
    facts = ("outline", "evidence", "remedies")
    names = list(STAGES)
    shown = [name for name in names[: names.index(stage)] if name in facts]
    return dict.fromkeys([*shown, *(["telling"] if stage == "talks" else [])])
