"""Time and memory of whole histories: ``python -m evals.bench_workspace [--write]``.

Each run is a process of its own, two workers, offline. The floor is what the same incidents cost when they are planned
and told one after another in this process, without a history around them.
"""

from __future__ import annotations

import argparse
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

from slackincidents.assembly import assemble
from slackincidents.pipeline import Workshop
from slackincidents.realism.report import table
from slackincidents.schema.workspace import Mix, Order
from slackincidents.workspace.engines import Here, Processes, Shelf
from slackincidents.workspace.making import make, making_of
from slackincidents.workspace.shards import manifest_of
from slackincidents.writer import OfflineWriter

HERE = Path(__file__).parent
START = date(2025, 3, 3)
MONTH, TEN_MONTHS = 30, 300
FLOOR = 60
NOISE_DAYS, NOISE_A_DAY = 20, 5000.0

RUNS = {
    "month": Order(seed="1", start=START, days=MONTH),
    "ten months": Order(seed="1", start=START, days=TEN_MONTHS),
    "noise": Order(
        seed="1", start=START, days=NOISE_DAYS, mix=Mix(incidents=0, noise=NOISE_A_DAY, deploys=0, talk=0, weekend=1.0)
    ),
}
HEAD = """# Bench: histories

Written by `python -m evals.bench_workspace --write`; do not edit. Python {python}, {cores} cores, two workers, offline.

{rows}

Ten months against one: {growth:.2f} times the time for ten times the days (bar: 10.5). One incident alone, planned and
told in a process of its own, costs {floor:.1f} ms (the floor); in the month an incident costs {share:.2f} times that of
the two workers' time, noise, deploys, talk, the walk, validation and files included.
"""
COLUMNS = (
    "history",
    "entries",
    "incidents",
    "seconds",
    "entries a second",
    "peak MiB, walker",
    "peak MiB, a worker",
    "MB",
)


def run(name: str, workers: int) -> None:
    """Make one history in this process and print what it took."""
    workshop = Workshop.open()
    folder = Path(tempfile.mkdtemp(prefix="history-"))
    try:
        started = perf_counter()
        engine = Here(workshop) if workers == 1 else Processes(Shelf.of(workshop.library), workers)
        make(folder / "h", workshop, making_of(workshop, RUNS[name]), engine)
        seconds = perf_counter() - started
        manifest = manifest_of(folder / "h")
        own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        told = sum(shard.told for shard in manifest.shards)
        real = sum(shard.counts.get("incident", 0) for shard in manifest.shards)
        size = sum(shard.bytes for shard in manifest.shards)
        sys.stdout.write(f"{seconds} {told} {real} {own // 1024} {children // 1024} {size}\n")
    finally:
        shutil.rmtree(folder)


def measured(name: str, workers: int = 2) -> list[float]:
    """What one run in a process of its own took."""
    sys.stderr.write(f"{name}\n")
    command = [sys.executable, "-m", "evals.bench_workspace", "--run", name, "--workers", str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent)
    return [float(value) for value in done.stdout.split()]


def floor() -> float:
    """Milliseconds that one incident takes, planned, told and assembled, without a check."""
    workshop = Workshop.open()
    writer = OfflineWriter(workshop.banks)
    names = workshop.library.skeleton_names()
    started = perf_counter()
    for seed in range(FLOOR):
        plan = workshop.plan(names[seed % len(names)], seed=seed)
        assemble(plan, writer.compose(plan))
    return (perf_counter() - started) * 1000 / FLOOR


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; with --write, also keep them. 1 when the growth bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run", choices=tuple(RUNS))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.run:
        run(options.run, options.workers)
        return 0
    found = {name: measured(name) for name in RUNS}
    rows = [_row(name, figures) for name, figures in found.items()]
    growth = found["ten months"][0] / found["month"][0]
    month, alone = found["month"], floor()
    text = HEAD.format(
        python=platform.python_version(),
        cores=2,
        rows=table(COLUMNS, rows, True),
        growth=growth,
        floor=alone,
        share=2 * month[0] * 1000 / month[2] / alone,
    )
    sys.stdout.write(text)
    if options.write:
        (HERE / "bench_workspace.md").write_text(text, encoding="utf-8")
    return int(growth > 10.5)


def _row(name: str, figures: list[float]) -> tuple[str, ...]:
    seconds, told, real, own, worker, size = figures
    return (
        f"{name}: {RUNS[name].days} days",
        f"{told:,.0f}",
        f"{real:,.0f}",
        f"{seconds:.1f}",
        f"{told / seconds:.0f}",
        f"{own:.0f}",
        f"{worker:.0f}",
        f"{size / 1e6:.1f}",
    )


if __name__ == "__main__":
    raise SystemExit(main())
