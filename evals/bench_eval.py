"""How long an evaluation takes, and how much memory: ``python -m evals.bench_eval 1000 10000``.

Each size runs in a process of its own, from lines of JSON as `slackincidents eval FILE.jsonl` reads them, with
grounding, classifiers and the reference. The incidents are 60 different ones, again and again under new ids: reading
and measuring one costs the same whether it was seen before or not, and nothing that is kept depends on it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from evals.corpus import generate
from slackincidents.cli.eval import tracer
from slackincidents.pipeline import Workshop
from slackincidents.realism.base import Reading
from slackincidents.realism.evaluation import evaluate
from slackincidents.realism.how import How
from slackincidents.realism.references import open_reference
from slackincidents.schema.incident import IncidentRecord

EACH = 5
SIZES = (1_000, 10_000)
RUN = "--run"


def main(words: list[str]) -> int:
    """One process a size; prints seconds and peak memory."""
    if words[:1] == [RUN]:
        return run(Path(words[1]), int(words[2]))
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "incidents.jsonl"
        write(lines)
        for size in map(int, words or SIZES):
            subprocess.run([sys.executable, "-m", "evals.bench_eval", RUN, str(lines), str(size)], check=True)
    return 0


def write(path: Path) -> None:
    """The different incidents, one a line."""
    workshop = Workshop.open()
    names = workshop.library.skeleton_names()[:12]
    cases = (case for name in names for case in generate(workshop, name, range(EACH)))
    dumped = (case.incident.model_dump_json(by_alias=True, exclude_none=True) for case in cases)
    path.write_text("".join(f"{line}\n" for line in dumped), encoding="utf-8")


def run(path: Path, size: int) -> int:
    """Evaluate so many incidents, and say what it took."""
    started = time.perf_counter()
    found = evaluate(readings(path, size), open_reference(), How(trace=tracer(Workshop.open()), say=told), str(size))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = f"{found.set.incidents} incidents, {found.set.lines} lines: {seconds:.0f} s, peak {peak:.0f} MiB"
    sys.stdout.write(f"{line}, {found.passing:.0%} of the checks pass\n")
    return 0


def told(news: str) -> None:
    """Memory before each long step, to stderr."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stderr.write(f"{time.perf_counter():.0f} {news}: {peak:.0f} MiB so far\n")


def readings(path: Path, size: int) -> Iterator[Reading]:
    """The lines over and over, one in memory at a time."""
    made = 0
    while made < size:
        with path.open(encoding="utf-8") as source:
            for line in source:
                record = IncidentRecord.model_validate_json(line)
                yield Reading.of(record, f"{record.scenario_id}-{made}")
                made += 1
                if made == size:
                    return


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
