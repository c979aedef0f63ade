"""A chat model that is a function: for tests, and for trying things out without a key."""

from __future__ import annotations

from collections.abc import Callable

from slackincidents.chat.base import ChatReply, ChatRequest


class ScriptedChat:
    """Answers with what a function returns, and keeps what it was asked."""

    def __init__(self, answer: Callable[[ChatRequest], str | ChatReply]) -> None:
        """`answer` gives the text, or a whole reply."""
        self._answer = answer
        self.requests: list[ChatRequest] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        """What the function says to this request."""
        self.requests.append(request)
        said = self._answer(request)
        return said if isinstance(said, ChatReply) else ChatReply(text=said, model=request.model)
