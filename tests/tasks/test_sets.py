"""Question sets over the scenarios that ship: what must hold of every question, and the bars of the root-cause task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from pydantic import JsonValue

from slackincidents.api import generate
from slackincidents.library import Library
from slackincidents.schema.incident import IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.tasks import baselines
from slackincidents.tasks.case import Background
from slackincidents.tasks.making import Maker
from slackincidents.tasks.questions import Cause, Choice, Facts, Kind, Order, Question, Times
from slackincidents.tasks.scoring import perfect, score
from slackincidents.tasks.serving import Served, lines, sheet
from slackincidents.tasks.words import identifiers, names, stems

LIBRARY = Library()
NAMES = LIBRARY.skeleton_names()
SEEDS = (3, 11)


@dataclass(frozen=True)
class Made:
    """A question, the incident it is about, and what is served with it."""

    question: Question
    record: IncidentRecord
    served: Served


@cache
def records() -> tuple[IncidentRecord, ...]:
    """Every scenario with two seeds."""
    return tuple(generate(name, seed=seed) for name in NAMES for seed in SEEDS)


def recall(name: str) -> Background:
    """What our library knows of a scenario."""
    return Background.of(LIBRARY.skeleton(name))


def make(seed: int = 0) -> Iterator[Made]:
    """All questions about those."""
    maker = Maker(LIBRARY.catalogue(), recall, tuple(Kind), Seed(str(seed)))
    for record in records():
        for question in maker.questions(record):
            yield Made(question, record, maker.served(question, record))


@cache
def made() -> tuple[Made, ...]:
    """The set of the first seed."""
    return tuple(make())


def test_every_kind_gets_questions() -> None:
    """A few incidents are enough for every kind but the one that needs a history around them."""
    assert {one.question.kind for one in made()} == set(Kind) - {Kind.ALERT_RELATED}


def test_a_perfect_answer_scores_one_and_an_empty_one_nothing() -> None:
    """For every question of the set; None, "", [] and {} are all empty."""
    assert {score(one.question, perfect(one.question)) for one in made()} == {1.0}
    nothing: tuple[JsonValue, ...] = (None, "", [], {})
    assert {score(one.question, empty) for one in made() for empty in nothing} == {0.0}


def test_the_evidence_is_visible() -> None:
    """Every cited message was posted at or before the moment until which one may read, and is on the sheet."""
    for one in made():
        question = one.question
        assert question.evidence
        for place in question.evidence:
            assert one.record.timeline[place].offset_seconds <= question.visible_until
        served = sheet(one.served).transcripts[0]
        assert all(lines(one.record)[place] in served for place in question.evidence)


def test_the_evidence_holds_the_answer_in_words() -> None:
    """Whatever the labels say: the cited lines name the service, the cause, the person, the fact or the time."""
    for one in made():
        told = "\n".join(lines(one.record)[place] for place in one.question.evidence)
        assert not _missing(one.question, told, one.record), (one.question.id, one.question.scenario_id, told)


def _missing(question: Question, told: str, record: IncidentRecord) -> list[str]:
    """What of the gold answer the cited lines do not say."""
    gold = question.answer
    if isinstance(gold, Cause):
        assert names(told, gold.service)
        cause = bool(identifiers(told) & set(gold.identifiers)) or len(stems(told) & set(gold.words)) >= gold.need
        return [] if cause else [gold.plain]
    if isinstance(gold, Order):
        return [one.name for one in gold.services if not names(told, (one.name, *one.aliases))]
    if isinstance(gold, Times):
        clock = perfect(question)
        assert isinstance(clock, dict)
        return [name for name, at in clock.items() if f"{at} " not in told]
    if isinstance(gold, Facts):
        return [one.statement for one in gold.known if len(stems(told) & set(one.words)) < min(2, len(one.words))]
    return _missing_choice(question, gold, told, record)


def _missing_choice(question: Question, gold: Choice, told: str, record: IncidentRecord) -> list[str]:
    right = (question.choices or ())[gold.index]
    if question.kind is Kind.FIRST_TO_KNOW:
        facts = recall(question.scenario).facts.values()
        stated = any(len(stems(told) & stems(fact)) >= 2 or identifiers(told) & identifiers(fact) for fact in facts)
        return [] if f" {right}" in told and stated and stems(told) & stems(question.prompt) else [right]
    key = record.labels
    assert key is not None
    cause = f"{key.root_cause.component} {key.root_cause.mechanism} {key.root_cause.plain}"
    said = identifiers(told) & identifiers(cause) or len(stems(told) & stems(cause)) >= 3
    if question.kind is Kind.RELATED:
        return [] if said else [cause]
    service = right.split(":")[0]
    known = LIBRARY.catalogue().services[service]
    return [] if said and names(told, (service, *known.aliases)) else [right]


def test_what_is_served_gives_nothing_away() -> None:
    """No title, description, label, scenario name or later message is on a sheet; ids tell nothing."""
    for one in made():
        text = sheet(one.served).line()
        assert one.record.scenario_id not in text
        assert one.record.labels is not None
        assert (one.record.description or "-----") not in text
        later = [event for event in one.record.timeline if event.offset_seconds > one.question.visible_until]
        assert len(one.served.transcripts[0]) == len(one.record.timeline) - len(later)
        assert not {"hypothesis_true", "scenario", "answer", "evidence"} & set(sheet(one.served).model_dump())


def test_the_same_call_makes_the_same_set_and_another_seed_another() -> None:
    """Byte for byte, and the seed decides choices and moments."""
    first = [one.question.line() for one in made()]
    assert [one.question.line() for one in make()] == first
    assert [one.question.line() for one in make(seed=1)] != first


def test_other_kinds_do_not_disturb_a_kind() -> None:
    """Asking for one kind alone gives the same questions of it."""
    alone = Maker(LIBRARY.catalogue(), recall, (Kind.CATCH_UP,), Seed("0"))
    told = [question for record in records() for question in alone.questions(record)]
    assert told == [one.question for one in made() if one.question.kind is Kind.CATCH_UP]


@pytest.mark.slow
def test_root_causes_cannot_be_guessed_or_counted() -> None:
    """Over 12 scenarios and 20 seeds: reading nothing stays below 25 %, counting words below 60 %."""
    from_one = [generate(name, seed=seed) for name in NAMES for seed in range(20)]
    maker = Maker(LIBRARY.catalogue(), recall, (Kind.ROOT_CAUSE,))
    asked = [(question, maker.served(question, one)) for one in from_one for question in maker.questions(one)]
    assert len(asked) >= 120
    services = {name: (name, *one.aliases) for name, one in LIBRARY.catalogue().services.items()}
    priors = {}
    for name in NAMES:
        priors[name] = baselines.Prior()
        priors[name].learn(question for question, _ in asked if question.scenario != name)
    nothing: list[baselines.Predictor] = [
        baselines.first_option,
        baselines.longest_option,
        baselines.chance(Seed("chance")),
    ]
    for predict in nothing:
        assert sum(score(one, predict(served)) for one, served in asked) / len(asked) < 0.25
    assert sum(score(one, priors[one.scenario](served)) for one, served in asked) / len(asked) < 0.25
    counted = baselines.keywords(services)
    assert sum(score(one, counted(served)) for one, served in asked) / len(asked) < 0.60
