"""Opens a chat model that asks in batches, as the user configured it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.batch_journal import Journal
from slackincidents.chat.batch_pace import Pace
from slackincidents.chat.crowd import Crowd
from slackincidents.chat.dialect import Memory
from slackincidents.chat.meter import Meter
from slackincidents.chat.opening import Terms, key_of, recorded_by
from slackincidents.chat.recorded import Counts, Recorded, entry_path
from slackincidents.clock import Clock, SystemClock
from slackincidents.seeds import Seed
from slackincidents.settings import Settings


@dataclass(frozen=True)
class OpenBatchChat:
    """A chat model that asks in batches, with what its parts counted. Replies come from disk where they can."""

    recorded: Recorded
    meter: Meter
    crowd: Crowd

    async def complete(self, request: ChatRequest) -> ChatReply:
        """One reply to one request, perhaps a day later. Raises ServiceFailed, Denied, BudgetSpent or WriteFailed."""
        with self.crowd.waiting():
            return await self.recorded.complete(request)

    def at_work(self, number: int) -> None:
        """So many tasks may ask from now on: a batch goes out when they all wait."""
        self.crowd.at_work(number)

    @property
    def counts(self) -> Counts:
        """Replies paid for and replies that were there."""
        return self.recorded.counts

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know afterwards."""
        return self.recorded.warnings


@asynccontextmanager
async def open_batch_chat(
    settings: Settings,
    terms: Terms | None = None,
    *,
    replies: Path | None = None,
    clock: Clock | None = None,
    pace: Pace | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> AsyncIterator[OpenBatchChat]:
    """Open the line to `settings`' endpoint; leave to hang up. Batches under way are noted beside the `replies`.

    Raises NotConfigured without a key, BadFile for notes of batches that make no sense.
    """
    from slackincidents.chat.batch import BatchChat  # noqa: PLC0415 - what it stands on takes a while to load
    from slackincidents.chat.openai_batch import OpenAIBatches  # noqa: PLC0415 - half a second
    from slackincidents.chat.retry import Again  # noqa: PLC0415 - so does what it stands on

    agreed, time, folder = terms or Terms(), clock or SystemClock(), replies or settings.replies
    memory, base = Memory(folder, time), settings.openai_base_url
    journal = Journal(folder, lambda address: entry_path(folder, address).exists())
    async with OpenAIBatches(key_of(settings), base, clock=time, timeout=agreed.timeout, memory=memory) as line:
        again = Again(clock=time, rng=Seed("chat").child("batches").rng(), patience=agreed.patience)
        batches = BatchChat(line, journal, clock=time, again=again, pace=pace, tell=tell)
        meter = Meter(batches, limit=agreed.max_tokens_total)
        recorded = Recorded(folder, meter, clock=time, recorded_by=recorded_by(settings))
        try:
            yield OpenBatchChat(recorded, meter, batches.crowd)
        finally:
            await batches.aclose()
