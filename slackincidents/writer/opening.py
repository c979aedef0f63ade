"""The writer that speaks to an OpenAI-compatible endpoint, opened where it is used and closed after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from slackincidents.chat.base import ChatModel
from slackincidents.chat.batch_pace import Pace
from slackincidents.chat.opening import OpenChat, Terms, open_chat
from slackincidents.chat.opening_batch import OpenBatchChat, open_batch_chat
from slackincidents.clock import Clock
from slackincidents.library import Library
from slackincidents.settings import Settings
from slackincidents.writer.banks import Banks
from slackincidents.writer.llm import Asking, LanguageWriter
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import Granularity


@dataclass(frozen=True)
class OpenAIWriter:
    """How to write with a model behind any OpenAI-compatible endpoint; nothing is opened until it is used.

    Key and address come from `settings` (OPENAI_API_KEY, OPENAI_BASE_URL, in the environment or .env), the model
    from `model` or OPENAI_MODEL. Replies are stored before they are used (`replies`), so that nothing is paid twice.
    """

    model: str | None = None
    granularity: Granularity = "scene"
    temperature: float | None = None
    max_tokens: int | None = None
    concurrency: int = 8
    max_tokens_total: int | None = None
    replies: Path | None = None
    settings: Settings | None = field(default=None, repr=False)

    def configured(self) -> Settings:
        """The settings given, or those of the environment."""
        return self.settings or Settings.from_environment()

    def asking(self) -> Asking:
        """How the model is asked. Raises NotConfigured when nobody names a model."""
        return Asking(
            model=self.configured().model(self.model),
            granularity=self.granularity,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
        )

    def over(self, chat: ChatModel, library: Library) -> LanguageWriter:
        """The writer on a chat model that is open already."""
        return LanguageWriter(chat, self.asking(), Prompts.of(library), OfflineWriter(Banks(library.phrases)))

    @asynccontextmanager
    async def chat(self) -> AsyncIterator[OpenChat]:
        """The chat model, open until the block ends. Raises NotConfigured without a key."""
        async with open_chat(self.configured(), self._terms(), replies=self.replies) as chat:
            yield chat

    @asynccontextmanager
    async def batch_chat(
        self, pace: Pace | None = None, *, clock: Clock | None = None, tell: Callable[[str], object] = lambda _: None
    ) -> AsyncIterator[OpenBatchChat]:
        """A chat model on the Batch API, open until the block ends; `tell` hears of every batch.

        Raises NotConfigured without a key.
        """
        opened = open_batch_chat(
            self.configured(), self._terms(), replies=self.replies, clock=clock, pace=pace, tell=tell
        )
        async with opened as chat:
            yield chat

    def _terms(self) -> Terms:
        return Terms(concurrency=self.concurrency, max_tokens_total=self.max_tokens_total)

    @asynccontextmanager
    async def opened(self, library: Library) -> AsyncIterator[LanguageWriter]:
        """The writer, its connections open until the block ends."""
        async with self.chat() as chat:
            yield self.over(chat, library)
