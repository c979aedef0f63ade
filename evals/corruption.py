"""How much the validator catches: ``python -m evals.corruption [SEEDS] [-o FILE]`` prints a Markdown table.

Every way to break an incident is tried on every skeleton and seed; a break counts as caught when the
rule meant for it speaks.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.breaking import WAYS, Case, Way
from slackincidents.assembly import assemble
from slackincidents.pipeline import Workshop
from slackincidents.schema.findings import Report
from slackincidents.validator import RULES, check
from slackincidents.validator.context import Context
from slackincidents.writer import OfflineWriter


@dataclass(frozen=True)
class Row:
    """How one way fared: tried on so many, caught in so many; `missed` names the first that got by."""

    way: Way
    tried: int
    caught: int
    missed: str

    @property
    def share(self) -> float:
        """Caught of tried."""
        return self.caught / self.tried if self.tried else 0.0


def clean_cases(seeds: Iterable[int], workshop: Workshop | None = None) -> Iterator[Case]:
    """Clean incidents: every skeleton with every seed; those with findings are left out."""
    shop = workshop or Workshop.open()
    writer = OfflineWriter(shop.banks)
    numbers = list(seeds)
    for name in shop.library.skeleton_names():
        for seed in numbers:
            plan = shop.plan(name, seed=seed)
            case = Case(assemble(plan, writer.compose(plan)), plan, shop.stage.catalogue, dict(shop.stage.people))
            if judge(case).clean:
                yield case


def judge(case: Case) -> Report:
    """What the validator says."""
    return check(case.incident, catalogue=case.catalogue, people=case.people, plan=case.plan)


def catches(case: Case, code: str) -> bool:
    """True when the rule with that code, or one of several, finds something."""
    context = Context(case.incident, case.catalogue, case.people, case.plan)
    return any(any(rule.run(context)) for rule in RULES if rule.code in code.split())


def measure(cases: Sequence[Case], ways: Sequence[Way] = WAYS) -> list[Row]:
    """One row a way."""
    return [_row(way, cases) for way in ways]


def _row(way: Way, cases: Sequence[Case]) -> Row:
    tried = caught = 0
    missed = ""
    for case in cases:
        broken = way.apply(case, random.Random(f"{way.name}/{case.incident.scenario_id}"))
        if broken is None:
            continue
        tried += 1
        if catches(broken, way.code):
            caught += 1
        else:
            missed = missed or case.incident.scenario_id
    return Row(way, tried, caught, missed)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| way | rule | tried | caught | share |", "|---|---|---:|---:|---:|"]
    lines += [f"| {r.way.name} | {r.way.code} | {r.tried} | {r.caught} | {r.share:.1%} |" for r in rows]
    tried, caught = sum(r.tried for r in rows), sum(r.caught for r in rows)
    lines.append(f"| all {len(rows)} ways | | {tried} | {caught} | {caught / max(1, tried):.1%} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 when a way is caught less than 99 times of a hundred."""
    parser = argparse.ArgumentParser(description="How much the validator catches.")
    parser.add_argument("seeds", nargs="?", type=int, default=12, help="seeds a skeleton")
    parser.add_argument("-o", "--output", type=Path, help="write the table there as well")
    options = parser.parse_args(arguments)
    rows = measure(list(clean_cases(range(options.seeds))))
    text = table(rows)
    sys.stdout.write(text)
    if options.output:
        options.output.write_text(f"# What the validator catches\n\n{text}", encoding="utf-8")
    return 0 if all(row.share >= 0.99 for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
