"""Alert cards: fire when the signal crosses, flap, come back as RESOLVED late or twice."""

from __future__ import annotations

from slackincidents.planner.kernel import Process
from slackincidents.planner.line import Place
from slackincidents.planner.paging import page_service
from slackincidents.planner.timing import lognormal
from slackincidents.planner.world import World
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.plan import MONITOR, Beat, Kind, Words
from slackincidents.schema.skeleton import AlertRule

DROPPED = 0.42
"""Share of later monitors that this shop does not have, or that are muted."""

LATE_RESOLVED = 0.6


def schedule(world: World) -> None:
    """Let every monitor of this seed fire in its time; the earliest one always does."""
    rng = world.rng("alerts")
    due = sorted((fire_time(world, alert), name) for name, alert in world.skeleton.alerts.items())
    for rank, (at, name) in enumerate(due):
        alert = world.skeleton.alerts[name]
        kept = rng.random() < alert.chance and rng.random() >= DROPPED
        if rank == 0 or kept or (world.setting.brief and rank == 1):
            world.spawn(
                _monitor(world, name, alert, pages=rank == 0 or alert.severity != "info"), at, owner=f"alert:{name}"
            )


def fire_time(world: World, alert: AlertRule) -> float:
    """Seconds from the first failure until the monitor notices, in this pace."""
    onset = world.skeleton.signals[alert.threshold.signal].onset_s
    jitter = world.rng("alerts").uniform(0.7, 1.6)
    factor = 0.4 if world.setting.brief else 1.0
    return (onset + alert.after_s * jitter) * factor


def _monitor(world: World, name: str, alert: AlertRule, *, pages: bool) -> Process:
    if world.is_fixed() or world.is_over():
        return
    beat = _card(world, name, alert, "firing")
    if pages:
        world.spawn(page_service(world, alert.service, beat))
    flapping = world.chance("alerts", alert.flaps * world.tempo.features)
    while flapping and not world.is_fixed() and not world.is_over():
        yield lognormal(world.rng("alerts"), 240, 0.6)
        world.mark(_card(world, name, alert, "resolved"), Feature.ALERT_NOISE)
        yield lognormal(world.rng("alerts"), 420, 0.7)
        if world.is_fixed() or world.is_over():
            return
        world.mark(_card(world, name, alert, "firing"), Feature.ALERT_NOISE)
        flapping = world.chance("alerts", 0.6)
    yield from _clear(world, name, alert)


def fire_again(world: World) -> Process:
    """The first monitor that fired fires once more, if it was no all-clear after all."""
    name = next((beat.alert for beat in world.beats if beat.alert), None)
    if name is not None and not world.is_fixed() and not world.is_over():
        world.reopened.append(world.now)
        world.mark(_card(world, name, world.skeleton.alerts[name], "firing"), Feature.ALERT_NOISE)
    yield from ()


def _clear(world: World, name: str, alert: AlertRule) -> Process:
    while not world.is_fixed():
        if world.is_over() or world.now > world.tempo.limit_s:
            return
        yield 30.0
    settle = world.skeleton.signals[alert.threshold.signal].settle_s * world.tempo.talk
    late = world.chance("alerts", 0.2)
    yield settle * (4 if late else 1) + world.rng("alerts").uniform(5, 60) * world.tempo.talk
    if world.chance("alerts", LATE_RESOLVED * (0.3 if world.setting.brief else 1)):
        beat = _card(world, name, alert, "resolved")
        if late:
            world.mark(beat, Feature.ALERT_NOISE)


def _card(world: World, name: str, alert: AlertRule, state: str) -> Beat:
    channel = world.channel_of(alert.service)
    firing = state == "firing"
    beat = world.post(
        MONITOR,
        Act.ALERT,
        Place(channel),
        Words(tellings=(alert.details,), literal=True, gist=f"{state}: {alert.title}"),
        kind=Kind.ALERT,
        alert=name,
        reveals=(f"alert:{name}",) if firing else (),
        particulars={"state": state},
    )
    if firing:
        world.alert_roots.setdefault(channel, beat.id)
    return beat
