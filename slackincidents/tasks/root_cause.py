"""Root cause: which service, and what was wrong with it. By choice, and in free words."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import TypeVar

from slackincidents.seeds import Seed
from slackincidents.tasks.case import ENOUGH, Case, Told
from slackincidents.tasks.mechanisms import Mechanism, arguable, like, mechanism_of, suspected
from slackincidents.tasks.questions import Cause, Choice, Kind, Question
from slackincidents.tasks.words import identifiers

Item = TypeVar("Item")

SERVICES, FEWEST_SERVICES, MECHANISMS = 4, 3, 5
"""So many services and so many mechanisms make the choices: each with each, so that no choice stands out."""

ALIKE = 3
"""So many of the wrong mechanisms would show in the same way."""

ASK = "What was the root cause of this incident? Give the service where it broke, and what was wrong with it."


def choices(case: Case, seed: Seed) -> Iterator[Question]:
    """One question with twenty choices: four services (three where there are no more) with five mechanisms each.

    The wrong services are those it spread to; the wrong mechanisms show alike from outside, or somebody suspected them.
    """
    told, mechanism = case.cause, mechanism_of(case.key.root_cause)
    if told is None or mechanism is None:
        return
    rng = seed.child(Kind.ROOT_CAUSE).rng()
    services = [case.place_of_cause, *_other_services(case, rng)][:SERVICES]
    mechanisms = [mechanism, *_other_mechanisms(case, mechanism, rng)][:MECHANISMS]
    evidence = _evidence(case, told)
    if len(services) < FEWEST_SERVICES or evidence is None:
        return
    offered = [f"{service}: {kind.value}" for service in services for kind in mechanisms]
    right = offered[0]
    rng.shuffle(offered)
    yield Question(
        id=f"{case.id}/{Kind.ROOT_CAUSE}",
        kind=Kind.ROOT_CAUSE,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=f"{ASK} Answer with the letter of one choice.",
        choices=tuple(offered),
        visible_until=case.end,
        answer=Choice(index=offered.index(right)),
        evidence=evidence,
    )


def in_words(case: Case, _seed: Seed) -> Iterator[Question]:
    """The same without choices."""
    told = case.cause
    evidence = _evidence(case, told) if told else None
    if told is None or evidence is None:
        return
    cause = case.key.root_cause
    right = dict.fromkeys((case.place_of_cause, cause.service))
    every = dict.fromkeys((*case.record.services, *case.catalogue.services))
    yield Question(
        id=f"{case.id}/{Kind.ROOT_CAUSE_OPEN}",
        kind=Kind.ROOT_CAUSE_OPEN,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=f"{ASK} Answer in one line, SERVICE: CAUSE.",
        visible_until=case.end,
        answer=Cause(
            plain=cause.plain,
            service=tuple(word for name in right for word in case.words_for(name)),
            others=tuple(word for name in every if name not in right for word in case.words_for(name)),
            identifiers=tuple(sorted(identifiers(f"{cause.component} {cause.mechanism} {cause.plain}"))),
            words=tuple(sorted(case.cause_words)),
            need=min(ENOUGH, len(case.cause_words)) or 1,
        ),
        evidence=evidence,
    )


def _evidence(case: Case, told: Told) -> tuple[int, ...] | None:
    """Where the cause is stated, and the first line that names the service, unless one of those does."""
    place = case.naming(case.place_of_cause)
    return None if place is None else tuple(sorted({*told.places, place}))


def _other_services(case: Case, rng: random.Random) -> Iterator[str]:
    """Services it spread to, then others of the incident, then neighbours; none that holds a part of the cause."""
    cause = case.place_of_cause
    barred = {cause, case.key.root_cause.service, *case.background.near_cause}
    known = case.catalogue.services
    broken = (cause, case.key.root_cause.service)
    calls = [call.service for name in broken if name in known for call in known[name].calls]
    callers = [name for name, service in known.items() if any(call.service in broken for call in service.calls)]
    spread = [name for edge in case.key.cascade for name in (edge.source, edge.target)]
    for tier in (spread, case.record.services, [*calls, *callers]):
        yield from _shuffled((name for name in tier if name not in barred), rng)
        barred |= set(tier)


def _other_mechanisms(case: Case, right: Mechanism, rng: random.Random) -> Iterator[Mechanism]:
    """Three that show alike from outside, then what people in the room suspected wrongly, then any."""
    barred = arguable(right)
    wrong = (label.hypothesis for label in case.labels.values() if label.hypothesis and not label.hypothesis_true)
    raised = [kind for kind in map(suspected, wrong) if kind is not None]
    for tier in (_shuffled(like(right), rng)[:ALIKE], raised, list(Mechanism)):
        yield from _shuffled((kind for kind in tier if kind not in barred), rng)
        barred |= set(tier)


def _shuffled(items: Iterable[Item], rng: random.Random) -> list[Item]:
    found = list(dict.fromkeys(items))
    rng.shuffle(found)
    return found
