"""The seam to a language model: a request, a reply, and who answers it."""

from __future__ import annotations

import hashlib
from typing import Literal, Protocol

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.schema.draft import Usage

Role = Literal["system", "user", "assistant"]

Finish = Literal["stop", "length", "content_filter", "refusal", "empty"]
"""Why a reply ended: said all, cut off, filtered, refused, or nothing came."""


class Message(Frozen):
    """One message of a conversation with a model."""

    role: Role
    content: str


class Shape(Frozen):
    """The form an answer must have: a name, and a JSON schema as canonical JSON text."""

    name: str
    json_schema: str


class ChatRequest(Frozen):
    """All that is asked, and nothing else: equal requests have equal addresses.

    `attempt` and `sample` are not sent: they part a second try, or a second sample, from the first.
    """

    model: str
    messages: tuple[Message, ...]
    shape: Shape | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    cache_key: str | None = Field(default=None, description="groups requests that share a prefix, for the provider")
    attempt: int = 0
    sample: str = ""

    @property
    def address(self) -> str:
        """SHA-256 over everything that could change the answer, in hex."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()


class ChatReply(Frozen):
    """What came back: the text as it stands, why it ended, and what it cost."""

    text: str
    finish: Finish = "stop"
    model: str | None = Field(default=None, description="the model that the endpoint says answered")
    usage: Usage = Usage(calls=1)


class ChatModel(Protocol):
    """Answers requests. Raises ServiceFailed or Denied when no reply can be had."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """One reply to one request."""
        ...
