"""Lint for incidents: rules with codes, over the file and, where it is known, the plan behind it."""

from __future__ import annotations

from collections.abc import Mapping

from slackincidents.schema.findings import Finding, Report
from slackincidents.schema.incident import IncidentRecord
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import Plan
from slackincidents.validator.codes import RULES
from slackincidents.validator.context import Context
from slackincidents.validator.rule import Rule

__all__ = ["RULES", "Rule", "check"]


def check(
    incident: IncidentRecord,
    *,
    catalogue: Catalogue,
    people: Mapping[str, Persona],
    plan: Plan | None = None,
) -> Report:
    """Everything wrong with an incident. Without its plan, the rules that need it are skipped."""
    context = Context(incident, catalogue, people, plan)
    findings: list[Finding] = []
    skipped: list[str] = []
    for rule in RULES:
        if rule.needs_plan and plan is None:
            skipped.append(rule.code)
        else:
            findings.extend(rule.run(context))
    return Report(findings=tuple(findings), skipped=tuple(skipped))
