"""Every rule catches what it is for, and leaves alone what only looks like it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evals.breaking import Case
from slackincidents.validator import RULES, check
from slackincidents.validator.rules import __path__ as rule_folder
from tests.validator.cases import ALSO_BAD, BAD, OK, Change
from tests.validator.tiny import ALERT, RESOLVED, tiny

CODES = [rule.code for rule in RULES]


def found(case: Case) -> list[str]:
    """The codes found in a case."""
    report = check(case.incident, catalogue=case.catalogue, people=case.people, plan=case.plan)
    return [finding.code for finding in report.findings]


def test_the_tiny_incident_is_clean() -> None:
    """What the cases change is clean before."""
    assert found(tiny()) == []


def test_every_rule_has_a_bad_and_an_ok_case() -> None:
    """No rule without its pair of cases, no case without its rule."""
    assert set(BAD) == set(OK) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_bad_case_is_caught(code: str) -> None:
    """The rule speaks up on its bad case."""
    assert code in found(BAD[code](tiny()))


@pytest.mark.parametrize("code", CODES)
def test_the_ok_case_is_left_alone(code: str) -> None:
    """The rule says nothing on a case that comes near."""
    assert code not in found(OK[code](tiny()))


@pytest.mark.parametrize(("code", "change"), [way[1:] for way in ALSO_BAD], ids=[way[0] for way in ALSO_BAD])
def test_other_ways_to_be_bad_are_caught(code: str, change: Change) -> None:
    """A rule covers all of its smell, not one shape of it."""
    assert code in found(change(tiny()))


def test_codes_and_names_are_unique_and_well_formed() -> None:
    """A code is three letters and three digits; a name is a slug; none is used twice."""
    assert all(re.fullmatch(r"[A-Z]{3}\d{3}", code) for code in CODES)
    assert len(set(CODES)) == len(CODES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_rule_file_is_in_the_table() -> None:
    """A rule lives in the file of its name, and no file is left out of the table."""
    files = {path.stem for path in Path(next(iter(rule_folder))).glob("*.py")} - {"__init__"}
    assert files == {rule.name.replace("-", "_") for rule in RULES}


def test_without_a_plan_its_rules_are_skipped_and_named() -> None:
    """A report never passes off a skipped rule as passed."""
    case = tiny()
    report = check(case.incident, catalogue=case.catalogue, people=case.people)
    assert report.clean
    assert set(report.skipped) == {rule.code for rule in RULES if rule.needs_plan}


WITH_PLAN_ONLY = {"PAG002", "LBL001", "MET003"}
"""Rules that see more with a plan; their bad case is of that kind."""


@pytest.mark.parametrize("code", [r.code for r in RULES if not r.needs_plan and r.code not in WITH_PLAN_ONLY])
def test_rules_of_the_file_need_no_plan(code: str) -> None:
    """A rule that does not need the plan finds its bad case without one."""
    case = BAD[code](tiny())
    report = check(case.incident, catalogue=case.catalogue, people=case.people)
    assert code in [finding.code for finding in report.findings]


@pytest.mark.parametrize(("metric", "value"), [("p95_latency", "0.95s"), ("success_rate", "20%"), ("visitors", "400")])
def test_without_a_plan_an_end_no_better_than_the_alert_is_caught(metric: str, value: str) -> None:
    """Without baselines, the alert's own value is the measure, by what the metric is."""
    case = _alarm({"p95_latency": "912ms", "success_rate": "21%", "visitors": "400"}, {metric: value})
    report = check(case.incident, catalogue=case.catalogue, people=case.people)
    assert [finding.code for finding in report.findings] == ["MET003"]


@pytest.mark.parametrize(("metric", "value"), [("p95_latency", "0.1s"), ("success_rate", "99%"), ("visitors", "401")])
def test_without_a_plan_an_end_better_than_the_alert_passes(metric: str, value: str) -> None:
    """A latency that fell and a success rate that rose are recoveries."""
    case = _alarm({"p95_latency": "912ms", "success_rate": "21%", "visitors": "400"}, {metric: value})
    assert check(case.incident, catalogue=case.catalogue, people=case.people).clean


def _alarm(metrics: dict[str, str], after: dict[str, str]) -> Case:
    return tiny().with_event(ALERT, metrics=metrics).with_event(RESOLVED, metrics_after=after)


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    """The text of a finding has code, place, what was found and a remedy."""
    case = BAD["MEN002"](tiny())
    report = check(case.incident, catalogue=case.catalogue, people=case.people, plan=case.plan)
    text = str(report.findings[0])
    assert text.startswith("MEN002 stray-mention at timeline[2]: names @benn")
    assert '"ben"' in text
    assert text.endswith("(Name somebody who exists, or drop the @.)")
