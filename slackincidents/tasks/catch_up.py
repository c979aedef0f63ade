"""Catch me up: what a summary at a moment must hold, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.schema.incident import AlertEvent
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case
from slackincidents.tasks.questions import FactKey, Facts, Kind, Question
from slackincidents.tasks.scoring import holds
from slackincidents.tasks.words import identifiers, stems

MOST_KNOWN, FEWEST_KNOWN = 8, 3
EARLY, LATE = 0.35, 0.75
"""The moment lies between these shares of the facts."""

WORDS = 200
ASK = (
    "You have just joined. Sum up what is known at this moment: what was seen, what was ruled out, what was done. "
    f"At most {WORDS} words are read. State nothing that nobody has said."
)


def catch_up(case: Case, seed: Seed) -> Iterator[Question]:
    """One question at a moment that the seed draws, where three facts are known and at least one is not."""
    told = list(_told(case))
    if len(told) <= FEWEST_KNOWN:
        return
    share = seed.child(Kind.CATCH_UP).rng().uniform(EARLY, LATE)
    last = min(max(FEWEST_KNOWN, round(share * len(told))), len(told) - 1) - 1
    until = case.at(told[last].evidence[-1])
    known = [fact for fact in told if case.at(fact.evidence[-1]) <= until]
    seen = [case.text(place) for place in case.order if case.at(place) <= until]
    later = [fact for fact in told if case.at(fact.evidence[0]) > until and not _hinted(seen, fact)]
    known = _apart(known)[-MOST_KNOWN:]
    later = [fact for fact in later if not holds("\n".join(one.statement for one in known), fact)]
    if len(known) < FEWEST_KNOWN or not later:
        return
    yield Question(
        id=f"{case.id}/{Kind.CATCH_UP}",
        kind=Kind.CATCH_UP,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=ASK,
        visible_until=until,
        answer=Facts(known=tuple(known), unknown=tuple(later)),
        evidence=tuple(sorted({place for fact in known for place in fact.evidence})),
    )


def _hinted(seen: list[str], fact: FactKey) -> bool:
    """Whether a message had an identifier of the fact or a third of its words, so that one could claim it rightly."""
    need = max(2, len(fact.words) // 3)
    said = identifiers(fact.statement)
    return any(said & identifiers(text) or len(set(fact.words) & stems(text)) >= need for text in seen)


def _told(case: Case) -> Iterator[FactKey]:
    """Every fact that the text tells, in the order in which it does: alerts, and what people found."""
    found = ((statement, case.told(fact)) for fact, statement in case.background.facts.items())
    keys = [_key(statement, told.places) for statement, told in found if told]
    yield from sorted((*_alerts(case), *keys), key=lambda key: (case.at(key.evidence[-1]), key.evidence))


def _alerts(case: Case) -> Iterator[FactKey]:
    """The first alert of each title."""
    seen: set[str] = set()
    for place in case.order:
        event = case.event(place)
        if isinstance(event, AlertEvent) and event.state != "resolved" and event.title not in seen:
            seen.add(event.title)
            yield _key(event.title, (place,))


def _key(statement: str, places: tuple[int, ...]) -> FactKey:
    return FactKey(statement=statement, words=tuple(sorted(stems(statement))), evidence=places)


def _apart(facts: list[FactKey]) -> list[FactKey]:
    """Without facts that another statement would tell as well."""
    return [
        fact
        for place, fact in enumerate(facts)
        if not any(holds(other.statement, fact) for other in facts[:place] if other is not fact)
    ]
