"""What the model writer's prompts cost: calls, tokens, what a provider can keep, and the time to render them."""

from __future__ import annotations

import argparse
import gc
import time
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from slackincidents.chat.base import ChatRequest, Message
from slackincidents.chat.tokens import estimate_request, estimate_tokens
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Plan
from slackincidents.writer.answers import LINES
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts
from slackincidents.writer.scenes import GRANULARITIES, Granularity

REPORT = Path(__file__).with_name("prompts.md")
KEPT_FROM = 1024
"""Tokens from which a provider keeps a prefix."""

MOST_CALLS, MOST_TOKENS, LEAST_KEPT = 0.15, 250.0, 0.6
"""The bars for windows: calls a message, prompt tokens a message, share of tokens in kept prefixes."""


@dataclass(frozen=True)
class Cost:
    """Of many incidents: what was sent, and how long it took to render."""

    granularity: Granularity
    incidents: int
    calls: int
    messages: int
    tokens: int
    kept: int
    quarters: int
    """tokens by the plain rule: characters through four, rounded up for each message"""
    milliseconds: float
    """CPU for one call, all that an incident's session works out once included"""

    @property
    def calls_per_message(self) -> float:
        """Calls for each message a model writes."""
        return self.calls / self.messages

    @property
    def tokens_per_message(self) -> float:
        """Prompt tokens for each message a model writes."""
        return self.tokens / self.messages

    @property
    def kept_share(self) -> float:
        """Share of prompt tokens in beginnings of 1,024 or more that an earlier call of the scenario sent."""
        return self.kept / self.tokens


def measure(granularity: Granularity, scenarios: Sequence[str], seeds: Iterable[int], library: Library) -> Cost:
    """Render everything that would be sent for these incidents, one after the other."""
    workshop, prompts = Workshop.open(library), Prompts.of(library)
    calls = messages = tokens = kept = quarters = incidents = 0
    spent = 0.0
    for name in scenarios:
        sent: list[str] = []
        for seed in seeds:
            plan = workshop.plan(name, seed=seed)
            incidents += 1
            rendered, seconds = _rendered(prompts, plan, granularity, OfflineWriter(workshop.banks))
            spent += seconds
            for request, asked in rendered:
                calls, messages = calls + 1, messages + asked
                tokens += estimate_request(ChatRequest(model="any", messages=request, shape=LINES))
                quarters += sum(-(-len(message.content) // 4) for message in request)
                kept += _kept("\n".join(message.content for message in request), sent)
    return Cost(granularity, incidents, calls, messages, tokens, kept, quarters, spent * 1000 / calls)


def _rendered(
    prompts: Prompts, plan: Plan, granularity: Granularity, writer: OfflineWriter
) -> tuple[list[tuple[tuple[Message, ...], int]], float]:
    """Every call of one incident with the number of beats it asks for, and the CPU seconds it took."""
    texts = writer.compose(plan).texts
    gc.collect()
    before = time.process_time()
    session = prompts.session(plan)
    found = [(session.scene(scene, texts), len(scene.ids)) for scene in session.scenes(granularity)]
    return found, time.process_time() - before


def _kept(text: str, sent: list[str]) -> int:
    """Tokens of the longest beginning that an earlier text has too; nothing below `KEPT_FROM`."""
    place = bisect_left(sent, text)
    shared = max((_common(text, other) for other in sent[max(0, place - 1) : place + 1]), default=0)
    insort(sent, text)
    tokens = estimate_tokens(text[:shared])
    return tokens if tokens >= KEPT_FROM else 0


def _common(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


HEAD = """# What the prompts cost

Written by `python -m evals.prompts`; do not edit. All skeletons, {seeds} seeds each, real pace. Tokens as
`slackincidents.chat.tokens` counts them, the answer's schema included; beside them the plain rule, characters through
four. "Kept" is the share of prompt tokens in beginnings of 1,024 tokens or more that an earlier call of the same
scenario sent already: providers keep those. Milliseconds are CPU, what an incident's session works out included.

Bars, for windows (`scene`): calls a message <= {calls}, tokens a message <= {tokens:.0f}, kept >= {kept:.0%}.

| granularity | incidents | calls | messages | calls a message | tokens a message | characters/4 | kept | ms a call |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def page(costs: Iterable[Cost], seeds: int) -> str:
    """The whole report, as Markdown."""
    head = HEAD.format(seeds=seeds, calls=MOST_CALLS, tokens=MOST_TOKENS, kept=LEAST_KEPT)
    return head + "".join(f"{row(cost)}\n" for cost in costs)


def row(cost: Cost) -> str:
    """The figures of one granularity."""
    return (
        f"| {cost.granularity} | {cost.incidents} | {cost.calls} | {cost.messages} | {cost.calls_per_message:.3f} "
        f"| {cost.tokens_per_message:.1f} | {cost.quarters / cost.messages:.1f} | {cost.kept_share:.1%} "
        f"| {cost.milliseconds:.2f} |"
    )


def main() -> None:
    """Measure all granularities and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("-o", type=Path, default=REPORT)
    options = parser.parse_args()
    library = Library()
    names = library.skeleton_names()
    costs = [measure(one, names, range(options.seeds), library) for one in GRANULARITIES]
    text = page(costs, options.seeds)
    options.o.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - the report is what the program is for


if __name__ == "__main__":
    main()
