"""How fast incidents are made offline, and what making many costs: ``python -m evals.bench [--full] [--write]``."""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar, get_args

from slackincidents.assembly import assemble
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.plan import Pace, Plan
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter

Result = TypeVar("Result")
RESULTS = Path(__file__).parent / "bench.md"
SIZES = (1, 10, 100, 1_000)
FULL = 10_000
SAMPLE = 48
"""Incidents for the comparison of steps: every scenario with a few seeds."""


@dataclass(frozen=True)
class Steps:
    """Median milliseconds of each step of one incident; `floor` is parsing and dumping its file."""

    pace: str
    messages: float
    plan: float
    write: float
    assemble: float
    validate: float
    floor: float

    @property
    def whole(self) -> float:
        """All steps together."""
        return self.plan + self.write + self.assemble + self.validate


@dataclass(frozen=True)
class Growth:
    """Making `incidents` of them in one process: seconds, and the process's peak memory before and after."""

    pace: str
    incidents: int
    seconds: float
    start_mb: float
    peak_mb: float


def cases(shop: Workshop) -> Iterator[tuple[str, int]]:
    """Scenario and seed, all scenarios before the next seed, without end."""
    seed = 0
    while True:
        yield from ((name, seed) for name in shop.library.skeleton_names())
        seed += 1


def steps(shop: Workshop, pace: Pace) -> Steps:
    """Time every step over the sample, once warm."""
    list(islice(made(shop, pace), 12))
    rows = [timed_steps(shop, name, seed, pace) for name, seed in islice(cases(shop), SAMPLE)]
    columns = list(zip(*rows, strict=True))
    messages, plan, write, assembly, validate, floor = (median(column) for column in columns)
    return Steps(pace, messages, plan, write, assembly, validate, floor)


def timed_steps(shop: Workshop, name: str, seed: int, pace: Pace) -> tuple[float, ...]:
    """Events and milliseconds of the steps of one incident."""
    writer = OfflineWriter(shop.banks)
    plan, planning = clock(lambda: shop.plan(name, seed=seed, pace=pace))
    draft, writing = clock(lambda: writer.compose(plan))
    incident, assembling = clock(lambda: assemble(plan, draft))
    _, validating = clock(lambda: validated(shop, incident, plan))
    text = incident.to_json()
    _, floor = clock(lambda: Incident.model_validate_json(text).to_json())
    return len(incident.timeline), planning, writing, assembling, validating, floor


def validated(shop: Workshop, incident: Incident, plan: Plan) -> int:
    """The number of findings."""
    return len(check(incident, catalogue=shop.stage.catalogue, people=shop.stage.people, plan=plan).findings)


def clock(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gives, and its milliseconds."""
    start = perf_counter()
    result = work()
    return result, (perf_counter() - start) * 1000


def made(shop: Workshop, pace: Pace) -> Iterator[Incident]:
    """Finished and validated incidents, one after another, none kept."""
    writer = OfflineWriter(shop.banks)
    for name, seed in cases(shop):
        plan = shop.plan(name, seed=seed, pace=pace)
        incident = assemble(plan, writer.compose(plan))
        validated(shop, incident, plan)
        yield incident


def grow(pace: Pace, incidents: int) -> Growth:
    """Make so many in this process, opening the workshop included."""
    before = peak_mb()
    start = perf_counter()
    for _ in islice(made(Workshop.open(), pace), incidents):
        pass
    return Growth(pace, incidents, perf_counter() - start, before, peak_mb())


def peak_mb() -> float:
    """The most memory this process had so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def apart(pace: Pace, incidents: int) -> Growth:
    """The same in a process of its own, so that each size has its own peak."""
    command = [sys.executable, "-m", "evals.bench", "--grow", str(incidents), "--pace", pace]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Growth(**json.loads(printed))


def report(rows: Sequence[Steps], growth: Sequence[Growth]) -> str:
    """Both tables in Markdown."""
    return "\n".join(
        [
            "# Speed",
            "",
            f"Python {platform.python_version()}, {platform.machine()}, one process, offline writer.",
            "`make bench` makes this file.",
            "",
            f"Median of {SAMPLE} incidents, milliseconds. The floor is the same incident's file,",
            "parsed and dumped by Pydantic and nothing else.",
            "",
            "| pace | events | plan | write | assemble | validate | whole | floor | whole / floor | a second |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(steps_row(row) for row in rows),
            "",
            "Many in one process, opening the library included, none kept:",
            "",
            "| pace | incidents | seconds | incidents a second | peak memory, MB | of it imports, MB |",
            "|---|--:|--:|--:|--:|--:|",
            *(growth_row(row) for row in growth),
            "",
        ]
    )


def steps_row(row: Steps) -> str:
    """One line of the first table."""
    parts = (row.plan, row.write, row.assemble, row.validate, row.whole, row.floor)
    figures = " | ".join(f"{part:.1f}" for part in parts)
    return f"| {row.pace} | {row.messages:.0f} | {figures} | {row.whole / row.floor:.0f} | {1000 / row.whole:.0f} |"


def growth_row(row: Growth) -> str:
    """One line of the second table."""
    pace = row.incidents / row.seconds
    return (
        f"| {row.pace} | {row.incidents:,} | {row.seconds:.2f} | {pace:.0f} | {row.peak_mb:.0f} | {row.start_mb:.0f} |"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; with --write, keep them too."""
    options = _parser().parse_args(arguments)
    if options.grow:
        sys.stdout.write(json.dumps(asdict(grow(options.pace or "real", options.grow))))
        return 0
    sizes = [size for size in (*SIZES, FULL) if size <= (FULL if options.full else options.most)]
    paces: tuple[Pace, ...] = (options.pace,) if options.pace else get_args(Pace)
    shop = Workshop.open()
    text = report([steps(shop, pace) for pace in paces], [apart(pace, size) for pace in paces for size in sizes])
    sys.stdout.write(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", choices=get_args(Pace), help="one pace only")
    parser.add_argument("--full", action="store_true", help=f"up to {FULL:,} incidents")
    parser.add_argument("--most", type=int, default=SIZES[-1], metavar="N", help="sizes up to this one")
    parser.add_argument("--write", action="store_true", help="keep the tables in evals/bench.md")
    parser.add_argument("--grow", type=int, default=0, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
