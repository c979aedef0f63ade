"""A drafted skeleton on trial: planned, written offline and validated with many seeds before it is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slackincidents.assembly import assemble
from slackincidents.drafting.answers import Answer
from slackincidents.drafting.parts import STAGES, Parts
from slackincidents.errors import SlackIncidentsError
from slackincidents.pipeline import Workshop
from slackincidents.schema.findings import Finding
from slackincidents.schema.plan import Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter

FACTS = "evidence"
"""The stage that answers for a skeleton that cannot be planned."""

CARDS = "outline"
"""The stage that answers for what no telling explains: alert cards, figures, the graph."""

MOST = 12
"""Complaints told to one stage; the first ones mostly explain the rest."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong, and the stage that must mend it."""

    stage: str
    text: str


def trial(skeleton: Skeleton, parts: Parts, workshop: Workshop, seeds: int) -> tuple[Complaint, ...]:
    """Every complaint over the first `seeds` seeds, told once; empty when all of them are clean."""
    owners = dict(_owners(parts))
    found: dict[Complaint, None] = {}
    for seed in range(seeds):
        for complaint in _one(skeleton, owners, workshop, seed):
            found.setdefault(complaint)
    return tuple(found)


def _one(skeleton: Skeleton, owners: Mapping[str, str], workshop: Workshop, seed: int) -> Iterator[Complaint]:
    try:
        plan = workshop.plan(skeleton, seed=seed)
        incident = assemble(plan, OfflineWriter(workshop.banks).compose(plan))
    except SlackIncidentsError as error:
        yield Complaint(FACTS, error.message)
        return
    except (LookupError, ValueError, ArithmeticError) as error:  # the planner met facts it has no way with
        yield Complaint(FACTS, f"seed {seed} cannot be planned: {type(error).__name__} {error}")
        return
    report = check(incident, catalogue=workshop.stage.catalogue, people=workshop.stage.people, plan=plan)
    yield from (_routed(finding, plan, owners) for finding in report.findings)


def _routed(finding: Finding, plan: Plan, owners: Mapping[str, str]) -> Complaint:
    beat = None if finding.index is None else plan.beats[finding.index]
    told = [one for one in (*beat.words.tellings, *beat.words.more) if one in owners] if beat else []
    told = [] if finding.code.startswith("MET") else told
    about = f" (one of: {told[0]!r}, {len(told)} in all)" if told else ""
    return Complaint(owners[told[0]] if told else CARDS, f"{finding.code} {finding.message}{about}. {finding.hint}")


def _owners(parts: Parts) -> Iterator[tuple[str, str]]:
    """Each telling with the stage that said it."""
    for stage in STAGES:
        if parts.has(stage):
            yield from ((text, stage) for text in _texts(parts.answers[stage]))


def _texts(answer: Answer) -> Iterator[str]:
    for name in type(answer).model_fields:
        value = getattr(answer, name)
        if isinstance(value, Answer):
            yield from _texts(value)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, Answer):
                    yield from _texts(one)
                elif isinstance(one, str):
                    yield one
