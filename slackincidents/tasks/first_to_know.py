"""Who knew first: who was the first to state a fact, which the question puts in other words than they did."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slackincidents.schema.acts import Act
from slackincidents.seeds import Seed
from slackincidents.tasks.case import Case, Told
from slackincidents.tasks.questions import Choice, Kind, Question
from slackincidents.tasks.words import stems

MOST, FEWEST_PEOPLE, MOST_PEOPLE = 2, 3, 6

FEWEST_WORDS, COVERED = 5, 0.4
"""Another wording of a fact must have so many words, and this share of those of our statement."""

PLAIN = 0
"""A question whose words point more than this to whoever is right is too plain."""

DOING = (Act.PROPOSE, Act.EXECUTE, Act.REQUEST)

SAME = 0.6
"""A wording of which the message has this share of the words is no other wording."""


@dataclass(frozen=True)
class _Asked:
    """A fact, how the question puts it, where it is told and by whom first.

    `near` is by speaker the most words that a message of theirs shares with the question.
    """

    fact: str
    wording: str
    told: Told
    who: str
    near: Mapping[str, int]

    @property
    def margin(self) -> int:
        """How much the words point to whoever told it first: the most of theirs, less the most of anybody else's."""
        others = (shared for speaker, shared in self.near.items() if speaker != self.who)
        return self.near.get(self.who, 0) - max(others, default=0)


def first_to_know(case: Case, seed: Seed) -> Iterator[Question]:
    """Up to two questions, about facts that nobody else had put in like words before, with the people as choices.

    Those are asked first whose words point least to whoever told them: somebody else talked of it too, before or after.
    None is asked whose words point to that person alone.
    """
    people = list(dict.fromkeys(case.event(place).speaker for place in case.order if case.human(place)))
    if len(people) < FEWEST_PEOPLE:
        return
    rng = seed.child(Kind.FIRST_TO_KNOW).rng()
    told = ((fact, told) for fact in case.background.facts if (told := case.told(fact)))
    found = [_asked(case, fact, told, rng) for fact, told in told if _stated(case, fact, told)]
    rng.shuffle(found)
    chosen = sorted((asked for asked in found if asked.margin <= PLAIN), key=lambda asked: asked.margin)[:MOST]
    for asked in sorted(chosen, key=lambda asked: asked.told.places):
        yield _question(case, asked, people, rng)


def _asked(case: Case, fact: str, told: Told, rng: random.Random) -> _Asked:
    """The fact in the wording that shares the fewest words with the message; our own where no other one fits."""
    statement = case.background.facts[fact]
    message = stems(" ".join(case.text(place) for place in told.places))
    fitting = [wording for wording in case.background.wordings.get(fact, ()) if _fits(case, fact, wording)]
    rng.shuffle(fitting)
    apart = [(_share(message, wording), wording) for wording in fitting]
    some = [pair for pair in apart if 0 < pair[0] < SAME]
    wording = min(some, key=lambda pair: pair[0])[1] if some else statement
    return _Asked(fact, wording, told, case.event(told.places[0]).speaker, _near(case, wording))


def _fits(case: Case, fact: str, wording: str) -> bool:
    """Whether a wording says enough of the fact to be told from every other one of the incident."""
    words, statement = stems(wording), stems(case.background.facts[fact])
    shared = len(words & statement)
    others = (stems(text) for name, text in case.background.facts.items() if name != fact)
    enough = len(words) >= FEWEST_WORDS and shared >= max(2, COVERED * len(statement))
    return enough and all(len(words & other) < shared for other in others)


def _share(message: frozenset[str], wording: str) -> float:
    words = stems(wording)
    return len(message & words) / max(len(words), 1)


def _near(case: Case, wording: str) -> dict[str, int]:
    """By speaker, the most words that a message of theirs shares with a wording."""
    words, most = stems(wording), dict[str, int]()
    for place in filter(case.human, case.order):
        speaker = case.event(place).speaker
        most[speaker] = max(most.get(speaker, 0), len(words & stems(case.text(place))))
    return most


def _question(case: Case, asked: _Asked, people: list[str], rng: random.Random) -> Question:
    who = asked.who
    offered = [who, *_others(asked, people, rng)][:MOST_PEOPLE]
    rng.shuffle(offered)
    full = case.record.people.get(who)
    return Question(
        id=f"{case.id}/{Kind.FIRST_TO_KNOW}-{asked.told.places[0]}",
        kind=Kind.FIRST_TO_KNOW,
        incident=case.id,
        scenario_id=case.record.scenario_id,
        scenario=case.record.scenario_type,
        prompt=f"Who was the first to state this, in these or in other words: {asked.wording.rstrip('.')}? "
        "Answer with the letter of one choice.",
        choices=tuple(offered),
        visible_until=case.end,
        answer=Choice(index=offered.index(who), aliases=(full,) if full else ()),
        evidence=asked.told.places,
    )


def _others(asked: _Asked, people: list[str], rng: random.Random) -> list[str]:
    """The other people, those who used words of the question first."""
    others = [person for person in people if person != asked.who]
    rng.shuffle(others)
    return sorted(others, key=lambda person: -asked.near[person])


def _stated(case: Case, fact: str, told: Told) -> bool:
    """Whether it is told as news, not by what is done about it, and no earlier message shares as many words with it."""
    label = case.labels[told.places[0]]
    if fact not in label.reveals or label.act in DOING:
        return False
    words = stems(case.background.facts[fact])
    before = case.order[: case.order.index(told.places[0])]
    return all(len(words & stems(case.text(place))) < len(told.words) for place in before if case.human(place))
