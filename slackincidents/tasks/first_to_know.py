"""Who knew first: who was the first to state a fact."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case, Told
from slackincidents.tasks.questions import Choice, Kind, Question
from slackincidents.tasks.words import stems

MOST, FEWEST_PEOPLE, MOST_PEOPLE = 2, 3, 6


def first_to_know(case: Case, seed: Seed) -> Iterator[Question]:
    """Up to two questions, about facts that nobody else had put in like words before, with the people as choices."""
    people = list(dict.fromkeys(case.event(place).speaker for place in case.order if case.human(place)))
    if len(people) < FEWEST_PEOPLE:
        return
    rng = seed.child(Kind.FIRST_TO_KNOW).rng()
    facts = [(fact, told) for fact in case.background.facts if (told := case.told(fact)) and _alone(case, fact, told)]
    rng.shuffle(facts)
    for fact, told in sorted(facts[:MOST], key=lambda pair: pair[1].places):
        who = case.event(told.places[0]).speaker
        others = [person for person in people if person != who]
        rng.shuffle(others)
        offered = [who, *others[: MOST_PEOPLE - 1]]
        rng.shuffle(offered)
        full = case.record.people.get(who)
        yield Question(
            id=f"{case.id}/{Kind.FIRST_TO_KNOW}-{told.places[0]}",
            kind=Kind.FIRST_TO_KNOW,
            incident=case.id,
            scenario_id=case.record.scenario_id,
            scenario=case.record.scenario_type,
            prompt=f"Who was the first to state this: {case.background.facts[fact].rstrip('.')}? "
            "Answer with the letter of one choice.",
            choices=tuple(offered),
            visible_until=case.end,
            answer=Choice(index=offered.index(who), aliases=(full,) if full else ()),
            evidence=told.places,
        )


def _alone(case: Case, fact: str, told: Told) -> bool:
    """Whether no earlier message shares as many words with the fact."""
    words = stems(case.background.facts[fact])
    before = case.order[: case.order.index(told.places[0])]
    return all(len(words & stems(case.text(place))) < len(told.words) for place in before if case.human(place))
