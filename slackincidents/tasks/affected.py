"""Which services were affected, in the order in which the room saw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slackincidents.schema.incident import AlertEvent
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import Kind, Named, Order, Question
from slackincidents.tasks.words import names

ASK = (
    "Which services were in trouble, the one where it broke included? Name them in the order in which the first sign "
    "of trouble in each was posted: an alert of its own, or a message that reports it. Answer with a list of names."
)
FEWEST = 2


def affected(case: Case, _seed: Seed) -> Iterator[Question]:
    """One question, where the text shows trouble in two services or more.

    A service counts that the key has as the cause's or in the cascade, and whose trouble is told by a line that names
    it, in its text or by its channel. What only the key has is optional, and so is what only the text has.
    """
    signs = _signs(case)
    edges = [name for edge in case.key.cascade for name in (edge.source, edge.target)]
    wanted = dict.fromkeys((case.key.root_cause.service, *edges))
    shown = [name for name in signs if name in wanted]
    if len(shown) < FEWEST:
        return
    either = dict.fromkeys((*wanted, *signs, case.place_of_cause, *case.background.near_cause))
    yield Question(
        id=f"{case.id}/{Kind.AFFECTED}",
        kind=Kind.AFFECTED,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=ASK,
        visible_until=case.end,
        answer=Order(
            services=_named(case, shown), optional=_named(case, (name for name in either if name not in shown))
        ),
        evidence=tuple(sorted({signs[name] for name in shown})),
    )


def _signs(case: Case) -> dict[str, int]:
    """The first line that tells trouble in each service and names it, in order of time."""
    found: dict[str, int] = {}
    for place in case.order:
        for service in _in_trouble(case, place):
            if service not in found and names(case.lines[place], case.words_for(service)):
                found[service] = place
    return {service: place for service, place in found.items() if _sure(case, service, place)}


def _sure(case: Case, service: str, place: int) -> bool:
    """Whether the sign is an alert, or the first line that names the service: else an earlier one may hint at it."""
    return isinstance(case.event(place), AlertEvent) or case.naming(service) == place


def _in_trouble(case: Case, place: int) -> list[str]:
    """The services whose trouble an event tells: by the skeleton's facts, else by an alert's channel."""
    event = case.event(place)
    label = case.labels.get(place)
    told = [
        case.background.trouble[fact] for fact in (label.reveals if label else ()) if fact in case.background.trouble
    ]
    if told or not isinstance(event, AlertEvent) or event.state == "resolved":
        return told
    return [name for name, service in case.record.services.items() if service.channel == event.channel]


def _named(case: Case, services: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(name=name, aliases=case.words_for(name)[1:]) for name in services)
