"""Many incidents written by a model of whose replies every fifth is faulty: ``python -m evals.faults [--write]``.

The model is played by the offline writer (`evals.played_model`) behind a server that really listens, in a process of
its own. Faults are of the line, of the reply and of its content, all kinds equally likely, drawn by seed. Every
incident is planned again afterwards from what it says of itself, and compared beat by beat.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from evals.played_model import workshop
from slackincidents.chat.opening import OpenChat, Terms, open_chat
from slackincidents.chat.patience import Patience
from slackincidents.errors import CheckFailed
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.incident import Spoken
from slackincidents.schema.plan import Kind, Plan
from slackincidents.settings import Settings
from slackincidents.validator import check
from slackincidents.writer.opening import OpenAIWriter
from tests.chat.server import AFTER, ALL_FAULTS, BEFORE
from tests.chat.spoiling import TRACES

RESULTS = Path(__file__).parent / "faults.md"
ROOT = Path(__file__).parents[1]
INCIDENTS = 1_000
SHARE = 0.2
SIDE_BY_SIDE = 16
TERMS = Terms(SIDE_BY_SIDE, patience=Patience(attempts=10, first=0.05, longest=1.0), timeout=8.0)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINE = (*BEFORE, *AFTER, "no-json", "wrong-shape")


@dataclass
class Outcome:
    """What came of it all. `faults` counts replies by what was wrong with them, None for nothing."""

    incidents: int = 0
    clean: int = 0
    failed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    repaired: int = 0
    fell_back: int = 0
    touched: int = 0
    paid: int = 0
    retries: int = 0
    faults: Counter[str | None] = field(default_factory=Counter)
    seconds: float = 0.0
    memory: float = 0.0

    @property
    def replies(self) -> int:
        """All replies, good and faulty."""
        return self.faults.total()

    @property
    def share(self) -> float:
        """Of faulty replies among all."""
        return 1 - self.faults[None] / max(1, self.replies)

    @property
    def doubled(self) -> list[str]:
        """Incidents that came more than once."""
        return [name for name, times in self.names.items() if times > 1]

    def met(self, wanted: int) -> bool:
        """Whether every incident is there once, whole and clean."""
        there = self.incidents == self.clean == wanted == len(self.names)
        return there and not (self.failed or self.missing or self.traces or self.doubled)


@contextmanager
def playing(share: float, seed: str, ledger: Path, *, latency: float = 0.0, kinds: str = "") -> Iterator[str]:
    """The played model behind its server; the address."""
    command = [
        *(sys.executable, "-m", "tests.chat.server", "--answer", "evals.played_model:answer"),
        *("--spoilers", "evals.played_model:SPOILERS", "--faults", str(share), "--seed", seed),
        *("--latency", str(latency), "--ledger", str(ledger), "--kinds", kinds or ",".join(ALL_FAULTS)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def made(shop: Workshop, chat: OpenChat, writer: OpenAIWriter, incidents: int, outcome: Outcome) -> None:
    """Make them all, all scenarios before the next seed, and look at each."""
    names = shop.library.skeleton_names()
    plans = (shop.plan(names[number % len(names)], seed=number) for number in range(incidents))
    author = writer.over(chat, shop.library)
    async for number, result in shop.finish_all(plans, author, side_by_side=SIDE_BY_SIDE):
        if isinstance(result, CheckFailed):
            outcome.failed.append(f"{number}: {result}")
        else:
            look(shop, result, outcome)


def look(shop: Workshop, incident: Incident, outcome: Outcome) -> None:
    """Plan an incident again from what it says of itself, and compare."""
    name, origin = incident.scenario_id, incident.provenance
    plan = shop.replan(incident)
    outcome.incidents += 1
    outcome.names[name] += 1
    if plan is None or origin is None:
        outcome.missing.append(f"{name}: cannot be planned again")
        return
    outcome.clean += check(incident, catalogue=shop.stage.catalogue, people=shop.stage.people, plan=plan).clean
    outcome.missing += [f"{name}: {what}" for what in lacking(plan, incident)]
    spoken = [event for event in incident.timeline if isinstance(event, Spoken)]
    outcome.traces += [f"{name}: {event.content}" for event in spoken if traced(event)]
    outcome.messages += len(spoken)
    outcome.repaired += len(origin.repaired)
    outcome.fell_back += len(origin.fell_back)
    outcome.touched += bool(origin.repaired or origin.fell_back)


def lacking(plan: Plan, incident: Incident) -> Iterator[str]:
    """Beats without an event or a text, and events without a beat."""
    if len(plan.beats) != len(incident.timeline):
        yield f"{len(plan.beats)} beats, {len(incident.timeline)} events"
    for beat, event in zip(plan.beats, incident.timeline, strict=False):
        if beat.at != event.offset_seconds or (beat.kind is not Kind.ALERT and not (event.text or "").strip()):
            yield f"{beat.id} is not there"


def traced(event: Spoken) -> bool:
    """Whether what was put into a faulty reply is still there. Code is the engine's own, stars and all."""
    text = CODE.sub("", event.content)
    return text.startswith(f"{event.user}: ") or any(trace in text for trace in TRACES)


def run(incidents: int, share: float = SHARE, seed: str = "1") -> Outcome:
    """The whole run, with an empty store."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.jsonl"
        with playing(share, seed, ledger) as base_url:
            settings = Settings(
                openai_api_key=SecretStr("played"),
                openai_base_url=base_url,
                openai_model="played",
                replies=Path(folder),
            )
            start = perf_counter()
            asyncio.run(_asked(settings, incidents, outcome))
            outcome.seconds = perf_counter() - start
        lines = ledger.read_text(encoding="utf-8").splitlines()
        outcome.faults = Counter(json.loads(line)[1] for line in lines)
    outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome


async def _asked(settings: Settings, incidents: int, outcome: Outcome) -> None:
    async with open_chat(settings, TERMS) as chat:
        await made(workshop(), chat, OpenAIWriter(settings=settings), incidents, outcome)
        outcome.paid, outcome.retries = chat.counts.paid, chat.retrying.retries


def report(outcome: Outcome, wanted: int) -> str:
    """The figures, as Markdown."""
    line = sum(count for kind, count in outcome.faults.items() if kind in LINE)
    rows: Mapping[str, str] = {
        "incidents asked for, made, clean": f"{wanted:,}, {outcome.incidents:,}, {outcome.clean:,}",
        "failed, lost, doubled": f"{len(outcome.failed)}, {wanted - len(outcome.names)}, {len(outcome.doubled)}",
        "beats without an event or a text": f"{len(outcome.missing)}",
        "messages that still hold what a fault put in": f"{len(outcome.traces)}",
        "replies, faulty among them": f"{outcome.replies:,}, {outcome.share:.1%}",
        "faults of the line, asked again by the retry layer": f"{line:,}, {outcome.retries:,}",
        "replies kept in the store": f"{outcome.paid:,}",
        "messages": f"{outcome.messages:,}",
        "of them written again by the model": f"{outcome.repaired:,}",
        "of them filled in by the offline writer": f"{outcome.fell_back:,}",
        "incidents with one or the other": f"{outcome.touched:,}",
        "peak memory, MiB": f"{outcome.memory:.0f}",
        "seconds": f"{outcome.seconds:.0f}",
    }
    kinds = sorted((kind, count) for kind, count in outcome.faults.items() if kind)
    return "\n".join(
        [
            "# A model that gets every fifth reply wrong",
            "",
            "`python -m evals.faults --write` makes this file. The model is played by the offline writer behind a",
            "server that really listens; what goes wrong is drawn by seed. Scenes, three rounds of repair.",
            "",
            "| | |",
            "|---|--:|",
            *(f"| {name} | {value} |" for name, value in rows.items()),
            "",
            "| fault | replies |",
            "|---|--:|",
            *(f"| {kind} | {count:,} |" for kind, count in kinds),
            "",
        ]
    )


def main() -> None:
    """Run and print; exit 1 when an incident is lost, doubled or not clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    said = parser.parse_args()
    outcome = run(said.incidents, said.share, said.seed)
    text = report(outcome, said.incidents)
    sys.stdout.write(text)
    for problem in [*outcome.failed, *outcome.missing, *outcome.traces][:20]:
        sys.stderr.write(f"{problem}\n")
    if said.write:
        RESULTS.write_text(text, encoding="utf-8")
    raise SystemExit(0 if outcome.met(said.incidents) else 1)


if __name__ == "__main__":
    main()
