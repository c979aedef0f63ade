"""Pairs: the same length, never the same twice, the same for a seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackincidents.realism.judge_flatten import Flattener
from slackincidents.realism.judge_pairing import FEWEST, Pair, Pairing, pairs
from slackincidents.seeds import Seed
from tests.realism.judged import talk

FLAT = Flattener()


def paired(made: list[int], real: list[int], how: Pairing | None = None, seed: str = "1") -> tuple[Pair, ...]:
    """Pairs of conversations of these many lines."""
    ours = [talk(f"made-{n}", "plastic", lines) for n, lines in enumerate(made)]
    theirs = [talk(f"real-{n}", "wood", lines) for n, lines in enumerate(real)]
    return pairs(theirs, ours, how or Pairing(12, 5, 12), Seed(seed), FLAT)


LENGTHS = st.lists(st.integers(0, 60), max_size=6)


@given(LENGTHS, LENGTHS, st.integers(0, 20), st.integers(0, 9), st.integers(8, 20))
@settings(max_examples=60, deadline=None)
def test_no_pair_appears_twice(made: list[int], real: list[int], tests: int, controls: int, window: int) -> None:
    """Whatever the sets: no two excerpts meet twice, no made-up one is shown twice, both sides have equal length."""
    found = paired(made, real, Pairing(tests, controls, window))
    met = Counter(frozenset({(one.source, one.start) for one in (pair.made, pair.real)}) for pair in found)
    assert max(met.values(), default=1) == 1
    ours = [(pair.made.source, pair.made.start) for pair in found if pair.kind == "test"]
    assert len(set(ours)) == len(ours) <= tests
    assert sum(pair.kind == "control" for pair in found) <= controls
    for pair in found:
        assert FEWEST <= len(pair.made.lines) == len(pair.real.lines) <= window
        assert pair.made.source != pair.real.source
        assert pair.real.source.startswith("real")
        assert pair.made.source.startswith("made" if pair.kind == "test" else "real")


def test_every_conversation_is_used_before_any_is_used_again() -> None:
    """Six made-up talks of four excerpts each, six pairs: each talk once."""
    found = paired([48] * 6, [48] * 6, Pairing(6, 0, 12))
    assert {pair.made.source for pair in found} == {f"made-{n}" for n in range(6)}
    assert {pair.real.source for pair in found} == {f"real-{n}" for n in range(6)}


def test_a_seed_gives_the_same_pairs_whatever_the_order_of_reading() -> None:
    """Files may come in any order; another seed pairs otherwise."""
    ours, theirs = ([talk(f"{word}-{n}", word, 30) for n in range(5)] for word in ("plastic", "wood"))
    how = Pairing(5, 2, 12)
    forward = pairs(theirs, ours, how, Seed("1"), FLAT)
    assert pairs(theirs[::-1], ours[::-1], how, Seed("1"), FLAT) == forward
    assert pairs(theirs, ours, how, Seed("2"), FLAT) != forward


def test_a_real_excerpt_of_like_length_is_taken() -> None:
    """Of a short and a long real talk, the long made-up one meets the long one."""
    (pair,) = paired([20], [9, 20, 9], Pairing(1, 0, 20))
    assert (pair.real.source, len(pair.real.lines)) == ("real-1", 20)


@pytest.mark.parametrize(("made", "real"), [([], [20]), ([20], []), ([7], [20]), ([20], [7])])
def test_too_short_is_no_pair(made: list[int], real: list[int]) -> None:
    """Below eight lines there is nothing to judge."""
    assert paired(made, real) == ()


def test_excerpts_begin_in_the_middle_too() -> None:
    """Not only openings are judged."""
    assert any(pair.made.start > 0 for pair in paired([60] * 6, [60] * 6))
