"""What the offline writer promises."""

from __future__ import annotations

import re

import pytest

from slackincidents.pipeline import Workshop
from slackincidents.schema.draft import Variation
from slackincidents.schema.plan import Kind
from slackincidents.writer import OfflineWriter
from slackincidents.writer.banks import Banks

WORKSHOP = Workshop.open()
WRITER = OfflineWriter(WORKSHOP.banks)


@pytest.mark.parametrize("name", WORKSHOP.library.skeleton_names())
def test_every_beat_gets_words(name: str) -> None:
    """Each beat that is not a card has a text of its own, never empty, with no slot left open."""
    plan = WORKSHOP.plan(name, seed=11)
    draft = WRITER.compose(plan)
    assert set(draft.texts) == {beat.id for beat in plan.beats if beat.kind is not Kind.ALERT}
    assert all(text.strip() for text in draft.texts.values())
    assert not [text for text in draft.texts.values() if re.search(r"\{[a-z.\-]+\}", text)]


def test_mentions_stand_in_the_text() -> None:
    """Whoever a beat mentions is named in its text."""
    plan = WORKSHOP.plan("kafka-lag", seed=4)
    texts = WRITER.compose(plan).texts
    assert all(mention in texts[beat.id] for beat in plan.beats for mention in beat.mentions)


def test_variants_share_the_facts() -> None:
    """Another wording of a plan has other words for the same beats."""
    plan = WORKSHOP.plan("high-cpu", seed=2)
    one, two = (OfflineWriter(WORKSHOP.banks).compose(plan, Variation(name=name)).texts for name in ("1", "2"))
    assert set(one) == set(two)
    assert sum(one[key] != two[key] for key in one) > len(one) / 2


def test_wordy_people_write_longer_than_terse_ones() -> None:
    """Over some incidents the mean length of a person's free lines goes with their verbosity."""
    words: dict[str, list[int]] = {"terse": [], "normal": [], "wordy": []}
    for name in ("kafka-lag", "catalog-failure", "service-unreachable"):
        for seed in range(12):
            plan = WORKSHOP.plan(name, seed=seed)
            texts = WRITER.compose(plan).texts
            for beat in plan.beats:
                if beat.words.tellings and not beat.words.literal and beat.speaker in plan.people:
                    words[plan.people[beat.speaker].verbosity].append(len(texts[beat.id].split()))
    terse, normal, wordy = (sum(words[key]) / len(words[key]) for key in ("terse", "normal", "wordy"))
    assert terse * 1.15 < normal < wordy / 1.15


@pytest.mark.parametrize("bank", WORKSHOP.library.phrase_names())
def test_every_bank_has_lines_without_figures(bank: str) -> None:
    """Each bank renders for every manner, by day and night, and holds no digit."""
    banks = Banks(WORKSHOP.library.phrases)
    for manner in ("terse", "casual", "formal"):
        for night in (False, True):
            lines = banks.lines(bank, manner, night)
            assert lines
            assert not [line for line in lines if re.search(r"\d", line)]
