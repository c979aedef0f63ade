"""A question about an incident, its gold answer, and the messages that make the answer knowable. See docs/tasks.md."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from slackincidents.schema.base import Frozen


class Kind(StrEnum):
    """What is asked."""

    ROOT_CAUSE = "root-cause"
    ROOT_CAUSE_OPEN = "root-cause-open"
    AFFECTED = "affected"
    TIMELINE = "timeline"
    CATCH_UP = "catch-up"
    RELATED = "related"
    FIRST_TO_KNOW = "first-to-know"
    ALERT_RELATED = "alert-related"


class Choice(Frozen):
    """One of the choices is right; `index` counts from 0. `aliases` are other ways to name it."""

    scorer: Literal["choice"] = "choice"
    index: int
    aliases: tuple[str, ...] = ()


class Cause(Frozen):
    """Free words: the service, then what was wrong with it."""

    scorer: Literal["cause"] = "cause"
    plain: str
    service: tuple[str, ...] = Field(description="every name under which the service counts as named")
    others: tuple[str, ...] = Field(description="names of the other services; the first service named is what counts")
    identifiers: tuple[str, ...] = Field(description="one of these names the mechanism")
    words: tuple[str, ...] = Field(description="stems of the mechanism's words; `need` of them name it too")
    need: int = Field(ge=1)


class Named(Frozen):
    """A service and the other words for it."""

    name: str
    aliases: tuple[str, ...] = ()


class Order(Frozen):
    """Services in the order of their first sign. `optional` ones count neither as right nor as wrong."""

    scorer: Literal["order"] = "order"
    services: tuple[Named, ...]
    optional: tuple[Named, ...] = ()


class Milestone(Frozen):
    """A moment. `at` in seconds from the incident's start; `evidence` is the message whose time it is."""

    name: str
    at: float
    evidence: int


class Times(Frozen):
    """When things happened. `start` is the incident's start (ISO 8601), `tolerance` in seconds."""

    scorer: Literal["times"] = "times"
    start: str
    tolerance: float
    milestones: tuple[Milestone, ...]


class FactKey(Frozen):
    """A fact and the stems of its words. `evidence`: the messages that tell it."""

    statement: str
    words: tuple[str, ...]
    evidence: tuple[int, ...] = ()


class Facts(Frozen):
    """What a summary must hold, and what nobody had said yet, so that it must not be claimed."""

    scorer: Literal["facts"] = "facts"
    known: tuple[FactKey, ...]
    unknown: tuple[FactKey, ...]


Gold = Annotated[Choice | Cause | Order | Times | Facts, Field(discriminator="scorer")]


class Asked(Frozen):
    """What the one who answers may see of a question, besides the transcript. `id` tells nothing."""

    id: str
    kind: Kind
    prompt: str
    choices: tuple[str, ...] | None = None


class Question(Frozen):
    """One line of a question file. Keep it from the one who answers: it holds the gold answer."""

    id: str
    kind: Kind
    incident: str = Field(description="sixteen hex digits that depend on the incident and not on its answers")
    scenario_id: str = Field(description="the incident file's own name; it may give the cause away")
    scenario: str = Field(description="the scenario; incidents of one scenario share their cause")
    prompt: str
    choices: tuple[str, ...] | None = None
    visible_until: float = Field(description="what was posted later, in seconds from the start, must not be read")
    answer: Gold
    evidence: tuple[int, ...] = Field(description="places in the timeline of the messages that make it knowable")
    other: str | None = Field(default=None, description="the second incident, where there are two")
    other_scenario_id: str | None = None
    other_evidence: tuple[int, ...] = ()

    @property
    def asked(self) -> Asked:
        """The part one may show."""
        return Asked(id=self.id, kind=self.kind, prompt=self.prompt, choices=self.choices)

    def line(self) -> str:
        """As it stands in a question file."""
        return self.model_dump_json(exclude_none=True) + "\n"
