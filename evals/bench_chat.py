"""How much of a model's time our own work wastes: ``python -m evals.bench_chat``.

A server in another process answers after 200 ms. The same questions go through our stack (store, retry, gate, meter,
adapter) and through the bare floor: `client.post` of the openai package as it comes, with the same bodies, ready made.
Both run in processes of their own, in turns; the best of several counts, because a busy machine only ever slows.
How many calls are under way our own gate bounds, the floor a semaphore; a reply that is being stored is not a call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeAlias, TypeVar

from openai import AsyncOpenAI
from pydantic import SecretStr

from slackincidents.chat.base import ChatRequest, Message, Shape
from slackincidents.chat.dialect import Dialect
from slackincidents.chat.openai_replies import Body, body
from slackincidents.chat.opening import Terms, open_chat
from slackincidents.settings import Settings

CALLS = 480
LATENCY = 0.2
FLIGHTS = (32, 64)
ROUNDS = 5
EFFICIENCY = 0.97
"""Our share of the floor's efficiency, at least."""

CPU = 1.5
"""Our CPU time a call as a multiple of the floor's, at most."""

SHAPE = Shape(
    name="lines",
    json_schema=json.dumps(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["lines"],
            "properties": {
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["beat", "text"],
                        "properties": {"beat": {"type": "string"}, "text": {"type": "string"}},
                    },
                }
            },
        }
    ),
)
RULES = "You write what people on call say to each other. Short, plain, unfinished. " * 60
SCENE = "b%03d alice says that checkout is slow and asks who else sees it. " * 12


Question = TypeVar("Question")
Prepare: TypeAlias = Callable[[ChatRequest], Question]
"""From a request to what is asked, before the clock runs."""


@dataclass(frozen=True)
class Timed:
    """One way of asking: seconds for all calls, CPU seconds a call, peak memory in MiB."""

    way: str
    flight: int
    seconds: float
    cpu: float
    memory: float

    @property
    def efficiency(self) -> float:
        """The shortest possible time over the time it took."""
        return CALLS * LATENCY / self.flight / self.seconds


def questions(calls: int, first: int = 0) -> list[ChatRequest]:
    """Scenes of incidents, as the writer would ask for them: a long common beginning, a short end."""
    return [
        ChatRequest(
            model="bench",
            messages=(
                Message(role="system", content=RULES),
                Message(role="user", content=f"scene {number}\n" + SCENE % ((number % 1000,) * 12)),
            ),
            shape=SHAPE,
            seed=number,
            cache_key="bench",
            max_tokens=600,
        )
        for number in range(first, first + calls)
    ]


async def timed(
    way: str,
    flight: int,
    ask: Callable[[Question], Awaitable[object]],
    prepare: Prepare[Question],
    limit: int | None = None,
) -> Timed:
    """Ask all questions with at most `limit` of them at work, after a round to warm up."""
    gate = asyncio.Semaphore(limit or flight)

    async def one(question: Question) -> None:
        async with gate:
            await ask(question)

    await ask(prepare(questions(1, CALLS)[0]))
    await asyncio.gather(*(one(prepare(request)) for request in questions(flight, CALLS + 1)))
    prepared = list(map(prepare, questions(CALLS)))
    start, used = perf_counter(), process_time()
    await asyncio.gather(*map(one, prepared))
    seconds, cpu = perf_counter() - start, (process_time() - used) / CALLS
    return Timed(way, flight, seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


async def ours(base_url: str, flight: int) -> Timed:
    """Through the whole stack, into an empty store."""
    settings = Settings(openai_api_key=SecretStr("bench"), openai_base_url=base_url)
    with tempfile.TemporaryDirectory() as folder:
        async with open_chat(settings, Terms(concurrency=flight), replies=Path(folder)) as chat:
            return await timed("ours", flight, chat.complete, lambda request: request, limit=CALLS)


async def floor(base_url: str, flight: int) -> Timed:
    """The package's own client, its own transport, the same bodies; the reply is parsed and that is all."""
    async with AsyncOpenAI(api_key="bench", base_url=base_url, max_retries=0) as client:

        async def ask(plain: Body) -> object:
            return await client.post("/chat/completions", cast_to=object, body=plain)

        return await timed("floor", flight, ask, lambda request: json.loads(body(request, Dialect())))


WAYS = {"ours": ours, "floor": floor}


@contextmanager
def server(*more: str, latency: float = LATENCY) -> Iterator[str]:
    """The test server in a process of its own, with `more` options; its address."""
    command = [sys.executable, "-m", "tests.chat.server", "--latency", str(latency), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def in_a_process(way: str, flight: int, base_url: str) -> Timed:
    """One run in a fresh interpreter."""
    command = [sys.executable, "-m", "evals.bench_chat", "--way", way, "--flight", str(flight), "--at", base_url]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    return Timed(**json.loads(said.stdout))


def measured(flight: int, rounds: int = ROUNDS) -> tuple[Timed, Timed]:
    """Ours and the floor at one concurrency: the fastest of `rounds` each, with the least CPU."""
    runs: dict[str, list[Timed]] = {way: [] for way in WAYS}
    with server() as base_url:
        for _ in range(rounds):
            for way, taken in runs.items():
                taken.append(in_a_process(way, flight, base_url))
    mine, bare = (best(taken) for taken in runs.values())
    return mine, bare


def best(runs: list[Timed]) -> Timed:
    """The least of each figure."""
    return Timed(
        runs[0].way,
        runs[0].flight,
        min(run.seconds for run in runs),
        min(run.cpu for run in runs),
        min(run.memory for run in runs),
    )


def table(pairs: list[tuple[Timed, Timed]]) -> str:
    """Both ways beside each other, as Markdown."""
    head = (
        f"{CALLS} calls at {LATENCY * 1000:.0f} ms\n\n"
        "| in flight | efficiency | floor's | ratio | CPU ms a call | floor's | ratio | MiB | floor's |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {ours.flight} | {ours.efficiency:.3f} | {bare.efficiency:.3f} | {ours.efficiency / bare.efficiency:.3f} "
        f"| {ours.cpu * 1000:.2f} | {bare.cpu * 1000:.2f} | {ours.cpu / bare.cpu:.2f} "
        f"| {ours.memory:.0f} | {bare.memory:.0f} |"
        for ours, bare in pairs
    )


def main() -> None:
    """Print the table; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--flight", type=int)
    parser.add_argument("--at")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    said = parser.parse_args()
    if said.way:
        sys.stdout.write(json.dumps(asdict(asyncio.run(WAYS[said.way](said.at, said.flight)))))
        return
    pairs = [measured(flight, said.rounds) for flight in FLIGHTS]
    sys.stdout.write(table(pairs) + "\n")
    met = all(ours.efficiency >= EFFICIENCY * bare.efficiency and ours.cpu <= CPU * bare.cpu for ours, bare in pairs)
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
