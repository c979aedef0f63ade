"""The model writer against the clock: ``python -m evals.bench_writer``.

A server in another process answers after 200 ms, played by the offline writer. Sixteen incidents are written side by
side, one message a call: no run can be shorter than its longest incident, call after call. Then whole incidents, scene
by scene: written, assembled, checked.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from pydantic import SecretStr

from evals.bench_chat import LATENCY, server
from slackincidents.chat.opening import Terms, open_chat
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Plan
from slackincidents.settings import Settings
from slackincidents.writer import OfflineWriter
from slackincidents.writer.llm import Asking, LanguageWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import Granularity

PLAYED = ("--answer", "evals.played_model:answer")
"""Options of the test server: the model is the offline writer."""

INCIDENTS = 16
WHOLE = 64
TURN_BAR = 1.10
"""How much longer than the longest incident's calls, one after the other, a run may take."""


@dataclass(frozen=True)
class Run:
    """Calls in all and of the longest incident, seconds, CPU seconds."""

    calls: int
    longest: int
    seconds: float
    cpu: float

    @property
    def over_bound(self) -> float:
        """The time it took over the shortest possible one."""
        return self.seconds / (self.longest * LATENCY)


async def written(base_url: str, shop: Workshop, plans: list[Plan], granularity: Granularity, check: bool) -> Run:
    """Write plans side by side; with `check` they are assembled and validated too."""
    settings = Settings(openai_api_key=SecretStr("bench"), openai_base_url=base_url)
    with tempfile.TemporaryDirectory() as folder:
        async with open_chat(settings, Terms(concurrency=len(plans)), replies=Path(folder)) as chat:
            asking = Asking(model="bench", granularity=granularity)
            writer = LanguageWriter(chat, asking, Prompts.of(shop.library), OfflineWriter(shop.banks))
            await writer.write(shop.plan("cache-failure", seed=999))
            before, start, used = chat.counts.paid, perf_counter(), process_time()
            work = (shop.finish(plan, writer) if check else writer.write(plan) for plan in plans)
            done = await asyncio.gather(*work)
            seconds, cpu = perf_counter() - start, process_time() - used
            calls = chat.counts.paid - before
    assert len(done) == len(plans)
    longest = max(len(Prompts.of(shop.library).session(plan).scenes(granularity)) for plan in plans)
    return Run(calls, longest, seconds, cpu)


def table(base_url: str) -> str:
    """Both runs as Markdown."""
    shop = Workshop.open()
    names = shop.library.skeleton_names()

    def plans(number: int) -> list[Plan]:
        return [shop.plan(names[place % len(names)], seed=place) for place in range(number)]

    turn = asyncio.run(written(base_url, shop, plans(INCIDENTS), "turn", check=False))
    scene = asyncio.run(written(base_url, shop, plans(WHOLE), "scene", check=True))
    return "\n".join(
        [
            f"The writer, {LATENCY * 1000:.0f} ms a call",
            "",
            "| what | incidents | calls | seconds | over the bound | CPU ms a call |",
            "|---|--:|--:|--:|--:|--:|",
            _row("turn: prompts, calls, store", INCIDENTS, turn),
            _row("scene: written, assembled, checked", WHOLE, scene),
            "",
            f"Bar for turn: at most {TURN_BAR} times the bound.",
        ]
    )


def _row(what: str, incidents: int, run: Run) -> str:
    return (
        f"| {what} | {incidents} | {run.calls} | {run.seconds:.1f} | {run.over_bound:.3f} "
        f"| {run.cpu / run.calls * 1000:.2f} |"
    )


def main() -> None:
    """Print the table."""
    with server(*PLAYED) as base_url:
        sys.stdout.write(table(base_url) + "\n")


if __name__ == "__main__":
    main()
