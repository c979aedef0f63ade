"""The rows of the tables: what anybody may read in `messages` and `incidents`, the answers in `labels`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from slackincidents.archive.answers import identity
from slackincidents.render.room import is_bot
from slackincidents.schema.base import Frozen
from slackincidents.schema.incident import (
    ActionEvent,
    AlertEvent,
    CascadeLabel,
    CauseLabel,
    Event,
    IncidentRecord,
    MessageLabel,
    Spoken,
)
from slackincidents.tasks.questions import Question
from slackincidents.workspace.out_history import kind_of, ref


class MetricRow(Frozen):
    """A metric's name and its value as text."""

    name: str
    value: str


class ReactionRow(Frozen):
    """An emoji and who put it there."""

    emoji: str
    users: tuple[str, ...]


class MessageRow(Frozen):
    """One message. `id` is the incident's with the place in its timeline; `thread` is the place of the root."""

    id: str
    incident: str
    index: int
    at: datetime
    offset_seconds: float
    channel: str
    user: str
    name: str
    bot: bool
    type: str
    text: str
    thread: int | None
    mentions: tuple[str, ...]
    reactions: tuple[ReactionRow, ...]
    edited_at: datetime | None
    alert_severity: str | None
    alert_state: str | None
    alert_title: str | None
    metrics: tuple[MetricRow, ...]
    metrics_after: tuple[MetricRow, ...]
    runbook: str | None
    dashboard: str | None
    action_type: str | None
    action_details: str | None


class IncidentRow(Frozen):
    """What can be seen of a stretch of messages without knowing what it was."""

    id: str
    started_at: datetime
    ended_at: datetime
    channels: tuple[str, ...]
    people: tuple[str, ...]
    messages: int


class LabelRow(Frozen):
    """The answer key of a stretch of messages; times in seconds from its start, indices count from 0."""

    incident: str
    kind: str
    scenario: str
    scenario_id: str
    title: str
    ref: str | None
    recurs: str | None
    severity: str | None
    services: tuple[str, ...]
    noise_kind: str | None
    noise_monitor: str | None
    noise_answered: bool | None
    root_cause: CauseLabel | None
    cascade: tuple[CascadeLabel, ...]
    impact_start: int | None
    impact_end: int | None
    ending: str | None
    cause_first_stated: int | None
    hypotheses_withdrawn: tuple[str, ...]
    actions_failed: tuple[str, ...]
    features: tuple[str, ...]
    messages: tuple[MessageLabel, ...]
    seed: str | None
    writer: str | None
    model: str | None


class QuestionRow(Frozen):
    """One question with its gold answer; `answer` is JSON, its form is in docs/tasks.md."""

    id: str
    kind: str
    incident: str
    scenario: str
    prompt: str
    choices: tuple[str, ...] | None
    visible_until: float
    answer: str
    evidence: tuple[int, ...]
    other: str | None
    other_evidence: tuple[int, ...]

    @classmethod
    def of(cls, question: Question) -> QuestionRow:
        """The row of a question."""
        return cls(
            **question.model_dump(include=set(cls.model_fields) - {"answer"}),
            answer=question.answer.model_dump_json(exclude_none=True),
        )


def message_rows(record: IncidentRecord) -> Iterator[MessageRow]:
    """A row for every event, in the order of the file."""
    key = identity(record)
    return (_message(record, key, index, event) for index, event in enumerate(record.timeline))


def _message(record: IncidentRecord, key: str, index: int, event: Event) -> MessageRow:
    alert = event if isinstance(event, AlertEvent) else None
    action = event if isinstance(event, ActionEvent) else None
    spoken = event if isinstance(event, Spoken) else None
    edited = spoken.edited if spoken else None
    start = record.started_at.astimezone(UTC)
    return MessageRow(
        id=f"{key}-{index}",
        incident=key,
        index=index,
        at=start + timedelta(seconds=event.offset_seconds),
        offset_seconds=event.offset_seconds,
        channel=event.channel,
        user=event.speaker,
        name=record.people.get(event.speaker, event.speaker),
        bot=is_bot(event),
        type=event.type,
        text=event.text,
        thread=event.thread_parent,
        mentions=spoken.mentions if spoken else (),
        reactions=tuple(ReactionRow(emoji=one.emoji, users=one.users) for one in event.reactions),
        edited_at=start + timedelta(seconds=edited.offset_seconds) if edited else None,
        alert_severity=alert.severity if alert else None,
        alert_state=alert.state if alert else None,
        alert_title=alert.title if alert else None,
        metrics=_metrics(alert.metrics if alert else {}),
        metrics_after=_metrics(event.metrics_after or {}),
        runbook=alert.runbook if alert else None,
        dashboard=alert.dashboard if alert else None,
        action_type=action.action_type if action else None,
        action_details=action.action_details if action else None,
    )


def _metrics(told: Mapping[str, str | float]) -> tuple[MetricRow, ...]:
    return tuple(MetricRow(name=name, value=str(value)) for name, value in told.items())


def incident_row(record: IncidentRecord) -> IncidentRow:
    """The row of a record among the incidents."""
    start = record.started_at.astimezone(UTC)
    offsets = [event.offset_seconds for event in record.timeline]
    return IncidentRow(
        id=identity(record),
        started_at=start,
        ended_at=start + timedelta(seconds=max(offsets, default=0)),
        channels=tuple(sorted({event.channel for event in record.timeline})),
        people=tuple(sorted({event.speaker for event in record.timeline if not is_bot(event)})),
        messages=len(record.timeline),
    )


def label_row(record: IncidentRecord) -> LabelRow:
    """The answer key of a record, as far as it has one."""
    key, noise, origin = record.labels, record.noise, record.provenance
    return LabelRow(
        incident=identity(record),
        kind=kind_of(record),
        scenario=record.scenario_type,
        scenario_id=record.scenario_id,
        title=record.title,
        ref=ref(record),
        recurs=_text(record, "recurs"),
        severity=_text(record, "severity"),
        services=tuple(record.services),
        noise_kind=noise.kind if noise else None,
        noise_monitor=noise.monitor if noise else None,
        noise_answered=noise.answered if noise else None,
        root_cause=key.root_cause if key else None,
        cascade=key.cascade if key else (),
        impact_start=key.impact_start if key else None,
        impact_end=key.impact_end if key else None,
        ending=key.ending if key else None,
        cause_first_stated=key.cause_first_stated if key else None,
        hypotheses_withdrawn=key.hypotheses_withdrawn if key else (),
        actions_failed=key.actions_failed if key else (),
        features=key.features if key else (),
        messages=key.messages if key else (),
        seed=origin.seed if origin else None,
        writer=origin.writer if origin else None,
        model=origin.model if origin else None,
    )


def _text(record: IncidentRecord, name: str) -> str | None:
    told = record.metadata.get(name)
    return told if isinstance(told, str) else None
