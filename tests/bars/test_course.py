"""What a hundred seeds of every skeleton must show about the course of incidents."""

from __future__ import annotations

from collections import Counter

import pytest

from evals.corpus import Case, generate
from slackincidents.pipeline import Workshop
from slackincidents.realism import labels
from slackincidents.realism.base import Reading
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.suite import values
from slackincidents.schema.acts import Feature
from slackincidents.schema.plan import Plan
from tests.bars.conftest import SEEDS

pytestmark = pytest.mark.xdist_group("bars")


def features_of(case: Case) -> tuple[Feature, ...]:
    """The room features of a case."""
    assert case.incident.labels is not None
    return case.incident.labels.features


def course(plan: Plan) -> tuple[object, ...]:
    """What makes one course different from another: clues in order, speakers, length, features."""
    clues = tuple(fact for beat in plan.beats for fact in beat.reveals)
    features = tuple(sorted({feature for beat in plan.beats for feature in beat.features}))
    return clues, tuple(sorted({beat.speaker for beat in plan.beats})), len(plan.beats), features


def test_nothing_is_found_at_the_real_pace(corpus: dict[str, list[Case]]) -> None:
    """Thirteen skeletons by a hundred seeds, real pace: the validator finds nothing."""
    found = [
        f"{case.incident.scenario_id}: {finding}"
        for cases in corpus.values()
        for case in cases
        for finding in case.report.findings
    ]
    assert found == []
    assert sum(map(len, corpus.values())) == 13 * len(SEEDS)


def test_nothing_is_found_at_the_brief_pace(workshop: Workshop) -> None:
    """Thirteen skeletons by a hundred seeds, brief pace: the validator finds nothing."""
    found = [
        f"{case.incident.scenario_id}: {finding}"
        for name in workshop.library.skeleton_names()
        for case in generate(workshop, name, SEEDS, "brief")
        for finding in case.report.findings
    ]
    assert found == []


def test_every_feature_turns_up_somewhere_and_none_everywhere(corpus: dict[str, list[Case]]) -> None:
    """All twenty-five features of real rooms occur, and each is missing from some incidents."""
    total = sum(map(len, corpus.values()))
    counts = Counter(feature for cases in corpus.values() for case in cases for feature in features_of(case))
    assert {feature: 0 < counts[feature] < total for feature in Feature} == dict.fromkeys(Feature, True)


def test_seeds_give_different_courses(corpus: dict[str, list[Case]]) -> None:
    """For each skeleton at least 95 of 100 seeds differ in clues, speakers, length or features."""
    distinct = {name: len({course(case.plan) for case in cases}) for name, cases in corpus.items()}
    assert all(count >= 95 for count in distinct.values()), distinct


def test_incidents_waste_lines_and_end_as_real_ones_do(corpus: dict[str, list[Case]]) -> None:
    """Idle share 35-65 %, ends without a known cause or a clean end 10-45 %, withdrawn or failed 45-80 %."""
    readings = (Reading.of(case.incident) for cases in corpus.values() for case in cases)
    measured = values(labels.measure(readings, Bootstrap(draws=1)))
    ragged = sum(case.plan.ending != "explained" for cases in corpus.values() for case in cases) / (13 * len(SEEDS))
    assert 0.35 <= (measured["no_fact"] or 0) <= 0.65
    assert 0.10 <= ragged <= 0.45
    assert 0.45 <= (measured["withdrawn_or_failed"] or 0) <= 0.80
