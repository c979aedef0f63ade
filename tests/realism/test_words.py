"""Slips of the keys, repetition inside and across incidents, English."""

from __future__ import annotations

from math import exp, log

import pytest

from slackincidents.realism import across, language, typos, within
from slackincidents.realism.typos import candidates, one_edit_away
from slackincidents.realism.within import distinct_pairs, thirds

from .talk import numbers, said, timed

NOBODY: frozenset[str] = frozenset()


def different(count: int, stem: str = "w") -> list[str]:
    """So many words, no two alike."""
    return [f"{stem}{place}" for place in range(count)]


@pytest.mark.parametrize("slip", ["servrs", "recieve", "databse", "depplete", "respone"])
def test_one_edit_from_a_word_looks_mistyped(slip: str) -> None:
    """A letter less, two swapped, one more."""
    assert candidates(f"the {slip} is back", NOBODY) == [slip]


@pytest.mark.parametrize(
    "fine",
    ["servers", "kubectl", "rebooting", "hmmm", "hahaha", "Servrs", "servrs2", "xqzzkw", "undeployed", "webhooks"],
)
def test_words_forms_trade_sounds_and_names_do_not(fine: str) -> None:
    """English, its forms, words of the trade, drawn-out sounds, capitals, digits, and what is near no word."""
    assert candidates(f"the {fine} is back", NOBODY) == []


def test_a_name_is_no_slip() -> None:
    """Somebody may be called like that."""
    assert candidates("ask teh wendi", frozenset({"wendi"})) == []
    assert one_edit_away("wendi")


def test_typos_are_a_share_of_lines() -> None:
    """Two of four lines have one; the words are the evidence."""
    found = numbers(typos, [said("servrs are back", "ok", "did you recieve teh databse"), said("all fine")])
    assert found.typo == 2 / 4
    assert found.scores["typo"].evidence[0].note == "servrs"


def test_what_three_people_say_is_jargon() -> None:
    """Two people who write the same odd word slip; three have a word for something."""
    two = [(0.0, "ann", "servrs down"), (9.0, "bob", "which servrs")]
    assert numbers(typos, [timed(*two)]).typo == 1
    assert numbers(typos, [timed(*two, (20.0, "cat", "all servrs"))]).typo == 0


def test_distinct_pairs_inside_by_hand() -> None:
    """150 words that alternate have two of 149 pairs; all new have all of them."""
    assert distinct_pairs(["a", "b"] * 75) == 2 / 149
    assert numbers(within, [said(" ".join(different(150)))]).within_distinct_2 == 1
    assert numbers(within, [said(" ".join(different(149)))]).within_distinct_2 is None


def test_thirds_by_hand() -> None:
    """The same fifty words three times are 1; all new are 0; ten shared words lie where the formula says."""
    assert thirds(different(50) * 3) == pytest.approx(1)
    assert thirds(different(150)) == 0
    phrase = different(10, "p")
    parts = [[*phrase, *different(40, stem)] for stem in "abc"]
    expected = exp((log(10 / 50) + log(10 / 50) + log(9 / 49) + log(8 / 48)) / 4)
    assert thirds([word for part in parts for word in part]) == pytest.approx(expected)


def test_a_line_said_twice_in_one_incident() -> None:
    """One of three long lines stood there before; short ones are not asked; once each moves it to none."""
    line = "still nothing in the logs"
    assert numbers(within, [said(line, "ok", line, "ok", "what about the cart now")]).within_repeats == 1 / 3
    assert numbers(within, [said(line), said(line)]).within_repeats == 0


def test_runs_of_four_words_that_another_incident_has() -> None:
    """Three runs in the first, one in the second, which the first has: 2 of 4."""
    talks = [said("it is redis again today now"), said("is redis again today")]
    assert numbers(across, talks).shared_4grams == pytest.approx(2 / 4)
    assert numbers(across, talks[:1]).shared_4grams == 0


def test_openings_that_come_back() -> None:
    """Two of three open with the same line, figures aside; three words are enough for the weaker kind."""
    talks = [said("seeing 40 errors on cart"), said("seeing 7 errors on cart"), said("seeing 3 errors elsewhere now")]
    found = numbers(across, talks)
    assert found.opening_reuse == 2 / 3
    assert found.opening_words == 1
    assert numbers(across, [talks[0], talks[2]]).opening_reuse == 0


def test_english_is_a_share_of_longer_lines() -> None:
    """One of two is English; short ones are not asked."""
    english, german = "is the cart down for you", "der warenkorb geht seit heute nicht mehr"
    assert numbers(language, [said(english, german, "ja")]).english == 1 / 2
    assert numbers(language, [said(german)]).english == 0
    assert numbers(language, [said("ja")]).english is None
