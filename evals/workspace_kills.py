"""Histories that are killed at random moments and gone on with: ``python -m evals.workspace_kills [--runs N]``.

Each run is killed with SIGKILL again and again until it has come to its end; then its bytes must be those of the
undisturbed one.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from slackincidents.workspace.shards import manifest_of

DAYS = "10"
COMMAND = [sys.executable, "-m", "slackincidents", "workspace", "--days", DAYS, "--seed", "4", "--workers", "2", "-o"]


def main(arguments: list[str] | None = None) -> int:
    """Print how the runs went; 1 when one of them ends otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args(arguments).runs
    rng = random.Random("killed histories")
    place = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        subprocess.run([*COMMAND, str(place / "whole")], check=True, capture_output=True)
        wanted = manifest_of(place / "whole").sha256
        kills, same = 0, 0
        for run in range(runs):
            folder = place / f"h{run}"
            kills += killed(folder, rng)
            same += manifest_of(folder).sha256 == wanted and not list(folder.rglob("*.part"))
            sys.stderr.write(f"{run + 1}/{runs}\n")
        sys.stdout.write(f"{same} of {runs} histories end with the hash of the undisturbed one after {kills} kills\n")
        return int(same != runs)
    finally:
        shutil.rmtree(place)


def killed(folder: Path, rng: random.Random) -> int:
    """Kill the command until it comes to its end once; how often it was killed."""
    count = 0
    while True:
        running = subprocess.Popen([*COMMAND, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(rng.uniform(1.0, 6.0))
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            count += 1
            continue
        if running.returncode != 0:
            raise SystemExit(f"{folder} ended with {running.returncode}")
        return count


if __name__ == "__main__":
    raise SystemExit(main())
