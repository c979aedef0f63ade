"""What a model answers about words: how clues, guesses and actions are put, and the talk around them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slackincidents.drafting.answers import Answer, Item, Stage, Texts

TalkAct = Literal[
    "ask",
    "answer",
    "doubt",
    "agree",
    "report",
    "approve",
    "object",
    "look",
    "wait",
    "inform",
    "request",
    "aside",
    "joke",
]
"""What a turn of talk may do."""


class ClueWords(Item):
    """How one clue is put, in three manners, and what is pasted."""

    terse: Texts
    casual: Texts
    formal: Texts
    paste: Texts


class Telling(Stage):
    """How the clues are put."""

    clues: tuple[ClueWords, ...] = ()


class GuessWords(Item):
    """How one guess is raised, doubted and taken back."""

    raised: Texts
    doubted: Texts
    withdrawn: Texts


class ActionWords(Item):
    """How one action is proposed, objected to, reported done, and what came of it."""

    proposed: Texts
    objected: Texts
    done: Texts
    outcome: Texts


class Arguing(Stage):
    """How guesses and actions are put."""

    hypotheses: tuple[GuessWords, ...] = ()
    actions: tuple[ActionWords, ...] = ()


class EdgeWords(Item):
    """How the far end of one edge asks, and how the near end answers."""

    ask: Texts
    unaware: Texts
    aware: Texts


class TaskWords(Item):
    """How one follow-up or memory is put."""

    tellings: Texts


class EndWords(Answer):
    """How the end is told, with the cause known and unknown."""

    plain: Texts
    vague: Texts


class UpdateWords(Answer):
    """Status updates by stage."""

    investigating: Texts
    identified: Texts
    monitoring: Texts


class AudienceWords(Answer):
    """What people outside the response say, and what they are told."""

    users: Texts
    support: Texts
    answer: Texts


class Around(Stage):
    """What is said between teams, to those outside, and at the end."""

    cascade: tuple[EdgeWords, ...] = ()
    resolution: EndWords | None = None
    follow_ups: tuple[TaskWords, ...] = ()
    past_incidents: tuple[TaskWords, ...] = ()
    updates: UpdateWords | None = None
    audience: AudienceWords | None = None


class TurnItem(Answer):
    """One message of a talk."""

    role: Literal["a", "b", "c"]
    act: TalkAct
    gist: str
    tellings: Texts
    pause: Literal["burst", "quick", "normal", "slow", "late"] | None = None


class TalkItem(Item):
    """What one message sets off, or what comes before it."""

    about: Literal["clue", "hypothesis", "action"]
    item: str
    when: Literal["before", "after"] = Field(
        description="clue: before or after it is told; action: before it is done or after; hypothesis: after"
    )
    turns: tuple[TurnItem, ...]


class Talks(Stage):
    """What others ask, doubt and answer."""

    talks: tuple[TalkItem, ...] = ()
