"""Scenario folders as opensre's synthetic suites keep them: an alert, what can be looked at, and the answer.

A folder is named by a number and the first digits of the incident's neutral id. Evidence is what people found in each
place, in their own words, one file a place; the chat goes on only until somebody states the cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from slackincidents.archive.answers import blind
from slackincidents.errors import UsageError
from slackincidents.schema.incident import AlertEvent
from slackincidents.schema.skeleton import CauseCategory
from slackincidents.tasks import yamls
from slackincidents.tasks.guesses import category_of
from slackincidents.tasks.opensre_files import (
    Alert,
    AlertAnnotations,
    AlertLabels,
    Answer,
    EvidenceFile,
    Record,
    Scenario,
)
from slackincidents.tasks.truth import Truth, mentions

CHAT = "slack_messages"
"""The evidence that is the chat itself."""

CATEGORIES = {
    CauseCategory.FEATURE_FLAG: "feature_flag_misconfiguration",
    CauseCategory.RESOURCE_LIMIT: "resource_exhaustion",
    CauseCategory.CODE_DEFECT: "code_defect",
    CauseCategory.CONFIG_CHANGE: "configuration_error",
    CauseCategory.TRAFFIC: "application_tier_load_spike",
    CauseCategory.QUOTA: "service_quota_exceeded",
    CauseCategory.DEPENDENCY: "dependency_failure",
    CauseCategory.DATA: "data_quality",
}
"""Our causes in opensre's words."""

ACTIONS = {
    "dashboard": "query_grafana_metrics",
    "logs": "query_grafana_logs",
    "traces": "query_grafana_traces",
    "pods": "list_eks_pods",
    "deploys": "list_eks_deployments",
}
"""Where people look, in opensre's words; every other place is ``look_at_PLACE``."""

DIFFICULTIES = {"very easy": 1, "easy": 2, "medium": 3, "hard": 4}
MOST_KEYWORDS = 4

_WORD = re.compile(r"[A-Za-z0-9][\w.-]*[A-Za-z0-9]")
_EXACT = re.compile(r"[a-z][A-Z]|\d[A-Za-z]|[A-Za-z]\d|\w\.[A-Za-z]")
_SMALL = frozenset({"a", "an", "and", "by", "for", "in", "its", "of", "on", "or", "that", "the", "to", "with"})


@dataclass(frozen=True)
class Folder:
    """A scenario as it is written."""

    name: str
    scenario: Scenario
    alert: Alert
    answer: Answer
    evidence: dict[str, EvidenceFile]


def files(truth: Truth, number: int) -> dict[str, str]:
    """The files of one scenario, by their path below the suite. Raises UsageError where nobody states the cause."""
    made = folder(truth, number)
    texts = {
        "scenario.yml": yamls.written(made.scenario),
        "alert.json": made.alert.model_dump_json(indent=2, by_alias=True) + "\n",
        "answer.yml": yamls.written(made.answer),
    }
    texts |= {
        f"{place}.json": found.model_dump_json(indent=2, exclude_none=True) + "\n"
        for place, found in made.evidence.items()
    }
    return {f"{made.name}/{name}": text for name, text in texts.items()}


def folder(truth: Truth, number: int) -> Folder:
    """The scenario made of an incident; `number` is its place in the suite. Raises UsageError."""
    seen = _Seen(truth)
    if seen.stated is None:
        raise UsageError(
            f"{truth.incident.scenario_id}: nobody finds the cause in it, so it is no scenario for opensre",
            "Leave it out, or generate another seed.",
        )
    return Folder(_name(truth, number), _scenario(seen, number), _alert(seen), _answer(seen), seen.evidence)


def _name(truth: Truth, number: int) -> str:
    return f"{number:03}-{truth.id[:8]}"


@dataclass(frozen=True)
class _Seen:
    """What an answering system gets to see of an incident, and which clues are in it."""

    truth: Truth

    @cached_property
    def stated(self) -> str | None:
        """The clue that states the cause and is told first."""
        clues = ((place, fact, self.truth.clue(fact)) for fact, place in self.truth.told.items())
        told = [(place, fact) for place, fact, clue in clues if clue and clue.states_cause]
        return min(told)[1].removeprefix("clue:") if told else None

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The clues that lead to the cause, each after what it needs; only those that are in the evidence."""
        ordered: list[str] = []
        if self.stated is not None:
            self._walk(self.stated, ordered)
        return tuple(clue for clue in ordered if f"clue:{clue}" in self.truth.told)

    def _walk(self, clue: str, ordered: list[str]) -> None:
        for need in self.truth.skeleton.clues[clue].needs:
            if need in self.truth.skeleton.clues and need not in ordered:
                self._walk(need, ordered)
        if clue not in ordered:
            ordered.append(clue)

    @cached_property
    def evidence(self) -> dict[str, EvidenceFile]:
        """Place -> what was found there, in order of time; and the chat until the cause is told."""
        found: dict[str, list[Record]] = {}
        for fact, place in sorted(self.truth.told.items(), key=lambda one: one[1]):
            if clue := self.truth.clue(fact):
                found.setdefault(clue.where, []).append(self._record(place, clue.where, clue.service))
        files = {where: EvidenceFile(records=tuple(records)) for where, records in sorted(found.items())}
        end = min((self.truth.told[f"clue:{self.stated}"], *self._first_stated), default=0)
        said = tuple(self._record(place, CHAT, None) for place in range(end))
        return {CHAT: EvidenceFile(records=said), **files} if said else files

    @property
    def _first_stated(self) -> tuple[int, ...]:
        first = self.truth.labels.cause_first_stated
        return () if first is None else (first,)

    def _record(self, place: int, source: str, service: str | None) -> Record:
        event = self.truth.incident.timeline[place]
        at = self.truth.incident.time_of(event).isoformat()
        return Record(
            timestamp=at, source=source, service=service, channel=event.channel, user=event.speaker, message=event.text
        )

    @cached_property
    def text(self) -> str:
        """All that can be read in the evidence."""
        return "\n".join(
            f"{one.service or ''} {one.message}" for file in self.evidence.values() for one in file.records
        )

    @cached_property
    def refuted(self) -> tuple[str, ...]:
        """The false hypotheses that the evidence rules out."""
        told = {fact.removeprefix("clue:") for fact in self.truth.told}
        guesses = self.truth.skeleton.hypotheses.items()
        return tuple(name for name, guess in guesses if not guess.true and told & {*guess.refuted_by})


def _scenario(seen: _Seen, number: int) -> Scenario:
    return Scenario(
        scenario_id=_name(seen.truth, number),
        severity=_severity(seen.truth),
        available_evidence=tuple(seen.evidence),
        scenario_difficulty=DIFFICULTIES[seen.truth.skeleton.difficulty],
    )


def _severity(truth: Truth) -> str:
    first = _first_alert(truth)
    return first[1].severity if first else str(blind(truth.incident).metadata.get("severity", "unknown"))


def _first_alert(truth: Truth) -> tuple[str, AlertEvent] | None:
    for name, place in truth.alerts:
        event = truth.incident.timeline[place]
        if isinstance(event, AlertEvent):
            return name, event
    return None


def _alert(seen: _Seen) -> Alert:
    truth, first = seen.truth, _first_alert(seen.truth)
    sources = ", ".join(seen.evidence)
    if first is None:
        said = truth.incident.timeline[0]
        owners = (name for name, service in truth.incident.services.items() if service.channel == said.channel)
        title, summary, service, source = "Reported by a person", said.text, next(owners, ""), "slack"
    else:
        name, event = first
        title, service, source = event.title, truth.skeleton.alerts[name].service, "monitoring"
        summary = event.details or event.title
    return Alert(
        title=title,
        alert_source=source,
        commonLabels=AlertLabels(alertname=title, severity=_severity(truth), service=service),
        commonAnnotations=AlertAnnotations(summary=summary, context_sources=sources),
    )


def _answer(seen: _Seen) -> Answer:
    truth = seen.truth
    category = CATEGORIES[CauseCategory(truth.labels.root_cause.category)]
    places = dict.fromkeys(truth.skeleton.clues[clue].where for clue in seen.path)
    guesses = (truth.skeleton.hypotheses[name] for name in seen.refuted)
    forbidden = dict.fromkeys(found for guess in guesses if (found := category_of(guess)) and found != category)
    return Answer(
        root_cause_category=category,
        required_keywords=tuple(_keywords(seen)),
        required_evidence_sources=tuple(places),
        forbidden_categories=tuple(forbidden),
        optimal_trajectory=tuple(ACTIONS.get(place, f"look_at_{place}") for place in places),
        max_investigation_loops=len(seen.path),
        model_response=_response(seen, category),
    )


def _keywords(seen: _Seen) -> Iterator[str]:
    """Words of the cause that stand in the evidence: identifiers and the component; those of the gold clue first."""
    cause = seen.truth.labels.root_cause
    exact = [
        word for word in _WORD.findall(f"{cause.component} {cause.plain} {cause.mechanism}") if _EXACT.search(word)
    ]
    words = [word for word in _WORD.findall(cause.component) if word.lower() not in _SMALL]
    known = [word for word in dict.fromkeys((*exact, *words)) if mentions(seen.text, word)]
    gold = seen.truth.incident.timeline[seen.truth.told[f"clue:{seen.stated}"]].text
    ordered = sorted(known, key=lambda word: not mentions(gold, word))
    yield from ordered[:MOST_KEYWORDS] or [seen.truth.skeleton.clues[seen.stated or ""].service]


def _response(seen: _Seen, category: str) -> str:
    """A right answer, in the sections opensre asks for."""
    truth, clues = seen.truth, seen.truth.skeleton.clues
    ruled_out = [f"- Not: {truth.filled(truth.skeleton.hypotheses[name].claim).rstrip('.')}." for name in seen.refuted]
    lines = [
        f"ROOT_CAUSE: {truth.labels.root_cause.plain}",
        f"ROOT_CAUSE_CATEGORY: {category}",
        "",
        "VALIDATED_CLAIMS:",
        *(f"- {truth.filled(clues[clue].fact)} [evidence: {clues[clue].where}]" for clue in seen.path),
        *ruled_out,
        "",
        "NON_VALIDATED_CLAIMS:",
        "- none",
        "",
        "CAUSAL_CHAIN:",
        f"- {truth.labels.root_cause.mechanism}",
        *(f"- {edge.source} -> {edge.target}: {edge.effect}" for edge in truth.labels.cascade),
    ]
    return "\n".join(lines) + "\n"
