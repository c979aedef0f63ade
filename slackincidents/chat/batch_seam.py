"""The seam to a batch API: what a batch is, what became of a question in it, and who takes both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.errors import Denied, ServiceFailed

ENDED = ("completed", "failed", "expired", "cancelled")
"""States that a batch does not leave."""

Outcome = ChatReply | ServiceFailed | Denied
"""What became of a question: a reply, or why there is none."""


@dataclass(frozen=True)
class State:
    """A batch as the endpoint shows it. `input`, `output` and `errors` are files there; `why` is what it failed of."""

    id: str
    status: str
    input: str | None = None
    output: str | None = None
    errors: str | None = None
    done: int = 0
    why: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED


class BatchLine(Protocol):
    """The line to a batch API. Every method raises ServiceFailed or Denied, and tries once."""

    @property
    def endpoint(self) -> str:
        """The address, fit to be shown."""
        ...

    def size(self, request: ChatRequest) -> int:
        """The bytes of a question in a batch."""
        ...

    async def upload(self, requests: Sequence[ChatRequest]) -> str:
        """Send the questions as a file; its id. Nothing is asked, and nothing paid, yet."""
        ...

    async def create(self, file: str) -> State:
        """Let the endpoint begin with an uploaded file."""
        ...

    async def find(self, file: str) -> State | None:
        """The batch that was made of a file, if there is one."""
        ...

    async def state(self, batch: str) -> State:
        """How far a batch is."""
        ...

    async def outcomes(self, state: State, asked: Sequence[ChatRequest]) -> Mapping[str, Outcome]:
        """What became of the questions of an ended batch, by address, as far as the endpoint says.

        `asked` are those of them that are at hand: an earlier run may have asked them.
        """
        ...

    async def delete(self, file: str) -> None:
        """Remove a file there; one that is gone already is no error."""
        ...
