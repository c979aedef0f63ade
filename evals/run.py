"""Measure our own output and write evals/README.md: ``make evals``. Seeds and versions stand in the result."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from pathlib import Path

from evals.baselines.trivial import constant, first_line, shuffled
from evals.corpus import Case, generate
from slackincidents.assembly import package_version
from slackincidents.cli.eval import tracer
from slackincidents.pipeline import Workshop
from slackincidents.realism import labels, reuse, turns
from slackincidents.realism.base import Reading, Tracer
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.evaluation import evaluate
from slackincidents.realism.how import ROOT, How
from slackincidents.realism.references import Reference, open_reference
from slackincidents.realism.report import report, side_by_side, table
from slackincidents.realism.results import Evaluation
from slackincidents.realism.suite import values
from slackincidents.schema.acts import Feature
from slackincidents.schema.incident import IncidentRecord

HERE = Path(__file__).parent
SEEDS = range(100)
POOLED = 8
"""Seeds a skeleton in the pool that is held beside the reference."""

SMALL = 2
"""The same for a pool of the size that the reference's checks are meant for: 20 incidents or more."""

OURS, OURS_SMALL = "offline", "offline, fewer"
FEW = Bootstrap(draws=1)
"""Where only the values are wanted."""

HEAD = """# Evals: what is measured, and the latest figures

Written by `make evals`; do not edit. slackincidents {version}, offline writer, Python {python}, seeds 0 to {last},
real pace. What each measure is, and how intervals and distances are made: [docs/evals.md](../docs/evals.md).

Figures of real chat: `references/bands.json` and `references/texts/`, which say where each comes from. No public corpus
of company Slack incidents exists; these are the nearest. A value inside a band does not make an incident real; a value
outside it gives one away.

## Beside baselines

Distance to the band of incident chat in widths of the band, 0 inside it, with the value in brackets; OUT is outside
all real chat. Distributions and classifiers are held against the reference texts. `offline`: {pooled} incidents of all
{skeletons} skeletons ({each} seeds each); `offline, fewer`: the first {small} seeds of each alone, since duplicates
grow with the set, and so does what a classifier learns (the checks are meant for pools of 20 or more); `real` is one
half of the reference texts against the other; the rest stands in `baselines/`.

{beside}

## The offline writer beside real chat

{measures}
## Course and words, {seeds} seeds of each skeleton

`courses`: distinct in order of clues, length or features. `worst line`: the largest share of incidents that hold
the same human line of five words or more, figures aside (bar: 8 %). `no fact`: human messages that reveal and cite
nothing. `cause known`: ends with the cause in the room. `open`: no resolution. `wrong`: a withdrawn hypothesis or a
failed action.

{courses}
## Room features, share of incidents

{features}
"""


def main() -> int:
    """Generate, measure, write."""
    workshop = Workshop.open()
    corpus = {}
    for name in workshop.library.skeleton_names():
        sys.stderr.write(f"{name}\n")
        corpus[name] = list(generate(workshop, name, SEEDS))
    pool = [Reading.of(case.incident) for cases in corpus.values() for case in cases[:POOLED]]
    small = [Reading.of(case.incident) for cases in corpus.values() for case in cases[:SMALL]]
    found = beside(pool, small, tracer(workshop))
    text = HEAD.format(
        version=package_version(),
        python=platform.python_version(),
        last=SEEDS[-1],
        pooled=len(pool),
        skeletons=len(corpus),
        each=POOLED,
        small=SMALL,
        beside=side_by_side(found),
        measures=report(found[OURS], markdown=True),
        seeds=len(SEEDS),
        courses=table(COLUMNS, [_row(name, cases) for name, cases in corpus.items()], True),
        features=table(("feature", "share"), _features(corpus), True),
    )
    (HERE / "README.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def beside(pool: list[Reading], small: list[Reading], trace: Tracer) -> dict[str, Evaluation]:
    """Our pool and every baseline, each held against the reference."""
    real = open_reference()
    texts = list(real.readings()) if real.readings else []
    sets = {
        OURS: pool,
        OURS_SMALL: small,
        "seed dialect": _files("seed-dialect"),
        "one-shot": _files("one-shot"),
        "constant": constant(pool),
        "shuffled": shuffled(pool, ROOT),
        "first line": first_line(pool),
    }
    half = Reference("other half", real.bands, lambda: iter(texts[1::2]))
    pairs = [*((name, readings, real) for name, readings in sets.items()), ("real", texts[::2], half)]
    found = {}
    for name, readings, reference in pairs:
        sys.stderr.write(f"evaluating {name}\n")
        found[name] = evaluate(readings, reference, How(trace=trace if name in (OURS, OURS_SMALL) else None), name)
    return found


def _files(folder: str) -> list[Reading]:
    paths = sorted((HERE / "baselines" / folder).glob("*.json"))
    return [Reading.of(IncidentRecord.model_validate_json(path.read_bytes())) for path in paths]


COLUMNS = (
    "skeleton",
    "findings",
    "courses",
    "worst line",
    "lines",
    "speakers",
    "no fact",
    "cause known",
    "open",
    "wrong",
)


def _row(name: str, cases: list[Case]) -> tuple[str, ...]:
    readings = [Reading.of(case.incident) for case in cases]
    found = values(score for measure in (labels, turns, reuse) for score in measure.measure(readings, FEW))
    courses = {
        (tuple(f for b in c.plan.beats for f in b.reveals), len(c.plan.beats), c.incident.labels.features)
        for c in cases
        if c.incident.labels
    }
    shares = (
        "line_reuse",
        "lines_median",
        "speakers_median",
        "no_fact",
        "explained",
        "unresolved",
        "withdrawn_or_failed",
    )
    worst, lines, speakers, *rest = (found[name] or 0 for name in shares)
    return (
        name,
        str(sum(len(case.report.findings) for case in cases)),
        f"{len(courses)}/{len(cases)}",
        f"{worst:.0%}",
        f"{lines:.0f}",
        f"{speakers:.0f}",
        *(f"{share:.0%}" for share in rest),
    )


def _features(corpus: dict[str, list[Case]]) -> list[tuple[str, str]]:
    cases = [case for group in corpus.values() for case in group]
    counts = Counter(
        feature for case in cases for feature in (case.incident.labels.features if case.incident.labels else ())
    )
    return [(feature.value, f"{counts[feature] / len(cases):.0%}") for feature in Feature]


if __name__ == "__main__":
    raise SystemExit(main())
