"""What is wrong with the answers so far: the checks of a hand-written skeleton, and what drafts get wrong besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from slackincidents.drafting.answers import Evidence, Item, Outline, Remedies
from slackincidents.drafting.build import assemble
from slackincidents.drafting.parts import Parts
from slackincidents.drafting.sayings import Talks
from slackincidents.drafting.wording import wording
from slackincidents.schema.checks import problems
from slackincidents.schema.people import Catalogue
from slackincidents.schema.skeleton import Skeleton

ENOUGH = {"signals": 3, "alerts": 1, "clues": 5, "hypotheses": 3, "actions": 2}
"""Fewer make a response of three lines."""

UNUSED = re.compile(r"particulars\.(\S+): no telling uses it")
_EDGE = re.compile(r"^cascade(?:\[(\d+)\]|\.(\d+))")


@dataclass(frozen=True)
class Frame:
    """What a draft is checked against: services, ids that are taken, the id it must have, and people's names."""

    catalogue: Catalogue
    taken: frozenset[str] = frozenset()
    name: str | None = None
    people: frozenset[str] = frozenset()


def review(parts: Parts, stage: str, frame: Frame) -> tuple[str, ...]:
    """Everything wrong with the answers up to one stage, each with its place; stages after it do not count."""
    early = parts.until(stage)
    found = [*_contradictions(early, frame), *_OWN.get(stage, _nothing)(early, frame)]
    found += wording(early, stage, frame.people)
    edges = [edge.name for edge in early.get(Outline).cascade]
    return tuple(dict.fromkeys(_named_edge(one, edges) for one in found))


def finished(parts: Parts, frame: Frame) -> tuple[Skeleton, tuple[str, ...]]:
    """The skeleton of sound answers, and the particulars that were left out because nothing uses them.

    Raises ValidationError where the answers are not sound.
    """
    raw = assemble(parts, frame.name).raw
    whole = Skeleton.model_validate(raw)
    unused = tuple(match[1] for one in problems(whole, frame.catalogue) if (match := UNUSED.match(one)))
    kept = {key: values for key, values in whole.particulars.items() if key not in unused}
    return whole.model_copy(update={"particulars": kept}), unused


def _contradictions(parts: Parts, frame: Frame) -> Iterator[str]:
    try:
        skeleton = Skeleton.model_validate(assemble(parts, frame.name).raw)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            yield f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    yield from (one for one in problems(skeleton, frame.catalogue) if not UNUSED.match(one))


def _named_edge(problem: str, edges: list[str]) -> str:
    """``cascade[1]`` as ``cascade.redis-to-cart``, which is what the model called it."""
    match = _EDGE.match(problem)
    number = int(match[1] or match[2]) if match else len(edges)
    return _EDGE.sub(f"cascade.{edges[number]}", problem) if number < len(edges) else problem


def _nothing(_parts: Parts, _frame: Frame) -> Iterator[str]:
    return iter(())


def _outline(parts: Parts, frame: Frame) -> Iterator[str]:
    outline = parts.get(Outline)
    if outline.head is None:
        yield "head: missing"
    elif frame.name is None and outline.head.id in frame.taken:
        yield f"head.id: there is a scenario {outline.head.id!r} already"
    yield from _too_few("signals", outline.signals)
    yield from _too_few("alerts", outline.alerts)
    signals = {one.name for one in outline.signals}
    for edge in outline.cascade:
        yield from _unknown(f"cascade.{edge.name}.signals", edge.signals, signals)


def _evidence(parts: Parts, _frame: Frame) -> Iterator[str]:
    outline, evidence = parts.get(Outline), parts.get(Evidence)
    clues = {one.name for one in evidence.clues}
    yield from _too_few("clues", evidence.clues)
    yield from _too_few("hypotheses", evidence.hypotheses)
    for name in sorted(clues & {one.name for one in outline.alerts}):
        yield f"clues.{name}: an alert has the same name"
    for guess in evidence.hypotheses:
        yield from _unknown(f"hypotheses.{guess.name}.supported_by", guess.supported_by, clues)


def _remedies(parts: Parts, _frame: Frame) -> Iterator[str]:
    remedies = parts.get(Remedies)
    signals = {one.name for one in (*parts.get(Outline).signals, *parts.get(Evidence).signals)}
    yield from _too_few("actions", remedies.actions)
    yield from _unknown("signals_after", remedies.signals_after, signals)


def _talks(parts: Parts, _frame: Frame) -> Iterator[str]:
    known = {
        "clue": {one.name for one in parts.get(Evidence).clues},
        "hypothesis": {one.name for one in parts.get(Evidence).hypotheses},
        "action": {one.name for one in parts.get(Remedies).actions},
    }
    for talk in parts.get(Talks).talks:
        yield from _unknown(f"talks.{talk.name}.item", (talk.item,), known[talk.about])
        if (talk.about, talk.when) == ("hypothesis", "before"):
            yield f"talks.{talk.name}.when: a hypothesis is argued with after it was raised"
        if not talk.turns:
            yield f"talks.{talk.name}.turns: none"


_OWN = {"outline": _outline, "evidence": _evidence, "remedies": _remedies, "talks": _talks}


def _too_few(table: str, items: tuple[Item, ...]) -> Iterator[str]:
    if len(items) < ENOUGH[table]:
        yield f"{table}: only {len(items)}; at least {ENOUGH[table]} are wanted"


def _unknown(place: str, names: tuple[str, ...], known: set[str] | Mapping[str, object]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{place}: nothing is called {name!r}"
