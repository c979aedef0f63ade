"""The answer key as a renderer shows it: the panel, and the chips on each message."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from slackincidents.render.graph import cascade_svg
from slackincidents.render.room import clean, elapsed, span
from slackincidents.schema.incident import IncidentRecord, Labels, MessageLabel


@dataclass(frozen=True)
class Chip:
    """One small label; `tone` is its class in the style sheet."""

    text: str
    tone: str


@dataclass(frozen=True)
class Step:
    """One edge of the cascade in words."""

    when: str
    route: str
    what: str


@dataclass(frozen=True)
class Key:
    """The panel: facts in order, where the cause is first stated, cascade and features."""

    cause: str
    facts: tuple[tuple[str, str], ...]
    stated: tuple[str, int] | None
    steps: tuple[Step, ...]
    graph: Markup
    features: tuple[str, ...]


def key(incident: IncidentRecord) -> Key | None:
    """The answer key of an incident; none without labels."""
    labels = incident.labels
    if labels is None:
        return None
    return Key(
        cause=clean(labels.root_cause.plain),
        facts=_facts(labels),
        stated=_stated(incident, labels.cause_first_stated),
        steps=tuple(
            Step(
                elapsed(edge.offset_seconds),
                clean(f"{edge.source} → {edge.target}"),
                clean(f"{edge.via}: {edge.effect}"),
            )
            for edge in labels.cascade
        ),
        graph=cascade_svg(labels.cascade, labels.root_cause.service),
        features=labels.features,
    )


def _facts(labels: Labels) -> tuple[tuple[str, str], ...]:
    cause = labels.root_cause
    until = "still open" if labels.impact_end is None else elapsed(labels.impact_end)
    length = "" if labels.impact_end is None else f" ({span(labels.impact_end - labels.impact_start)})"
    facts = (
        ("Where", f"{cause.service} · {cause.component}"),
        ("Category", cause.category),
        ("Mechanism", cause.mechanism),
        ("Impact", f"{elapsed(labels.impact_start)} to {until}{length}"),
        ("Ending", labels.ending),
        ("Withdrawn hypotheses", ", ".join(labels.hypotheses_withdrawn)),
        ("Failed actions", ", ".join(labels.actions_failed)),
    )
    return tuple((name, clean(value)) for name, value in facts if value)


def _stated(incident: IncidentRecord, index: int | None) -> tuple[str, int] | None:
    if index is None or not 0 <= index < len(incident.timeline):
        return None
    return elapsed(incident.timeline[index].offset_seconds), index


def chips(label: MessageLabel) -> tuple[Chip, ...]:
    """What the key says about one message: act, phase, facts, hypothesis, features."""
    made = [Chip(label.act, "act"), Chip(label.phase.replace("_", " "), "phase")]
    made += [Chip(f"reveals {fact}", "reveals") for fact in label.reveals]
    made += [Chip(f"cites {fact}", "cites") for fact in label.cites]
    if label.hypothesis:
        mark, tone = {True: ("✓ ", "true"), False: ("✗ ", "false"), None: ("", "cites")}[label.hypothesis_true]
        verdict = {True: ": true", False: ": false", None: ""}[label.hypothesis_true]
        made.append(Chip(f"{mark}{label.hypothesis}{verdict}", tone))
    made += [Chip(feature, "feature") for feature in label.features]
    return tuple(Chip(clean(chip.text), chip.tone) for chip in made)
