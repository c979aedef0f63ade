"""Opens a chat model as the user configured it: the adapter, and what stands before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.dialect import Memory
from slackincidents.chat.gate import Gate
from slackincidents.chat.meter import Meter
from slackincidents.chat.patience import Patience
from slackincidents.chat.recorded import Counts, Recorded
from slackincidents.clock import Clock, SystemClock
from slackincidents.errors import NotConfigured
from slackincidents.seeds import Seed
from slackincidents.settings import OPENAI, Settings, bare

if TYPE_CHECKING:
    from slackincidents.chat.retry import Retrying

CONCURRENCY = 8
TIMEOUT = 180.0
"""Seconds that one attempt may take, to the last byte."""

NO_KEY = SecretStr("none")
"""For endpoints that want none: the client insists on sending something."""


@dataclass(frozen=True)
class OpenChat:
    """A chat model, with what its parts counted. Replies come from disk where they can."""

    recorded: Recorded
    retrying: Retrying
    gate: Gate
    meter: Meter

    async def complete(self, request: ChatRequest) -> ChatReply:
        """One reply to one request. Raises ServiceFailed, Denied, BudgetSpent or WriteFailed."""
        return await self.recorded.complete(request)

    def at_work(self, number: int) -> None:
        """So many may ask from now on; here nobody waits for the others."""

    @property
    def counts(self) -> Counts:
        """Replies paid for and replies that were there."""
        return self.recorded.counts

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know afterwards."""
        return self.recorded.warnings


@dataclass(frozen=True)
class Terms:
    """How to ask: questions at once, tokens allowed, patience with failures, seconds an attempt."""

    concurrency: int = CONCURRENCY
    max_tokens_total: int | None = None
    patience: Patience = field(default_factory=Patience)
    timeout: float = TIMEOUT


@asynccontextmanager
async def open_chat(
    settings: Settings,
    terms: Terms | None = None,
    *,
    replies: Path | None = None,
    clock: Clock | None = None,
    seed: Seed | None = None,
) -> AsyncIterator[OpenChat]:
    """Open the line to `settings`' endpoint; leave to hang up. `replies` is the folder of recorded ones.

    Raises NotConfigured without a key; an endpoint of one's own (OPENAI_BASE_URL) may do without.
    """
    from slackincidents.chat.openai import OpenAIChat  # noqa: PLC0415 - it takes half a second to load
    from slackincidents.chat.retry import Retrying  # noqa: PLC0415 - so does what it stands on

    key = key_of(settings)
    agreed, time, folder = terms or Terms(), clock or SystemClock(), replies or settings.replies
    memory = Memory(folder, time)
    async with OpenAIChat(key, settings.openai_base_url, clock=time, timeout=agreed.timeout, memory=memory) as line:
        meter = Meter(line, limit=agreed.max_tokens_total)
        gate = Gate(meter, most=agreed.concurrency, clock=time)
        rng = (seed or Seed("chat")).child("retry").rng()
        retrying = Retrying(gate, clock=time, rng=rng, patience=agreed.patience)
        recorded = Recorded(folder, retrying, clock=time, recorded_by=recorded_by(settings))
        yield OpenChat(recorded, retrying, gate, meter)


def key_of(settings: Settings) -> SecretStr:
    """The key to ask with. Raises NotConfigured where one is needed and none is set."""
    if settings.openai_api_key is not None:
        return settings.openai_api_key
    if bare(settings.openai_base_url) == bare(OPENAI):
        raise NotConfigured(
            "no OPENAI_API_KEY", "Set it in the environment or in .env, or use --writer offline, which needs none."
        )
    return NO_KEY


def recorded_by(settings: Settings) -> str:
    """Who recorded a reply, and where from."""
    try:
        release = version("slackincidents")
    except PackageNotFoundError:
        release = "from source"
    return f"slackincidents {release}, {settings.endpoint}"
