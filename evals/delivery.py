"""What faults and kills do to a delivery: ``python -m evals.delivery``. Counts; asserts nothing."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from slackincidents.seeds import Seed
from tests.slack.faults import Fault
from tests.slack.kills import SPEED, Killed, killings
from tests.slack.practice import SCENARIO, SEED, Verdict, incident
from tests.slack.sweep import Outcome, cases, reference, swept

RESULTS = Path(__file__).parent / "delivery.md"
KILLS = 200
SHOWN = 10
"""Bad cases that are listed; the rest are counted."""


@dataclass(frozen=True)
class Row:
    """One line of a table: what was tried, how often, and what came of it."""

    name: str
    tried: int
    lost: int
    doubled: int
    other: int
    unfinished: int

    @classmethod
    def of(cls, name: str, verdicts: Sequence[Verdict], failures: Iterable[str], tried: int | None = None) -> Row:
        """Add up."""
        return cls(
            name,
            len(verdicts) if tried is None else tried,
            sum(verdict.lost for verdict in verdicts),
            sum(verdict.doubled for verdict in verdicts),
            sum(verdict.other for verdict in verdicts),
            sum(bool(failure) for failure in failures),
        )

    def line(self) -> str:
        """In Markdown."""
        return f"| {self.name} | {self.tried} | {self.lost} | {self.doubled} | {self.other} | {self.unfinished} |"


def by_method(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row for each method that a fault hit; a case with two faults counts where the second one hit."""
    aims = {id(outcome): outcome.struck[-1][0] if outcome.struck else "no call at all" for outcome in outcomes}
    names = sorted(set(aims.values()))
    return [row(name, [outcome for outcome in outcomes if aims[id(outcome)] == name]) for name in names]


def by_fault(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row for each kind of fault."""
    return [row(fault.value, [one for one in outcomes if one.case.orders[-1].fault == fault]) for fault in Fault]


def row(name: str, outcomes: Sequence[Outcome]) -> Row:
    """One row of some outcomes."""
    return Row.of(name, [outcome.verdict for outcome in outcomes], [outcome.failure for outcome in outcomes])


def of_kills(runs: Sequence[Killed]) -> Row:
    """The row of the kills; tried counts kills that hit a living process, not incidents."""
    kills = sum(run.kills for run in runs)
    return Row.of("kill -9", [run.verdict for run in runs], [run.failure for run in runs], tried=kills)


PREFACE = """\
# Delivery under faults

`python -m evals.delivery --write` makes this file: Python {python}, {machine}, {seconds:.0f} s.

{scenario}, seed {seed}: {events} events in {channels} channels, {messages} messages, two bots, a channel to create,
others to join, against the stand-in of `tests/slack/` with its limits in force. Each case is a delivery from beginning
to end with faults on the way, run again when it stops. Then what the channels hold is compared with what they hold
without faults: messages, threads, order, words, names, reactions.

Every kind of fault at every call of every method, deleting included; at the look that follows a post whose answer was
lost; and as an outage of everything, from every fourth message on, that ends once the delivery has stopped. `before` is
a request that was not carried out, `after` one that was, `late` one that was carried out only after the poster had
given up, looked, and not found it. A message that came even after the last look would stand twice.
"""


def report(outcomes: Sequence[Outcome], runs: Sequence[Killed], seconds: float) -> str:
    """Everything in Markdown."""
    preface = PREFACE.format(
        python=platform.python_version(),
        machine=platform.machine(),
        seconds=seconds,
        scenario=SCENARIO,
        seed=SEED,
        events=len(incident().timeline),
        channels=len(reference().posted),
        messages=sum(len(lines) for lines in reference().posted.values()),
    )
    bad = [f"- {one}" for one in trouble(outcomes, runs)[:SHOWN]]
    return "\n".join([preface, *of_faults(outcomes), "", *of_runs(runs), *(["", *bad] if bad else []), ""])


def of_faults(outcomes: Sequence[Outcome]) -> list[str]:
    """What came of the faults, by method and by kind."""
    faults = sum(len(outcome.struck) for outcome in outcomes)
    missed = sum(not outcome.hit for outcome in outcomes)
    return [
        f"{faults:,} faults happened in {len(outcomes):,} cases; in {missed} cases the fault ordered did not.",
        "",
        *table("method", [*by_method(outcomes), row("all", outcomes)]),
        "",
        *table("fault", by_fault(outcomes)),
    ]


def of_runs(runs: Sequence[Killed]) -> list[str]:
    """What came of the kills."""
    return [
        f"The poster as a process of its own, its clock {SPEED:.0f} times too fast, killed at random moments, one to",
        f"three times for each of {len(runs)} incidents, then run to the end.",
        f"{sum(run.amid for run in runs)} of the kills hit while a message was on its way:",
        "",
        *table("", [of_kills(runs)]),
    ]


def table(first: str, rows: Sequence[Row]) -> list[str]:
    """Rows under a head."""
    head = f"| {first} | tried | lost | doubled | otherwise wrong | unfinished |"
    return [head, "|---|--:|--:|--:|--:|--:|", *(one.line() for one in rows)]


def trouble(outcomes: Sequence[Outcome], runs: Sequence[Killed]) -> list[str]:
    """Every case that did not end well, as it can be tried again."""
    return [repr(outcome) for outcome in outcomes if not outcome.good] + [
        repr(run) for run in runs if run.failure or not run.verdict.good
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print the report; with --write, keep it too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the report in evals/delivery.md")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth case")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", default="delivery")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    start = perf_counter()
    outcomes = swept(cases()[:: options.every], options.processes)
    runs = killings(options.kills, Seed(options.seed), options.processes)
    text = report(outcomes, runs, perf_counter() - start)
    sys.stdout.write(text)
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
