"""What the model writer costs beside the bare client: ``python -m evals.bench_model [--write]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals import bench_chat, bench_writer

RESULTS = Path(__file__).with_suffix(".md")


def report() -> str:
    """Both tables in Markdown."""
    calls = bench_chat.table([bench_chat.measured(flight) for flight in bench_chat.FLIGHTS])
    with bench_chat.server(*bench_writer.PLAYED) as base_url:
        writer = bench_writer.table(base_url)
    return "\n".join(
        [
            "# The model writer",
            "",
            "Two cores, Python 3.11. `make bench` makes this file.",
            "",
            "Our stack (store, retries, gate, adapter) beside the bare `client.post` of the openai package, the same",
            f"calls in the same run. Bars: efficiency at least {bench_chat.EFFICIENCY} of the floor's, CPU at most",
            f"{bench_chat.CPU} times.",
            "",
            calls,
            "",
            writer,
            "",
            "What prompts cost in tokens stands in [prompts.md](prompts.md), a thousand incidents with a faulty model,",
            "and their memory, in [faults.md](faults.md).",
        ]
    )


def main() -> None:
    """Print the tables; with --write, keep them too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {RESULTS.name}")
    options = parser.parse_args()
    text = report() + "\n"
    sys.stdout.write(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
