"""Broken incidents are caught, by the rule meant for them; clean ones stay clean."""

from __future__ import annotations

import random
import sys
from dataclasses import replace

import pytest

from evals.breaking import WAYS, Case
from evals.corruption import clean_cases, judge, measure, table
from slackincidents.validator import RULES, check

SEEDS = 18
ENOUGH = 100
SHARE = 0.99
STURDY = [way for way in WAYS if way.name not in {"no text", "unknown speaker", "speaker not in the channel"}]
"""Ways that can be tried on what another way has broken."""


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Clean incidents of every skeleton."""
    return list(clean_cases(range(SEEDS)))


def test_every_rule_is_meant_for_some_way() -> None:
    """No rule goes untried on whole incidents."""
    assert {code for way in WAYS for code in way.code.split()} == {rule.code for rule in RULES}


def test_what_is_broken_is_caught(cases: list[Case]) -> None:
    """Each way to break an incident is caught at least 99 times of a hundred, on a hundred or more."""
    rows = measure(cases)
    sys.stdout.write(f"\n{table(rows)}")
    assert [row.way.name for row in rows if row.tried < ENOUGH] == []
    assert [(row.way.name, row.missed) for row in rows if row.share < SHARE] == []


def test_breaking_leaves_the_original_clean(cases: list[Case]) -> None:
    """Cases are values: what one way broke is whole for the next."""
    assert all(judge(case).clean for case in cases[::12])


def test_nothing_broken_makes_the_validator_stumble(cases: list[Case]) -> None:
    """Whatever is wrong with a file, even three things at once, it is reported, not raised."""
    rng = random.Random("three at once")
    for case in cases[::3]:
        broken = case
        for way in rng.sample(STURDY, 3):
            broken = way.apply(broken, rng) or broken
        judge(broken)
        check(broken.incident, catalogue=broken.catalogue, people={})


def test_an_empty_timeline_and_a_foreign_plan_are_findings(cases: list[Case]) -> None:
    """A plan of another incident differs at once; so does a file without events."""
    first, other = cases[0], cases[-1]
    assert not judge(replace(first, plan=other.plan)).clean
    assert not judge(first.with_incident(timeline=())).clean


def test_a_file_cut_short_is_a_finding_not_a_crash(cases: list[Case]) -> None:
    """Whatever is missing at the end, every rule comes through."""
    for case in cases[::12]:
        for kept in range(1, len(case.incident.timeline), 7):
            cut = case.incident.model_copy(update={"timeline": case.incident.timeline[:kept]})
            assert not judge(replace(case, incident=cut)).clean
