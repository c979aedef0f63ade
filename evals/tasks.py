"""What the question sets give to those who do not understand: ``python -m evals.tasks -o evals/tasks.md``."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from slackincidents.assembly import assemble, package_version
from slackincidents.pipeline import Workshop
from slackincidents.realism.report import table
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.workspace import Mix, Order
from slackincidents.seeds import Seed
from slackincidents.tasks import baselines
from slackincidents.tasks.baselines import Predictor, Prior
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker
from slackincidents.tasks.questions import Kind, Question
from slackincidents.tasks.scoring import perfect, score
from slackincidents.tasks.serving import Served
from slackincidents.tasks.table import interval
from slackincidents.workspace.course import entries
from slackincidents.workspace.telling import tell
from slackincidents.writer import OfflineWriter

SEEDS = range(20)
HISTORY = Order(seed="1", start=date(2025, 3, 3), days=28, mix=Mix(incidents=10.0, noise=100.0, deploys=0.0, talk=0.0))
ALONE = tuple(kind for kind in Kind if kind is not Kind.ALERT_RELATED)
NOTHING_BAR, KEYWORD_BAR = 0.25, 0.60

HEAD = """# Tasks: what one scores without understanding

Written by `make evals`; do not edit. slackincidents {version}, offline writer, Python {python}, real pace,
{skeletons} skeletons, seeds 0 to {last}: {incidents} incidents, {questions} questions. Intervals: 95 %, 1,000 draws of
incidents. What is asked and how it is scored: [docs/tasks.md](../docs/tasks.md). `alert-related` needs what fires
beside an incident: its questions are from a history of {days} days ({mix}), {alongside} incidents.

`first`, `longest`, `chance`: a choice without a look at anything. `prior`: has the gold answers of *other* scenarios,
reads nothing. `first alert`: reads one message of each incident. `keywords`: counts names and words. `last words`:
the same, on the last fifth of the transcript, where the cause mostly is. `first mention`: `keywords`, but who first
used two words of the question knew first. `seen`: no baseline but a warning: it has the gold answers of the same
scenarios with other seeds, and reads nothing. Who trains on these scenarios must test on others.

{scores}

## Root cause, scenario by scenario

Bars: what reads nothing stays below {nothing:.0%}, `keywords` below {counting:.0%}.

{bars}

{scenarios}

## Incidents that give a question of a kind

A question is made only where the text makes its answer knowable.

{coverage}
"""


@dataclass(frozen=True)
class Case:
    """A question and what is served with it."""

    question: Question
    served: Served


def main(arguments: list[str] | None = None) -> int:
    """Generate, ask, let every baseline answer, write. 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description="Baselines of the question sets.")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args(arguments)
    workshop = Workshop.open()
    maker, beside = _maker(workshop, ALONE), _maker(workshop, (Kind.ALERT_RELATED,))
    told = [_records(workshop, name) for name in workshop.library.skeleton_names()]
    # seed by seed, so that the causes of two incidents in a row differ, as in a history
    records = [record for of_a_seed in zip(*told, strict=True) for record in of_a_seed]
    cases = [*_cases(maker, records), *_cases(beside, _history(workshop))]
    scored = {name: _scores(cases, pick) for name, pick in _baselines(workshop, cases).items()}
    text, held = _report(maker, beside, cases, scored)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if held else 1


Scores = list[float]
Pick = Callable[[Question], Predictor]
READ_NOTHING = ("first", "longest", "chance", "prior")


def _cases(maker: Maker, records: Iterable[IncidentRecord]) -> Iterator[Case]:
    """Every question and what is served with it."""
    for record in records:
        for question in maker.questions(record):
            yield Case(question, maker.served(question, record))


def _history(workshop: Workshop) -> Iterator[IncidentRecord]:
    sys.stderr.write("a history\n")
    return (asyncio.run(tell(workshop, entry)) for entry in entries(workshop, HISTORY))


def _maker(workshop: Workshop, kinds: tuple[Kind, ...]) -> Maker:
    known = {name: Background.of(workshop.library.skeleton(name)) for name in workshop.library.skeleton_names()}
    return Maker(workshop.library.catalogue(), known.__getitem__, kinds)


def _records(workshop: Workshop, name: str) -> list[IncidentRecord]:
    sys.stderr.write(f"{name}\n")
    writer = OfflineWriter(workshop.banks)
    plans = (workshop.plan(name, seed=seed) for seed in SEEDS)
    return [assemble(plan, writer.compose(plan)) for plan in plans]


def _baselines(workshop: Workshop, cases: list[Case]) -> Mapping[str, Pick]:
    services = {name: (name, *one.aliases) for name, one in workshop.library.catalogue().services.items()}
    alert, counting = baselines.first_alert(services), baselines.keywords(services)
    mention = baselines.first_mention(services)
    chance, last = baselines.chance(Seed("chance")), baselines.last_words(services)
    asked = [case.question for case in cases]
    others = {name: Prior() for name in dict.fromkeys(one.scenario for one in asked)}
    for name, prior in others.items():
        prior.learn(one for one in asked if one.scenario != name)
    own = {name: Prior() for name in others}
    for name, prior in own.items():
        prior.learn(one for one in asked if one.scenario == name)
    return {
        "first": lambda _: baselines.first_option,
        "longest": lambda _: baselines.longest_option,
        "chance": lambda _: chance,
        "prior": lambda question: others[question.scenario],
        "first alert": lambda _: alert,
        "keywords": lambda _: counting,
        "last words": lambda _: last,
        "first mention": lambda _: mention,
        "seen": lambda question: own[question.scenario],
    }


def _scores(cases: list[Case], pick: Pick) -> Scores:
    return [score(case.question, pick(case.question)(case.served)) for case in cases]


def _report(maker: Maker, beside: Maker, cases: list[Case], scored: Mapping[str, Scores]) -> tuple[str, bool]:
    causes = [place for place, case in enumerate(cases) if case.question.kind is Kind.ROOT_CAUSE]
    means = {name: sum(values[place] for place in causes) / len(causes) for name, values in scored.items()}
    best = max(READ_NOTHING, key=lambda name: means[name])
    counted = max(("keywords", "last words"), key=lambda name: means[name])
    held = means[best] < NOTHING_BAR and means["keywords"] < KEYWORD_BAR
    bars = (
        f"{'Held' if held else 'MISSED'}: the best that reads nothing (`{best}`) scores {means[best]:.1%}; "
        f"`keywords` {means['keywords']:.1%}, the best that counts (`{counted}`) {means[counted]:.1%}."
    )
    assert all(score(case.question, perfect(case.question)) == 1.0 for case in cases)
    text = HEAD.format(
        version=package_version(),
        python=platform.python_version(),
        skeletons=len({case.question.scenario for case in cases}),
        last=SEEDS[-1],
        incidents=maker.incidents,
        questions=len(cases),
        days=HISTORY.days,
        mix=f"{HISTORY.mix.incidents:g} incidents and {HISTORY.mix.noise:g} alerts that nobody needed a weekday",
        alongside=beside.incidents,
        scores=_by_kind(cases, scored),
        bars=bars,
        nothing=NOTHING_BAR,
        counting=KEYWORD_BAR,
        scenarios=_by_scenario(cases, scored),
        coverage=_coverage(maker, beside),
    )
    return text, held


def _by_kind(cases: list[Case], scored: Mapping[str, Scores]) -> str:
    rows = []
    for kind in Kind:
        places = [place for place, case in enumerate(cases) if case.question.kind is kind]
        cells = (_cell(kind, name, [(cases[n].question.incident, scored[name][n]) for n in places]) for name in scored)
        rows.append((kind.value, str(len(places)), *cells))
    return table(("kind", "questions", *scored), rows, True)


def _cell(kind: Kind, name: str, values: list[tuple[str, float]]) -> str:
    low, high = interval(values, Seed("tasks").child(kind).child(name))
    return f"{sum(value for _, value in values) / max(len(values), 1):.0%} ({low:.0%} to {high:.0%})"


def _by_scenario(cases: list[Case], scored: Mapping[str, Scores]) -> str:
    rows = []
    for name in dict.fromkeys(case.question.scenario for case in cases):
        places = [
            place
            for place, case in enumerate(cases)
            if case.question.scenario == name and case.question.kind is Kind.ROOT_CAUSE
        ]
        cells = (f"{sum(values[n] for n in places) / max(len(places), 1):.0%}" for values in scored.values())
        rows.append((name, str(len(places)), *cells))
    return table(("scenario", "questions", *scored), rows, True)


def _coverage(maker: Maker, beside: Maker) -> str:
    makers = [(kind, maker if kind in maker.kinds else beside) for kind in Kind]
    rows = [
        (kind.value, str(one.made[kind]), f"{one.incidents - one.without[kind]} of {one.incidents}")
        for kind, one in makers
    ]
    return table(("kind", "questions", "incidents"), rows, True)


if __name__ == "__main__":
    raise SystemExit(main())
