"""The model writer in loops that run already, several at once, and stopped in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from slackincidents import Incident, agenerate, generate
from slackincidents.pipeline import Workshop
from slackincidents.settings import Settings
from slackincidents.writer.opening import OpenAIWriter
from slackincidents.writer.scenes import GRANULARITIES, Granularity
from tests.chat.server import Behaviour, Server, serving
from tests.pipeline.answers import dull


@pytest.fixture
def server() -> Iterator[Server]:
    """A prompt endpoint."""
    with serving(Behaviour(answer=dull)) as running:
        yield running


def writer(server: Server, folder: Path, granularity: Granularity = "scene") -> OpenAIWriter:
    """A writer that asks this server."""
    settings = Settings(openai_base_url=server.base_url, replies=folder)
    return OpenAIWriter(model="some-model", granularity=granularity, settings=settings)


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_each_granularity_writes_the_same_course(server: Server, tmp_path: Path, granularity: Granularity) -> None:
    """One call a scene, a message or an incident: the same plan, clean, written by the model for the most part."""
    incident = generate("cache-failure", seed=5, writer=writer(server, tmp_path, granularity))
    assert Workshop.open().validate(incident).clean
    offline = generate("cache-failure", seed=5)
    assert [e.offset_seconds for e in incident.timeline] == [e.offset_seconds for e in offline.timeline]
    assert incident.provenance is not None
    assert len(incident.provenance.fell_back) < len(incident.timeline) / 3


def test_in_a_running_loop(server: Server, tmp_path: Path) -> None:
    """`generate` works where a loop runs already, as in a notebook; the loop is left as it was."""

    async def cell() -> Incident:
        return generate("cache-failure", seed=5, writer=writer(server, tmp_path))

    assert asyncio.run(cell()) == generate("cache-failure", seed=5, writer=writer(server, tmp_path))


def test_two_at_once(server: Server, tmp_path: Path) -> None:
    """Two generations in one loop do not disturb each other."""

    async def both() -> list[Incident]:
        return await asyncio.gather(
            *(agenerate("cache-failure", seed=seed, writer=writer(server, tmp_path)) for seed in (5, 6))
        )

    one, two = asyncio.run(both())
    assert one == generate("cache-failure", seed=5, writer=writer(server, tmp_path))
    assert two == generate("cache-failure", seed=6, writer=writer(server, tmp_path))


def test_cancelled_in_the_middle(tmp_path: Path) -> None:
    """Cancelling leaves no task behind and no half-written reply; what had come is used by the next run."""
    with serving(Behaviour(answer=dull, latency=0.05)) as server:

        async def cut() -> None:
            task = asyncio.create_task(agenerate("kafka-lag", seed=5, writer=writer(server, tmp_path)))
            while not list(tmp_path.rglob("*.json")):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(cut())
        assert list((tmp_path / ".parts").glob("*")) == []
        paid = [entry.key for entry in server.ledger if entry.completed]
        generate("kafka-lag", seed=5, writer=writer(server, tmp_path))
        keys = [entry.key for entry in server.ledger if entry.completed]
        assert len(keys) - len(set(keys)) <= 1, "only the call that was under way may be made again"
        assert keys[: len(paid)] == paid
