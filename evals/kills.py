"""A run that is killed at any moment and started again: ``python -m evals.kills``.

`slackincidents generate ... --writer openai` runs against the played model, undisturbed once, then killed (-9) at
seeded moments (after so many calls, and a little later) and started again with --resume. The files must be the same
bytes, and no reply that was finished (in the store when the process died) may be asked for again: the server's ledger
and the store say so.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from urllib.request import urlopen

from pydantic import JsonValue, TypeAdapter

from evals.faults import ROOT, playing
from slackincidents.chat.recorded import Entry
from slackincidents.seeds import Seed
from tests.chat.server import REPLIES, Question
from tests.chat.spoiling import SPOILERS

KILLS = 50
INCIDENTS = 6
CONCURRENCY = 4
LATENCY = 0.08
POLL = 0.005
QUIET_POLLS = 5
SHARE = 0.2
KINDS = ",".join(kind for kind in (*REPLIES, *SPOILERS) if kind not in ("no-json", "wrong-shape"))
"""Faults that hang on the question alone: a line that broke once need not break the next time."""

_LEDGER = TypeAdapter(tuple[str, str | None, int, bool])


@dataclass
class Outcome:
    """What came of all kills. `early` and `late` count those before the first call and after the last file."""

    kills: int = 0
    same: int = 0
    repeated: int = 0
    cut_short: int = 0
    early: int = 0
    late: int = 0
    reused: int = 0
    paid: int = 0
    trouble: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether all files are the same and nothing finished was asked for again."""
        return self.same == self.kills and not self.repeated and not self.trouble


@dataclass(frozen=True)
class Moment:
    """When to kill: after so many calls reached the server, and so many seconds later."""

    calls: int
    later: float


@dataclass(frozen=True)
class Bench:
    """A place to run in: the server's address and ledger, and a folder."""

    base_url: str
    ledger: Path
    folder: Path
    incidents: int = INCIDENTS

    def started(self, name: str, *, resume: bool) -> subprocess.Popen[bytes]:
        """The command, running."""
        command = [
            *(sys.executable, "-m", "slackincidents", "generate", "random", "--seed", "3"),
            *("--variants", str(self.incidents), "--writer", "openai", "--concurrency", str(CONCURRENCY)),
            *("--format", "json", "-o", str(self.folder / name), *(("--resume",) if resume else ())),
        ]
        environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "SLACKINCIDENTS_"))},
            "OPENAI_API_KEY": "played",
            "OPENAI_BASE_URL": self.base_url,
            "OPENAI_MODEL": "played",
            "SLACKINCIDENTS_CACHE": str(self.store(name)),
        }
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def store(self, name: str) -> Path:
        """Where a run keeps its replies."""
        return self.folder / f"{name}.replies"

    def files(self, name: str) -> dict[str, bytes]:
        """What a run wrote, by name."""
        folder = self.folder / name
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    def stored(self, name: str) -> Counter[str]:
        """The questions whose replies are in the store."""
        entries = self.store(name).glob("??/*.json")
        return Counter(key_of(Entry.model_validate_json(path.read_bytes())) for path in entries)

    def asked(self, after: int = 0) -> list[tuple[str, bool]]:
        """The questions in the ledger from a line on, and whether the reply was sent whole."""
        whole = self.ledger.read_text(encoding="utf-8").rpartition("\n")[0] if self.ledger.exists() else ""
        lines = whole.splitlines()[after:]
        found = map(_LEDGER.validate_json, lines)
        return [(key, completed) for key, _, _, completed in found]


def key_of(entry: Entry) -> str:
    """What the server calls the question of an entry."""
    asked = entry.request
    messages: list[JsonValue] = [{"role": said.role, "content": said.content} for said in asked.messages]
    return Question.model_validate({"model": asked.model, "seed": asked.seed, "messages": messages}).key


@contextmanager
def bench(incidents: int = INCIDENTS) -> Iterator[Bench]:
    """A server and a folder, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.jsonl"
        with playing(SHARE, "kills", ledger, latency=LATENCY, kinds=KINDS) as base_url:
            yield Bench(base_url, ledger, Path(folder), incidents)


def finished(place: Bench, name: str, *, resume: bool) -> str:
    """Run to the end; what it said on stderr if that was no success."""
    process = place.started(name, resume=resume)
    _, said = process.communicate()
    return "" if process.returncode == 0 else f"{name}: exit {process.returncode}: {said.decode()[-400:]}"


def run(kills: int = KILLS, incidents: int = INCIDENTS, seed: str = "1") -> Outcome:
    """Once undisturbed, then killed and started again, `kills` times."""
    outcome = Outcome()
    rng = Seed(seed).child("kills").rng()
    with bench(incidents) as place:
        outcome.trouble += filter(None, [finished(place, "undisturbed", resume=False)])
        good, calls = place.files("undisturbed"), len(place.asked())
        for number in range(kills):
            moment = Moment(rng.randrange(calls + 1), rng.uniform(0, 2 * LATENCY))
            killed(place, f"run-{number}", moment, good, calls, outcome)
    return outcome


def killed(place: Bench, name: str, moment: Moment, good: dict[str, bytes], calls: int, outcome: Outcome) -> None:
    """Kill one run at a moment, go on with it, and compare."""
    start = len(place.asked())
    process = place.started(name, resume=False)
    while process.poll() is None and len(place.asked(start)) < moment.calls:
        sleep(POLL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(moment.later)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    quiet(place)
    before, there = place.asked(start), place.stored(name)
    middle = len(place.asked())
    outcome.trouble += filter(None, [finished(place, name, resume=True)])
    after = Counter(key for key, _ in place.asked(middle))
    outcome.kills += 1
    found = place.files(name)
    outcome.same += found == good
    outcome.trouble += [
        f"{name}: {file} differs" for file in sorted(found.keys() | good) if found.get(file) != good.get(file)
    ]
    outcome.repeated += sum((after & there).values())
    outcome.cut_short += len(before) - there.total()
    outcome.early += not before
    outcome.late += there.total() == calls
    outcome.reused += there.total()
    outcome.paid += after.total()
    if there + after != place.stored(name):
        outcome.trouble.append(f"{name}: what was stored and what was asked after do not add up")


def quiet(place: Bench) -> None:
    """Wait until the server has dealt with what was under way when the process died."""
    idle = 0
    while idle < QUIET_POLLS:
        with urlopen(f"{place.base_url}/in-flight") as said:
            idle = idle + 1 if said.read() == b"0" else 0
        sleep(4 * POLL)


def report(outcome: Outcome) -> str:
    """The figures, as Markdown."""
    return "\n".join(
        [
            f"{outcome.kills} kills of a run of {INCIDENTS} incidents, every fifth reply faulty:",
            f"{outcome.same} ended in the same bytes as undisturbed; {outcome.repeated} finished calls were repeated.",
            f"{outcome.early} came before the first call, {outcome.late} after the last; {outcome.reused} replies were",
            f"reused, {outcome.paid} asked for after the kill, {outcome.cut_short} were under way when it came.",
            "",
        ]
    )


def main() -> None:
    """Run and print; exit 1 when anything differs or is paid for twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", default="1")
    said = parser.parse_args()
    outcome = run(said.kills, seed=said.seed)
    sys.stdout.write(report(outcome))
    sys.stderr.writelines(f"{problem}\n" for problem in outcome.trouble)
    raise SystemExit(0 if outcome.met else 1)


if __name__ == "__main__":
    main()
