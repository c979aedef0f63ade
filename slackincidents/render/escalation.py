"""Whom a runbook escalates to, and when: the services with alerts, and their neighbours on the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slackincidents.render.blocks import Block, Bullets, Grid, Heading, Line, Paragraph, code, line
from slackincidents.schema.people import Catalogue
from slackincidents.schema.skeleton import Severity, Skeleton


@dataclass(frozen=True)
class Limits:
    """Minutes until the next step: without acknowledgement, lead, mitigation; and between status updates."""

    acknowledge: int
    lead: int
    mitigation: int
    update: int
    commander: bool


LIMITS: dict[Severity, Limits] = {
    "SEV-1": Limits(acknowledge=5, lead=10, mitigation=20, update=15, commander=True),
    "SEV-2": Limits(acknowledge=5, lead=15, mitigation=30, update=30, commander=True),
    "SEV-3": Limits(acknowledge=5, lead=30, mitigation=60, update=60, commander=False),
    "SEV-4": Limits(acknowledge=5, lead=60, mitigation=240, update=120, commander=False),
}


def escalation(skeleton: Skeleton, catalogue: Catalogue) -> Iterator[Block]:
    """Times first, then groups and channels."""
    limits = LIMITS[skeleton.severity]
    yield Heading(2, "Escalation")
    yield Bullets(
        (
            line(f"No acknowledgement after {limits.acknowledge} min: the next of the group is paged, then the third."),
            line(
                f"No lead after {limits.lead} min: ask the neighbours in the table, with what you saw and since when."
            ),
            line(
                f"No mitigation after {limits.mitigation} min, or it spreads: raise the severity, get an incident "
                "commander, tell support and the manager on duty."
            ),
            line("An action that needs a go-ahead: the owner of the service, or the incident commander."),
        )
    )
    rows = tuple(_rows(skeleton, catalogue))
    if rows:
        yield Paragraph(line("Who, where, and when:"))
        yield Grid(("Group", "Channel", "Service", "When"), rows)


def _rows(skeleton: Skeleton, catalogue: Catalogue) -> Iterator[tuple[Line, ...]]:
    limits = LIMITS[skeleton.severity]
    first = _first(skeleton)
    at_once = "at once when its alert fires" if skeleton.alerts else "at once when users report it"
    others = dict(_others(skeleton, catalogue, first, limits))
    for name, when in {**dict.fromkeys(first, at_once), **others}.items():
        if name in catalogue.services:
            service = catalogue.services[name]
            yield line(code(service.oncall_group)), line(code(service.channel)), line(name), line(when)


def _first(skeleton: Skeleton) -> tuple[str, ...]:
    """The services that hear of it first: those with alerts, else those that users complain about."""
    alerting = (rule.service for rule in skeleton.alerts.values())
    reported = (clue.service for clue in skeleton.clues.values() if clue.where == "users")
    return tuple(dict.fromkeys(alerting)) or tuple(dict.fromkeys(reported))


def _others(
    skeleton: Skeleton, catalogue: Catalogue, first: tuple[str, ...], limits: Limits
) -> Iterator[tuple[str, str]]:
    """The other services, by name: those that take part, and the neighbours of the very first."""
    near = {name for one in first[:1] for name in _neighbours(one, catalogue)}
    for name in sorted({*skeleton.services, *near} - set(first)):
        callers = sorted(one for one in first if name in _calls(one, catalogue))
        if callers:
            yield name, f"when a check points there, or after {limits.lead} min without a lead; {callers[0]} calls it"
        elif called := sorted(_calls(name, catalogue) & set(first)):
            yield name, f"tell them within {limits.lead} min: it calls {called[0]}"
        else:
            yield name, f"when a check points there, or after {limits.mitigation} min"


def _neighbours(name: str, catalogue: Catalogue) -> set[str]:
    return {*_calls(name, catalogue), *(other for other in catalogue.services if name in _calls(other, catalogue))}


def _calls(name: str, catalogue: Catalogue) -> set[str]:
    service = catalogue.services.get(name)
    return {call.service for call in service.calls} if service else set()
