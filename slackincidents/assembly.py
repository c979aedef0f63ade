"""Plan and draft become an incident: the timeline, the answer key, where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TypedDict

from pydantic import BaseModel

from slackincidents.incident import Incident
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.draft import Draft, Usage, WriterNote
from slackincidents.schema.incident import (
    ActionEvent,
    AlertEvent,
    CascadeLabel,
    CauseLabel,
    EditRecord,
    Event,
    IncidentRecord,
    Labels,
    MentionEvent,
    MessageEvent,
    MessageLabel,
    Provenance,
    ReactionRecord,
    ResolutionEvent,
    ServiceRecord,
    StatusUpdateEvent,
    SystemEvent,
)
from slackincidents.schema.plan import Beat, Kind, Plan
from slackincidents.seeds import Seed
from slackincidents.tellings import choose, fill


def assemble(plan: Plan, draft: Draft) -> Incident:
    """The finished incident of a plan and its words."""
    index = {beat.id: place for place, beat in enumerate(plan.beats)}
    request = plan.request
    return Incident(
        scenario_id=incident_id(plan),
        scenario_type=plan.skeleton.id,
        title=plan.skeleton.title,
        description=plan.skeleton.description,
        start_time=request.start_time,
        services=_services(plan),
        people={handle: persona.name for handle, persona in plan.people.items()},
        timeline=tuple(_event(plan, beat, draft, index) for beat in plan.beats),
        metadata={
            "severity": plan.skeleton.severity,
            "difficulty": plan.skeleton.difficulty,
            "duration_seconds": plan.beats[-1].at,
            "services_impacted": len(plan.skeleton.services),
            "synthetic": True,
        },
        labels=_labels(plan, index),
        provenance=_provenance(plan, draft, index),
    )


def incident_id(plan: Plan) -> str:
    """The scenario, the seed, and what was changed."""
    change = plan.request.change
    return "-".join((plan.skeleton.id, plan.request.seed, *([change.label] if change else [])))


def disassemble(plan: Plan, incident: IncidentRecord) -> Draft:
    """The draft behind an incident of this plan: `assemble` the other way round."""
    pairs = list(zip(plan.beats, incident.timeline, strict=True))
    texts = {beat.id: _bare(beat, event) for beat, event in pairs if beat.kind is not Kind.ALERT}
    return Draft(texts=texts, note=_note(plan, incident.provenance))


def _bare(beat: Beat, event: Event) -> str:
    """The text of an event as its writer gave it: without the fences that assembly puts around pastes."""
    text = event.text
    if beat.kind is Kind.ACTION:
        return _between(text, "```\n$ ", "\n```") if beat.words.literal else text
    if beat.act is not Act.PASTE or beat.kind not in {Kind.MESSAGE, Kind.MENTION}:
        return text
    fenced = _between(text, "```\n", "\n```")
    return fenced if fenced != text or "`" in text[1:-1] else _between(text, "`", "`")


def _between(text: str, start: str, end: str) -> str:
    whole = len(text) > len(start + end) and text.startswith(start) and text.endswith(end)
    return text[len(start) : -len(end)] if whole else text


def _note(plan: Plan, origin: Provenance | None) -> WriterNote:
    if origin is None:
        return WriterNote(writer="unknown")
    ids = dict(enumerate(beat.id for beat in plan.beats))
    return WriterNote(
        writer=origin.writer,
        model=origin.model,
        variant=origin.variant,
        prompts_sha256=origin.prompts_sha256,
        fell_back=tuple(ids[place] for place in origin.fell_back if place in ids),
        repaired=tuple(ids[place] for place in origin.repaired if place in ids),
        usage=Usage(**{name: origin.usage.get(name, 0) for name in Usage.model_fields}),
    )


def _services(plan: Plan) -> dict[str, ServiceRecord]:
    channels = {beat.channel for beat in plan.beats}
    involved = dict(plan.skeleton.services)
    for name, service in plan.catalogue.services.items():
        if service.channel in channels:
            involved.setdefault(name, "affected")
    return {
        name: ServiceRecord(
            channel=plan.catalogue.services[name].channel,
            oncall_group=plan.catalogue.services[name].oncall_group,
            role=role,
            engineers=plan.engineers[name],
        )
        for name, role in involved.items()
    }


def _event(plan: Plan, beat: Beat, draft: Draft, index: Mapping[str, int]) -> Event:
    if beat.kind is Kind.ALERT:
        return _alert(plan, beat, index)
    text = draft.texts[beat.id]
    common = _Common(
        offset_seconds=beat.at,
        channel=beat.channel,
        thread_parent=index[beat.thread] if beat.thread else None,
        reactions=_reactions(beat),
        user=beat.speaker,
    )
    if beat.kind is Kind.ACTION:
        action = plan.skeleton.actions[beat.action or ""]
        content = f"```\n$ {text}\n```" if beat.words.literal else text
        details = fill(choose(action.details, Seed(beat.id).rng()), plan.figures)
        return ActionEvent(**common, content=content, action_type=action.type, action_details=details)
    if beat.kind is Kind.RESOLUTION:
        return ResolutionEvent(**common, content=text, metrics_after=_after(plan))
    if beat.kind is Kind.STATUS_UPDATE:
        return StatusUpdateEvent(**common, content=text)
    if beat.kind is Kind.SYSTEM:
        return SystemEvent(**common, content=text)
    content = _fenced(text) if beat.act is Act.PASTE else text
    edited = EditRecord(offset_seconds=beat.at + beat.edit.after_s) if beat.edit else None
    if beat.kind is Kind.MENTION:
        return MentionEvent(**common, content=content, mentions=beat.mentions, edited=edited)
    return MessageEvent(**common, content=content, mentions=beat.mentions, edited=edited)


class _Common(TypedDict):
    offset_seconds: float
    channel: str
    thread_parent: int | None
    reactions: tuple[ReactionRecord, ...]
    user: str


def _fenced(text: str) -> str:
    return f"```\n{text}\n```" if "\n" in text or len(text) > 60 else f"`{text}`" if "`" not in text else text


def _alert(plan: Plan, beat: Beat, index: Mapping[str, int]) -> AlertEvent:
    rule = plan.skeleton.alerts[beat.alert or ""]
    resolved = any(p.name == "state" and p.value == "resolved" for p in beat.particulars)
    part = "recovered" if resolved else "peak"
    signals = [(plan.skeleton.signals[name], plan.figures[f"{name}.{part}"]) for name in rule.signals]
    threshold = plan.skeleton.signals[rule.threshold.signal]
    details = (
        f"{threshold.label} is back to {plan.figures[f'{rule.threshold.signal}.recovered']}"
        if resolved
        else fill(rule.details, plan.figures)
    )
    return AlertEvent(
        offset_seconds=beat.at,
        channel=beat.channel,
        thread_parent=index[beat.thread] if beat.thread else None,
        reactions=_reactions(beat),
        severity="info" if resolved else rule.severity,
        state="resolved" if resolved else "firing",
        title=f"{'[RESOLVED] ' if resolved else ''}{rule.title}",
        details=details,
        metrics={signal.metric: value for signal, value in signals},
        runbook=None if resolved else rule.runbook,
        dashboard=rule.dashboard,
    )


def _reactions(beat: Beat) -> tuple[ReactionRecord, ...]:
    return tuple(ReactionRecord(emoji=r.emoji, users=r.users) for r in beat.reactions)


def _after(plan: Plan) -> dict[str, str | float]:
    names = plan.skeleton.resolution.signals_after
    return {plan.skeleton.signals[name].metric: plan.figures[f"{name}.recovered"] for name in names}


def _labels(plan: Plan, index: Mapping[str, int]) -> Labels:
    cause = plan.skeleton.root_cause
    causes = {f"clue:{k}" for k, clue in plan.skeleton.clues.items() if clue.states_cause}
    first = next((index[b.id] for b in plan.beats if causes & {*b.reveals, *b.cites}), None)
    failed = {
        b.action
        for b in plan.beats
        if b.action and plan.skeleton.actions[b.action].effect in {"nothing", "worse"} and b.act is Act.EXECUTE
    }
    withdrawn = {b.hypothesis for b in plan.beats if b.act is Act.WITHDRAW and b.hypothesis}
    features = {f for b in plan.beats for f in b.features}
    return Labels(
        root_cause=CauseLabel(
            service=cause.service,
            component=cause.component,
            category=cause.category,
            mechanism=cause.mechanism,
            plain=cause.plain,
        ),
        cascade=tuple(
            CascadeLabel(
                source=s.source,
                target=s.target,
                via=s.via,
                effect=s.effect,
                offset_seconds=plan.impact_start + sum(s.lag_s) // 2,
            )
            for s in plan.skeleton.cascade
        ),
        impact_start=plan.impact_start,
        impact_end=plan.impact_end,
        ending=plan.ending,
        cause_first_stated=first,
        hypotheses_withdrawn=tuple(sorted(withdrawn)),
        actions_failed=tuple(sorted(failed)),
        features=tuple(f for f in Feature if f in features),
        messages=tuple(_message_label(plan, beat, index) for beat in plan.beats),
    )


def _message_label(plan: Plan, beat: Beat, index: Mapping[str, int]) -> MessageLabel:
    true = plan.skeleton.hypotheses[beat.hypothesis].true if beat.hypothesis else None
    return MessageLabel(
        index=index[beat.id],
        act=beat.act,
        phase=beat.phase,
        reveals=beat.reveals,
        cites=beat.cites,
        hypothesis=beat.hypothesis,
        hypothesis_true=true,
        exchange=beat.exchange,
        answers=index[beat.answers] if beat.answers else None,
        features=beat.features,
        typed=beat.words.said is not None,
    )


def _provenance(plan: Plan, draft: Draft, index: Mapping[str, int]) -> Provenance:
    note = draft.note
    return Provenance(
        generator=f"slackincidents {package_version()}",
        skeleton=plan.skeleton.id,
        skeleton_sha256=plan.skeleton_sha256,
        catalogue_sha256=_hash(plan.catalogue),
        people_sha256=people_hash(plan),
        seed=plan.request.seed,
        pace=plan.request.pace,
        engineers=plan.request.engineers,
        change=plan.request.change,
        seat=plan.request.seat,
        elsewhere=plan.request.elsewhere,
        writer=note.writer,
        model=note.model,
        variant=note.variant,
        prompts_sha256=note.prompts_sha256,
        fell_back=tuple(index[b] for b in note.fell_back),
        repaired=tuple(index[b] for b in note.repaired),
        usage=note.usage.model_dump() if note.usage.calls else {},
    )


def people_hash(plan: Plan) -> str:
    """The hash of everybody who takes part in a plan."""
    return hashlib.sha256("".join(f"{h}{p.model_dump_json()}" for h, p in plan.people.items()).encode()).hexdigest()


def _hash(model: BaseModel) -> str:
    return hashlib.sha256(model.model_dump_json().encode()).hexdigest()


def package_version() -> str:
    """The installed version, or "unreleased" in a bare checkout."""
    try:
        return version("slackincidents")
    except PackageNotFoundError:
        return "unreleased"
