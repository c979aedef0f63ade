"""Measure our own output and write evals/README.md: ``make evals``. Seeds and versions stand in the result."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from pathlib import Path

from evals.corpus import Case, generate
from slackincidents.assembly import package_version
from slackincidents.pipeline import Workshop
from slackincidents.realism import bands, reuse
from slackincidents.realism.conversation import from_incident
from slackincidents.realism.report import report, table
from slackincidents.realism.suite import measure
from slackincidents.schema.acts import Feature

HERE = Path(__file__).parent
SEEDS = range(100)
POOLED = 8
"""Seeds a skeleton in the pool that is held beside the reference bands."""

HEAD = """# Evals: what is measured, and the latest figures

Written by `make evals`; do not edit. slackincidents {version}, offline writer, Python {python}, seeds 0 to {last},
real pace.

Figures of real chat and of the seed's files: `references/bands.json`, which says where each comes from. No public
corpus of company Slack incidents exists; the bands are the nearest. A value inside a band does not make an incident
real; a value outside it gives one away.

## Beside real chat

{pooled} incidents of all {skeletons} skeletons ({each} seeds each).

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
    pool = [case.incident for cases in corpus.values() for case in cases[:POOLED]]
    text = HEAD.format(
        version=package_version(),
        python=platform.python_version(),
        last=SEEDS[-1],
        pooled=len(pool),
        skeletons=len(corpus),
        each=POOLED,
        measures=report(measure(pool), bands.load(HERE / "references" / "bands.json"), markdown=True),
        seeds=len(SEEDS),
        courses=table(COLUMNS, [_row(name, cases) for name, cases in corpus.items()], True),
        features=table(("feature", "share"), _features(corpus), True),
    )
    (HERE / "README.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


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
    incidents = [case.incident for case in cases]
    found = measure(incidents, fewest_lines=1)
    courses = {
        (tuple(f for b in c.plan.beats for f in b.reveals), len(c.plan.beats), c.incident.labels.features)
        for c in cases
        if c.incident.labels
    }
    worst = reuse.measure([from_incident(incident) for incident in incidents]).line_reuse or 0
    labels = found.labels
    return (
        name,
        str(sum(len(case.report.findings) for case in cases)),
        f"{len(courses)}/{len(cases)}",
        f"{worst:.0%}",
        f"{found.turns.lines_median:.0f}",
        f"{found.turns.speakers_median:.0f}",
        f"{labels.no_fact:.0%}",
        f"{labels.explained:.0%}",
        f"{labels.unresolved:.0%}",
        f"{labels.withdrawn_or_failed:.0%}",
    )


def _features(corpus: dict[str, list[Case]]) -> list[tuple[str, str]]:
    cases = [case for group in corpus.values() for case in group]
    counts = Counter(
        feature for case in cases for feature in (case.incident.labels.features if case.incident.labels else ())
    )
    return [(feature.value, f"{counts[feature] / len(cases):.0%}") for feature in Feature]


if __name__ == "__main__":
    raise SystemExit(main())
