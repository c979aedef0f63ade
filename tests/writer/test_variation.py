"""Several wordings of one plan, written offline."""

from __future__ import annotations

import asyncio

import pytest

from slackincidents.pipeline import Workshop
from slackincidents.schema.draft import Draft, Variation
from slackincidents.schema.plan import Plan
from slackincidents.writer import OfflineWriter
from slackincidents.writer.freshness import UsedUp
from slackincidents.writer.scenes import by_model

WORKSHOP = Workshop.open()
WRITER = OfflineWriter(WORKSHOP.banks)
PLAN = WORKSHOP.plan("kafka-lag", seed=4)
FIRST = WRITER.compose(PLAN)
SAID = [beat.id for beat in PLAN.beats if by_model(beat)]


def told(plan: Plan, name: str, *earlier: Draft) -> Draft:
    """Another wording, away from earlier ones."""
    used = tuple(text for draft in earlier for text in draft.texts.values())
    return WRITER.compose(plan, Variation(name=name, used_up=used))


def revised(draft: Draft, variation: Variation, *beats: str) -> Draft:
    """Some beats written again."""
    return asyncio.run(WRITER.revise(PLAN, draft, dict.fromkeys(beats, ("again",)), variation))


def worn(draft: Draft, *earlier: Draft) -> float:
    """How much of a draft stood in earlier ones."""
    used = UsedUp(text for one in earlier for text in one.texts.values())
    return sum(used.share(draft.texts[beat]) for beat in SAID) / len(SAID)


@pytest.mark.parametrize("name", WORKSHOP.library.skeleton_names())
def test_pastes_and_commands_are_the_same_in_every_wording(name: str) -> None:
    """They are facts: a restart count does not change because somebody puts a greeting into other words."""
    compared = 0
    for seed in range(6, 10):
        plan = WORKSHOP.plan(name, seed=seed)
        one, two = WRITER.compose(plan), told(plan, "v2")
        literal = [beat.id for beat in plan.beats if beat.words.literal and beat.id in one.texts]
        assert [one.texts[beat] for beat in literal] == [two.texts[beat] for beat in literal]
        compared += len(literal)
    assert compared


def test_a_wording_that_knows_the_others_is_farther_from_them() -> None:
    """Told what was said, the third wording shares less with the first two than one that was not told."""
    second = told(PLAN, "v2", FIRST)
    shown, blind = told(PLAN, "v3", FIRST, second), told(PLAN, "v3")
    assert worn(shown, FIRST, second) < 0.9 * worn(blind, FIRST, second)


def test_the_first_wording_is_not_revised() -> None:
    """Phrases that break a rule are a fault to be mended, not to be written over."""
    assert revised(FIRST, Variation(), SAID[0]) == FIRST


def test_only_the_named_beats_are_revised() -> None:
    """One beat has other words and is noted; every other text is untouched."""
    beat = next(b.id for b in PLAN.beats if by_model(b) and not b.slip and not b.continues)
    again = revised(FIRST, Variation(name="v1"), beat)
    different = {key for key, text in again.texts.items() if text != FIRST.texts[key]}
    parted = {b.id for b in PLAN.beats if b.continues == beat}
    assert beat in different
    assert different <= {beat} | parted
    assert set(again.note.repaired) == different


def test_literal_beats_are_never_revised() -> None:
    """A command stays a command, whatever is asked."""
    literal = next(b.id for b in PLAN.beats if b.words.literal and b.id in FIRST.texts)
    assert revised(FIRST, Variation(name="v1"), literal) == FIRST


def test_what_is_used_up() -> None:
    """Nothing is worn at first; a line said before is wholly so, and the more the more often."""
    fresh, once = UsedUp(()), UsedUp(["have a look at it"])
    assert not fresh
    assert fresh.share("have a look at it") == 0
    assert once.share("checking the logs now") == 0
    assert 0 < once.share("have a look there") < once.share("Have a look at it!")
    once.add(["have a look at it"])
    assert once.times("have a look, at it") == 2
    assert once.share("have a look at it") > UsedUp(["have a look at it"]).share("have a look at it")
    assert once.share("") == 0
