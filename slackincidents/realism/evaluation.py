"""Evaluate a set of incidents: read it once, measure it, and hold it beside a reference."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import scipy  # type: ignore[import-untyped] # ships no types
import sklearn  # type: ignore[import-untyped] # ships no types

from slackincidents.errors import UsageError
from slackincidents.realism import language
from slackincidents.realism.base import Reading, Score
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.discriminator import discriminate
from slackincidents.realism.distances import to_bands, to_scores
from slackincidents.realism.distributions import compare, histograms
from slackincidents.realism.features import Seen
from slackincidents.realism.how import How
from slackincidents.realism.persona import attribute
from slackincidents.realism.references import Reference
from slackincidents.realism.results import Discriminator, Distance, Evaluation, Judge, Persona
from slackincidents.realism.sample import FEWEST_LINES
from slackincidents.realism.suite import POOL, Suite


def evaluate(
    readings: Iterable[Reading], reference: Reference | None = None, how: How | None = None, name: str = ""
) -> Evaluation:
    """Everything measured about one set; incidents are read one at a time.

    Raises UsageError when nothing in the set, or in the reference, can be measured.
    """
    how = how or How()
    boot = Bootstrap(how.seed, how.draws)
    here = _read(readings, Suite(how.seed, how.trace), how)
    if not here.incidents:
        raise _nothing(here)
    there = _reference(reference, how)
    how.say("computing intervals")
    scores = here.scores(boot)
    others = there.scores(boot) if there else ()
    made = _sections(here, there, how)
    return Evaluation(
        versions=versions(),
        seed=how.seed.path,
        set=here.contents(name),
        against=there.contents(reference.name) if there and reference else None,
        reference=_source(reference),
        scores=scores,
        reference_scores=others,
        distances=_distances(scores, others, reference, here, there, boot),
        distributions=histograms(here.shapes, there.shapes if there else None),
        notes=tuple(_notes(here, there, reference, scores, how)),
        discriminator=made.discriminator,
        judge=made.judge,
        persona=made.persona,
    )


def _read(readings: Iterable[Reading], suite: Suite, how: How) -> Suite:
    for reading in readings:
        suite.add(reading)
        how.tick()
    return suite


def _reference(reference: Reference | None, how: How) -> Suite | None:
    if reference is None or reference.readings is None:
        return None
    there = Suite(how.seed, None)
    for reading in reference.readings():
        there.add(reading)
        how.tick()
    if not there.incidents:
        raise _nothing(there, f"{reference.name}: ", "hold it against")
    return there


def _nothing(found: Suite, where: str = "", what: str = "evaluate") -> UsageError:
    if not sum(found.left_out.values()):
        hint = "Name incident files, folders or Slack exports."
        return UsageError(f"{where}there is no incident to {what}", hint)
    left = "; ".join(f"{count} {why}" for why, count in sorted(found.left_out.items()))
    hint = f"An incident needs {FEWEST_LINES} messages typed by people."
    return UsageError(f"{where}nothing can be measured: {left}", hint)


def _source(reference: Reference | None) -> str:
    if reference is None:
        return ""
    return reference.bands.source if reference.bands else reference.name


def _distances(
    scores: Sequence[Score],
    others: Sequence[Score],
    reference: Reference | None,
    here: Suite,
    there: Suite | None,
    boot: Bootstrap,
) -> tuple[Distance, ...]:
    """To the bands where there are any, else to the other set's intervals; and between distributions."""
    if reference is None:
        return ()
    other = {score.name: score for score in others}
    single = to_bands(scores, reference.bands) if reference.bands else to_scores(scores, other)
    return (*single, *(compare(here.shapes, there.shapes, boot) if there else ()))


@dataclass(frozen=True)
class _Made:
    """The sections that were asked for and could be made."""

    discriminator: Discriminator | None = None
    persona: Persona | None = None
    judge: Judge | None = None


def _sections(here: Suite, there: Suite | None, how: How) -> _Made:
    ours = here.sample.items
    theirs = there.sample.items if there else ()
    persona = told = verdict = None
    seen = Seen()
    if how.classify:
        how.say("telling people apart")
        persona = attribute(ours, how.seed, seen)
    if how.classify and theirs:
        how.say("telling the sets apart")
        told = discriminate(ours, theirs, how.seed, seen)
    if how.judge:
        how.say("asking the judge")
        verdict = how.judge(ours, theirs, how.seed)
    return _Made(told, persona, verdict)


def _notes(
    here: Suite, there: Suite | None, reference: Reference | None, scores: Sequence[Score], how: How
) -> Iterator[str]:
    """What the reader must know before believing a number."""
    if here.incidents == 1:
        yield "One incident: no intervals, and nothing that compares incidents (reuse, openings, causes) says anything."
    elif here.incidents < POOL:
        yield f"{here.incidents} incidents: the ranges hold for {POOL} or more; read the verdicts with care."
    if not here.labelled:
        yield "No answer keys: causes, endings and labelled features are not measured; rules over the text stand in."
    english = next((score.value for score in scores if score.name == "english"), None)
    if english is not None and english < language.FOREIGN:
        share = f"{english:.0%} of the longer lines have a common English word"
        yield f"This does not look like English ({share}): every list of words and the references are English."
    if reference is None:
        yield "No reference: numbers without distances."
    elif there and there.incidents < POOL:
        yield f"The reference has {there.incidents} conversations: its own intervals are wide."
    if how.trace is None:
        yield "Grounding was left out: no plan was made again."
    elif all(score.count == 0 for score in scores if score.name == "grounded"):
        yield "Grounding needs the plan behind a file, and none could be made again: not measured."


def versions() -> dict[str, str]:
    """What measured: the same versions give the same bytes."""
    try:
        own = version("slackincidents")
    except PackageNotFoundError:  # run from a checkout that was never installed
        own = "unknown"
    return {
        "slackincidents": own,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }
