"""One alert that nobody needed: the card, perhaps a word or two, perhaps the card that it is over."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from slackincidents.pipeline import Workshop
from slackincidents.planner.figures import with_unit
from slackincidents.planner.oncall import at_night
from slackincidents.schema.incident import (
    AlertEvent,
    Event,
    IncidentRecord,
    MessageEvent,
    NoiseLabel,
    ReactionRecord,
    ServiceRecord,
)
from slackincidents.schema.monitors import Monitor
from slackincidents.schema.people import Service
from slackincidents.schema.workspace import Noise, NoiseEntry
from slackincidents.seeds import Seed
from slackincidents.workspace.phrases import said, ticket

ANSWER_S, ANSWER_SPREAD = 150.0, 0.9
"""Median seconds until somebody says a word, and its log-spread."""

LAST_WORD_S = 1380
"""Nobody speaks later than this: they are booked until then."""

THREAD = 0.82
"""Share of words that are said in the alert's thread."""

EYES = 0.25
CLEARED = {Noise.MAINTENANCE: 0.6, Noise.KNOWN_ISSUE: 0.45, Noise.THRESHOLD: 0.7}
"""Share of noise whose card comes back as resolved; of the other kinds nearly all."""

DAYS = ("yesterday", "last week", "on monday", "the other day", "last month")


@dataclass(frozen=True)
class Scene:
    """What one piece of noise is made of."""

    workshop: Workshop
    entry: NoiseEntry
    name: str
    monitor: Monitor
    service: Service
    at: datetime
    rng: random.Random


def noise_record(workshop: Workshop, entry: NoiseEntry) -> IncidentRecord:
    """The incident file of one piece of noise; its key stands in `noise`."""
    rng = Seed(entry.seed).rng()
    service = workshop.stage.catalogue.services[entry.service]
    monitors = workshop.library.monitors()
    fitting = [n for n, m in monitors.items() if service.kind in m.kinds and entry.noise in m.noise]
    name = rng.choice(fitting)
    scene = Scene(workshop, entry, name, monitors[name], service, datetime.fromisoformat(entry.at), rng)
    events = sorted(_events(scene), key=lambda event: event.offset_seconds)
    return IncidentRecord(
        scenario_id=f"noise-{entry.number}",
        scenario_type="noise",
        title=f"{scene.monitor.title} - {entry.service}",
        start_time=entry.at,
        services={
            entry.service: ServiceRecord(
                channel=service.channel,
                oncall_group=service.oncall_group,
                role="primary",
                engineers=service.engineers,
            )
        },
        people={handle: workshop.stage.people[handle].name for handle in entry.by},
        timeline=tuple(events),
        metadata={"severity": "SEV-4", "duration_seconds": events[-1].offset_seconds, "synthetic": True},
        noise=NoiseLabel(kind=entry.noise, monitor=name, answered=bool(entry.by)),
    )


def _events(scene: Scene) -> Iterator[Event]:
    value = _breach(scene)
    yield _card(scene, 0, "firing", value)
    last = 0
    if scene.entry.noise is Noise.FLAPPING:
        for _ in range(scene.rng.choice((1, 2, 2, 3))):
            last += round(_wait(scene, 140, 0.6))
            yield _card(scene, last, "resolved", scene.monitor.back)
            last += round(_wait(scene, 170, 0.7))
            yield _card(scene, last, "firing", _breach(scene))
    spoken = list(_words(scene, value))
    yield from spoken
    if scene.rng.random() < CLEARED.get(scene.entry.noise, 0.93):
        over = max([last, *(round(event.offset_seconds) for event in spoken if _waits(scene))])
        yield _card(scene, over + round(_wait(scene, 240, 0.8)), "resolved", scene.monitor.back)


def _waits(scene: Scene) -> bool:
    """Maintenance and known trouble end after they were spoken of; the rest ends when it ends."""
    return scene.entry.noise in {Noise.MAINTENANCE, Noise.KNOWN_ISSUE}


def _words(scene: Scene, value: float) -> Iterator[Event]:
    at = 0.0
    for handle in scene.entry.by:
        person = scene.workshop.stage.people[handle]
        for _ in range(scene.rng.choice((1, 1, 1, 2))):
            if at > LAST_WORD_S / 2:
                return
            at += min(LAST_WORD_S / 2, _wait(scene, ANSWER_S if not at else 45.0, ANSWER_SPREAD))
            values = {
                "ticket": ticket(scene.rng),
                "when": scene.rng.choice(DAYS),
                "value": with_unit(value, scene.monitor.unit),
                "threshold": with_unit(scene.monitor.threshold, scene.monitor.unit),
            }
            bank, night = f"noise_{scene.entry.noise.value}", at_night(person, scene.at)
            text = said(scene.workshop, bank, person, scene.rng, values, night=night)
            parent = 0 if scene.rng.random() < THREAD else None
            yield MessageEvent(
                offset_seconds=round(at), channel=scene.service.channel, thread_parent=parent, user=handle, content=text
            )


def _card(scene: Scene, at: int, state: str, value: float) -> AlertEvent:
    monitor, firing = scene.monitor, state == "firing"
    shown = with_unit(value, monitor.unit)
    seen = scene.entry.by[:1] if firing and at == 0 and scene.rng.random() < EYES else ()
    details = (
        monitor.details.replace("{service}", scene.entry.service)
        .replace("{value}", shown)
        .replace("{threshold}", with_unit(monitor.threshold, monitor.unit))
    )
    return AlertEvent(
        offset_seconds=at,
        channel=scene.service.channel,
        severity=monitor.severity if firing else "info",
        state="firing" if firing else "resolved",
        title=f"{'' if firing else '[RESOLVED] '}{monitor.title}",
        details=details if firing else f"{monitor.label} is back to {shown}",
        metrics={monitor.metric: shown},
        runbook=f"https://wiki.company.com/runbooks/{scene.name}" if firing else None,
        dashboard=f"https://grafana.company.com/d/{scene.entry.service}-overview",
        reactions=(ReactionRecord(emoji="eyes", users=seen),) if seen else (),
    )


def _breach(scene: Scene) -> float:
    low, high = scene.monitor.breach
    drawn = scene.rng.triangular(low, high, high if scene.monitor.below else low)
    return drawn if abs(drawn) < 10 and low != round(low) else round(drawn)


def _wait(scene: Scene, median: float, spread: float) -> float:
    return max(6.0, median * math.exp(scene.rng.gauss(0.0, spread)))
