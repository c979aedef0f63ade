"""Replies written by hand, standing in for a model: one list a stage, the first ones with real faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, JsonValue

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.scripted import ScriptedChat
from slackincidents.drafting import DraftedSkeleton, draft_scenario
from slackincidents.library import Library
from slackincidents.schema.draft import Usage

FOLDER = Path(__file__).parent.parent / "recorded" / "skeleton"
NAMES = ("redis-failover", "mail-queue")


class Recording(BaseModel):
    """One description, and the replies to each stage in their order."""

    about: str
    description: str
    id: str
    faults: dict[str, str]
    replies: dict[str, list[JsonValue]]
    services: dict[str, JsonValue] | None = None

    def library(self, folder: Path) -> Library:
        """The library that the description is about: ours, or one with its own services, written to `folder`."""
        if self.services is None:
            return Library()
        file = folder / "mine.json"
        file.write_text(json.dumps(self.services), encoding="utf-8")
        return Library(services_file=file)


def recording(name: str) -> Recording:
    """A recording by name."""
    return Recording.model_validate_json((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def scripted(replies: Mapping[str, list[JsonValue]]) -> ScriptedChat:
    """A model that gives each stage's replies in turn, and the last one again when it is asked once more."""
    return ScriptedChat(answers(replies))


def answers(replies: Mapping[str, list[JsonValue]]) -> Callable[[ChatRequest], ChatReply]:
    """What such a model says to a request."""
    asked: dict[str, int] = {}

    def answer(request: ChatRequest) -> ChatReply:
        assert request.shape is not None
        stage = request.shape.name
        turn = asked.get(stage, 0)
        asked[stage] = turn + 1
        said = replies[stage][min(turn, len(replies[stage]) - 1)]
        text = said if isinstance(said, str) else json.dumps(said)
        return ChatReply(text=text, usage=Usage(calls=1, prompt_tokens=100, completion_tokens=10))

    return answer


@dataclass(frozen=True)
class Drafted:
    """A recording, what was drafted from it, what was asked on the way, and with which library."""

    recording: Recording
    result: DraftedSkeleton
    requests: tuple[ChatRequest, ...]
    library: Library

    def asked(self, stage: str) -> list[ChatRequest]:
        """The requests of one stage."""
        return [one for one in self.requests if one.shape is not None and one.shape.name == stage]

    def complaints(self, stage: str) -> list[str]:
        """What a stage was told to mend, one text a round."""
        return [one.messages[-1].content for one in self.asked(stage) if len(one.messages) > 2]


def drafted(name: str, folder: Path) -> Drafted:
    """Draft from a recording; what it needs beside is written to `folder`."""
    source = recording(name)
    model, library = scripted(source.replies), source.library(folder)
    result = draft_scenario(source.description, model=model, model_name="m", library=library)
    return Drafted(source, result, tuple(model.requests), library)
