"""How varied the words are."""

from __future__ import annotations

import random
from math import exp, log

import pytest

from slackincidents.realism import diversity, overlap
from slackincidents.realism.diversity import distinct, zlib_ratio

from .talk import numbers, said


def different(count: int) -> list[str]:
    """So many words, no two alike."""
    return [f"w{place}" for place in range(count)]


def test_distinct_by_hand() -> None:
    """A thousand words, two of them in turn: 2 of 1000 words, 2 of 999 pairs; all different: 1."""
    assert distinct(["a", "b"] * 500, 1) == [2 / 1000]
    assert distinct(["a", "b"] * 500, 2) == [2 / 999]
    assert distinct(different(1000), 2) == [1]
    assert distinct(different(999), 1) == []


def test_distinct_is_the_mean_of_blocks() -> None:
    """One block all different, one all the same: half, and a thousandth."""
    assert distinct([*different(1000), *["a"] * 1000], 1) == [1, 1 / 1000]
    talk = said(" ".join(different(1000)), " ".join(["a"] * 1000))
    assert numbers(diversity, [talk]).distinct_1 == pytest.approx((1 + 1 / 1000) / 2)


def test_self_bleu_by_hand() -> None:
    """The same block twelve times is 1. All words new: no single word found, so 0."""
    assert overlap.self_bleu(different(150) * 12, random.Random(1)) == pytest.approx(1)
    assert overlap.self_bleu(different(1800), random.Random(1)) == 0
    assert overlap.self_bleu(different(1799), random.Random(1)) is None


def test_self_bleu_is_smoothed_above_single_words() -> None:
    """Two blocks share every word and no pair: 150/150, then 1/150, 1/149 and 1/148."""
    forward = different(150)
    expected = exp((log(1) + log(1 / 150) + log(1 / 149) + log(1 / 148)) / 4)
    assert overlap.self_bleu([*forward, *reversed(forward)], random.Random(1), blocks=2) == pytest.approx(expected)


def test_shared_phrases_raise_self_bleu() -> None:
    """Ten words in common in every block lift it above no overlap."""
    phrase = [f"p{place}" for place in range(10)]
    blocks = [[*phrase, *(f"{block}-{place}" for place in range(140))] for block in range(12)]
    shared = overlap.self_bleu([word for block in blocks for word in block], random.Random(1))
    assert shared == pytest.approx(exp((log(10 / 150) + log(10 / 150) + log(9 / 149) + log(8 / 148)) / 4))


def test_repetition_raises_the_zlib_ratio() -> None:
    """One line over and over packs far better than random hex; too little text is not measured."""
    rng = random.Random(1)
    varied = [f"{rng.getrandbits(80):020x}" for _ in range(500)]
    (repeated,), (mixed,) = zlib_ratio(["looking into it"] * 700), zlib_ratio(varied)
    assert repeated > 50 > 2 > mixed > 1
    assert zlib_ratio(["x" * 9_999]) == []


def test_duplicates_by_hand() -> None:
    """Of four lines of four tokens or more two are the same but for case and spaces; short ones are not asked."""
    lines = ["ok", "ok", "It is redis again", "it is  redis again", "no it is dns", "what about the cart"]
    assert numbers(diversity, [said(*lines)]).duplicates == 2 / 4
    assert numbers(diversity, [said(*lines[2:3]), said(*lines[3:])]).duplicates == 2 / 4
    assert numbers(diversity, [said(*lines[2:3], *lines[4:])]).duplicates == 0
    assert numbers(diversity, [said("ok")]).duplicates is None


def test_openers_by_hand() -> None:
    """Twelve different pairs, one of them twice: the top ten hold 11 of 13."""
    texts = [f"w{place} v{place} rest" for place in range(12)]
    assert numbers(diversity, [said(*texts, texts[0])]).openers == pytest.approx(11 / 13)


def test_an_address_is_no_opener() -> None:
    """Lines that differ in the address only open alike."""
    lines = [f"w{place} x" for place in range(10)]
    talk = said(*lines, *(f"{n}: look at {n}" for n in ("ann", "bob")), "one two")
    assert numbers(diversity, [talk]).openers == pytest.approx(11 / 13)


def test_the_same_conversations_measure_the_same() -> None:
    """The shuffle inside starts from a fixed seed; a corpus too short is None."""
    talks = [said(*(f"line {place} of {name}" for place in range(300))) for name in "abcd"]
    assert numbers(diversity, talks).scores == numbers(diversity, talks).scores
    assert numbers(diversity, [said("hi")]).distinct_2 is None
