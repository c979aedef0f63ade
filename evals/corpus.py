"""The incidents that the bars are measured on: every shipped skeleton, many seeds, both paces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slackincidents.assembly import assemble
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop
from slackincidents.schema.findings import Report
from slackincidents.schema.plan import Pace, Plan
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter


@dataclass(frozen=True)
class Case:
    """One generated incident with its plan and what the validator says."""

    plan: Plan
    incident: Incident
    report: Report


def generate(workshop: Workshop, scenario: str, seeds: Sequence[int], pace: Pace = "real") -> Iterator[Case]:
    """One case a seed, written offline."""
    writer = OfflineWriter(workshop.banks)
    for seed in seeds:
        plan = workshop.plan(scenario, seed=seed, pace=pace)
        incident = assemble(plan, writer.compose(plan))
        report = check(incident, catalogue=workshop.stage.catalogue, people=workshop.stage.people, plan=plan)
        yield Case(plan, incident, report)
