"""Twenty wordings of one plan: how near they are to each other. ``python -m evals.variants`` writes the page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations, permutations
from pathlib import Path

from slackincidents.assembly import package_version
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.realism.averages import mean
from slackincidents.realism.conversation import from_incident
from slackincidents.realism.lexicon import CODE, URL
from slackincidents.realism.overlap import bleu, shared
from slackincidents.realism.report import table
from slackincidents.realism.wording import words
from slackincidents.regeneration import Order, Work
from slackincidents.schema.acts import Act
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.plan import Beat, Plan
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter, Writer
from slackincidents.writer.base import FIRST, Complaints
from slackincidents.writer.scenes import by_model

SEED = 5
VARIANTS = 20
SKELETONS = 12
RUN = 5
"""Words in a run that two incidents share."""

HEAD = """# Variants: twenty wordings of one plan

Written by `python -m evals.variants`; do not edit. slackincidents {version}, {writer},
{variants} variants of seed {seed}.

Human lines without code and links, each pair of incidents both ways. `self-BLEU`: BLEU-4 of one incident against
another. `shared runs`: share of an incident's five-word runs that the other has too. `same line`: messages with the
very same text in both (only where the course is the same). `facts`: every variant validates against the plan with
no finding and no rule skipped, and differs from the others in nothing but what people said in their own words:
cards, pastes, commands, times, threads, mentions, reactions, figures and the answer key are the same bytes.

- **shown**: each variant is told the lines of those before it (what `regenerate --vary words` does)
- **blind**: the same, not told
- **other seeds**: independent courses of the same skeleton; they share its facts, commands and names
- **other skeletons**: independent incidents

{table}
"""
COLUMNS = ("skeleton", "variants", "self-BLEU", "shared runs", "same line", "facts")


@dataclass(frozen=True)
class Nearness:
    """How near the incidents of a set are to each other, as means over all pairs."""

    bleu: float | None
    runs: float | None
    same: float | None


class Blind:
    """A writer that is not told what was used up."""

    def __init__(self, inner: Writer) -> None:
        """Hides the used-up lines from another writer."""
        self._inner = inner

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """What the other writes, untold."""
        return await self._inner.write(plan, Variation(name=variation.name))

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """What the other revises, untold."""
        return await self._inner.revise(plan, draft, complaints, Variation(name=variation.name))


def variants(workshop: Workshop, scenario: str, number: int, writer: Writer) -> tuple[Incident, ...]:
    """Wordings of one plan."""
    work = Work(workshop, workshop.library.skeleton(scenario), Order("words", number, SEED))
    return run(_all(work, writer))


async def _all(work: Work, writer: Writer) -> tuple[Incident, ...]:
    return tuple([incident async for incident in work.run(writer)])


def nearness(incidents: Sequence[Incident]) -> Nearness:
    """Measure all pairs, both ways."""
    lines = [_lines(incident) for incident in incidents]
    texts = [[word for line in one for word in line] for one in lines]
    pairs = list(permutations(range(len(incidents)), 2))
    alike = [_same(one, other) for one, other in combinations(incidents, 2) if one.scenario_id == other.scenario_id]
    return Nearness(
        mean([bleu(texts[one], [texts[other]]) for one, other in pairs]),
        mean([share for one, other in pairs if (share := shared(lines[one], lines[other], RUN)) is not None]),
        mean([share for share in alike if share is not None]),
    )


def facts(plan: Plan, incident: Incident) -> str:
    """All that a wording may not change: the file without what people said, and without what says who wrote it."""
    pairs = zip(plan.beats, incident.timeline, strict=True)
    timeline = tuple(event.model_copy(update={"content": ""}) if _is_said(beat) else event for beat, event in pairs)
    return incident.model_copy(update={"timeline": timeline, "provenance": None}).to_json()


def _is_said(beat: Beat) -> bool:
    return by_model(beat) or beat.act is Act.CORRECTION


def proven(workshop: Workshop, incidents: Sequence[Incident]) -> bool:
    """Whether all incidents of one plan validate with it, and nothing but their words differs."""
    plan = workshop.replan(incidents[0])
    if plan is None:
        return False
    stage = workshop.stage
    reports = [check(one, catalogue=stage.catalogue, people=stage.people, plan=plan) for one in incidents]
    clean = all(report.clean and not report.skipped for report in reports)
    return clean and len({facts(plan, incident) for incident in incidents}) == 1


def _lines(incident: Incident) -> list[list[str]]:
    return [words(text) for text in _prose(incident)]


def _prose(incident: Incident) -> list[str]:
    return [" ".join(URL.sub(" ", CODE.sub(" ", line.text)).split()) for line in from_incident(incident).lines]


def _same(one: Incident, other: Incident) -> float | None:
    pairs = [(here, there) for here, there in zip(_prose(one), _prose(other), strict=True) if here or there]
    return mean([float(here == there) for here, there in pairs])


def rows(workshop: Workshop, scenarios: Sequence[str], number: int, writer: Writer) -> Iterator[tuple[str, ...]]:
    """The table, row by row; the baselines are always written offline."""
    understudy = OfflineWriter(workshop.banks)
    for name in scenarios:
        sys.stderr.write(f"{name}\n")
        for label, author in (("shown", writer), ("blind", Blind(writer))):
            made = variants(workshop, name, number, author)
            yield _row(name, label, nearness(made), "proven" if proven(workshop, made) else "DIFFER")
        seeds = range(SEED + 1, SEED + 1 + number)
        others = [run(workshop.finish(workshop.plan(name, seed=seed), understudy)) for seed in seeds]
        yield _row(name, "other seeds", nearness(others), "-")
    names = workshop.library.skeleton_names()
    mixed = [run(workshop.finish(workshop.plan(name, seed=SEED), understudy)) for name in names]
    yield _row("all", "other skeletons", nearness(mixed), "-")


def _row(name: str, label: str, found: Nearness, proof: str) -> tuple[str, ...]:
    figures = ("-" if value is None else f"{value:.3f}" for value in (found.bleu, found.runs, found.same))
    return (name, label, *figures, proof)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the variants, measure them, write the page."""
    parser = argparse.ArgumentParser(description="How near twenty wordings of one plan are to each other.")
    parser.add_argument("--variants", type=int, default=VARIANTS)
    parser.add_argument("--skeletons", type=int, default=SKELETONS, help="how many of the shipped ones")
    parser.add_argument("--writer", default="", metavar="MODULE:FUNCTION", help="makes a writer from a Library")
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).with_suffix(".md"))
    options = parser.parse_args(arguments)
    workshop = Workshop.open(Library())
    writer = _maker(options.writer)(workshop.library) if options.writer else OfflineWriter(workshop.banks)
    scenarios = workshop.library.skeleton_names()[: options.skeletons]
    page = HEAD.format(
        version=package_version(),
        writer=options.writer or "offline writer",
        variants=options.variants,
        seed=SEED,
        table=table(COLUMNS, list(rows(workshop, scenarios, options.variants, writer)), True),
    )
    options.output.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    return 0


def _maker(name: str) -> Callable[[Library], Writer]:
    module, _, function = name.partition(":")
    maker: Callable[[Library], Writer] = getattr(import_module(module), function)
    return maker


if __name__ == "__main__":
    raise SystemExit(main())
