"""Samples and intervals."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import ks_2samp, wasserstein_distance  # type: ignore[import-untyped] # ships no types

from slackincidents.realism import timing
from slackincidents.realism.base import Reading
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.distributions import Shapes, compare, divergence, histograms
from slackincidents.realism.results import Kind
from slackincidents.realism.sample import Sample
from slackincidents.seeds import Seed

from .talk import at, numbers, reading, said

SEED = Seed("test")


def test_a_short_stream_is_kept_whole_and_in_order() -> None:
    """Five of at most five."""
    sample: Sample[int] = Sample(SEED, 5)
    assert [sample.add(item) for item in range(5)] == [True] * 5
    assert sample.items == (0, 1, 2, 3, 4)


def test_a_long_stream_is_sampled_evenly_in_order_and_alike() -> None:
    """A hundred of a thousand, sorted by arrival; halves are about even; the same seed picks the same."""

    def drawn(name: str) -> tuple[int, ...]:
        sample: Sample[int] = Sample(SEED.child(name), 100)
        for item in range(1000):
            sample.add(item)
        return sample.items

    first = drawn("a")
    assert len(set(first)) == 100
    assert list(first) == sorted(first)
    assert 30 <= sum(item < 500 for item in first) <= 70
    assert first == drawn("a") != drawn("b")


def test_a_rate_of_equal_units_has_no_spread() -> None:
    """Half in every unit is half in every draw."""
    low, high = Bootstrap(SEED).ratio([1, 2, 3], [2, 4, 6])
    assert (low, high) == pytest.approx((0.5, 0.5))


def test_the_interval_is_about_two_standard_errors() -> None:
    """A share of .3 over 400 units: 1.96 * sqrt(.21 / 400) = .045 to either side."""
    low, high = Bootstrap(SEED).ratio([float(place % 10 < 3) for place in range(400)], [1.0] * 400)
    assert low == pytest.approx(0.3 - 0.045, abs=0.01)
    assert high == pytest.approx(0.3 + 0.045, abs=0.01)


def test_more_units_make_it_narrower() -> None:
    """Four times as many, about half as wide."""

    def wide(units: int) -> float:
        low, high = Bootstrap(SEED).ratio([float(place % 2) for place in range(units)], [1.0] * units)
        assert low is not None
        assert high is not None
        return high - low

    assert wide(400) == pytest.approx(wide(100) / 2, rel=0.25)


def test_one_unit_has_no_interval() -> None:
    """There is nothing to draw from; the same for values that are not there."""
    assert Bootstrap(SEED).ratio([1], [2]) == (None, None)
    assert Bootstrap(SEED).middle([1.0, math.nan]) == (None, None)


def test_a_drawn_quantile_is_that_of_the_drawn_values() -> None:
    """Every draw's quantile equals numpy's of the pool written out."""
    values, sizes, boot = [5.0, 1.0, 9.0, 2.0, 7.0, 3.0], [2, 1, 3], Bootstrap(SEED, draws=50)
    units = [values[:2], values[2:3], values[3:]]
    drawn = [
        np.quantile([v for unit, times in zip(units, row, strict=True) for _ in range(times) for v in unit], 0.9)
        for row in boot.weights(3)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    assert boot.pooled(values, sizes, 0.9) == pytest.approx((low, high))


def test_a_score_lies_within_its_interval_and_counts() -> None:
    """Of gaps that differ between incidents; the count is that of gaps."""
    score = numbers(timing, [at(*range(0, 8 * step, step)) for step in range(5, 60, 5)]).scores["gap_median_s"]
    assert score.count == 11 * 7
    assert score.low is not None
    assert score.value is not None
    assert score.high is not None
    assert score.low <= score.value <= score.high
    assert score.low < score.high


def shapes(*readings: Reading) -> Shapes:
    """The distributions of some readings."""
    made = Shapes(SEED)
    for one in readings:
        made.add(one)
    return made


def test_distances_of_distributions_by_hand() -> None:
    """All gaps 1 s against all 3 s: log 4 - log 2 apart on the log scale, and nothing in common (KS 1)."""
    here = shapes(*(reading(at(*range(9)), place) for place in range(3)))
    there = shapes(*(reading(at(*range(0, 27, 3)), place) for place in range(3)))
    found = {(one.name, one.kind): one for one in compare(here, there, Bootstrap(SEED, draws=20))}
    assert found["gaps", Kind.WASSERSTEIN].value == pytest.approx(math.log(2))
    assert found["gaps", Kind.KS].value == 1
    assert found["gaps", Kind.WASSERSTEIN].low == pytest.approx(math.log(2))
    assert found["tokens", Kind.WASSERSTEIN].value == 0
    assert found["acts", Kind.JENSEN_SHANNON].value == 0


def test_the_drawn_distance_is_scipys() -> None:
    """With one kind of unit on either side every draw has the value that scipy gives."""
    here, there = (shapes(*(reading(at(0, *ends), place) for place in range(2))) for ends in ((5, 90), (7, 20, 300)))
    found = {one.kind: one for one in compare(here, there, Bootstrap(SEED, draws=5))[:2]}
    earth, steps = found[Kind.WASSERSTEIN], found[Kind.KS]
    expected = wasserstein_distance(np.log1p([5, 85]), np.log1p([7, 13, 280]))
    assert (earth.value, earth.low, earth.high) == pytest.approx((expected,) * 3)
    largest = ks_2samp([5, 85] * 9, [7, 13, 280] * 9).statistic
    assert (steps.value, steps.low, steps.high) == pytest.approx((largest,) * 3)


def test_divergence_by_hand() -> None:
    """The same is 0, nothing in common 1; a half against all: 3/4 log2 4/3 and 1/4 log2 ... make .311."""
    assert divergence([1, 1], [2, 2]) == pytest.approx(0)
    assert divergence([1, 0], [0, 1]) == pytest.approx(1)
    assert divergence([1, 1], [1, 0]) == pytest.approx(0.3113, abs=1e-4)


def test_other_acts_are_farther() -> None:
    """The mutation: a set that only asks against one that only tells is out; halves are nearer."""
    tells = shapes(reading(said(*["redis is at 100 %"] * 8)))
    asks = shapes(reading(said(*["is it up?"] * 8)))
    both = shapes(reading(said(*["is it up?", "redis is at 100 %"] * 4)))

    def far(here: Shapes) -> float:
        return compare(here, tells, Bootstrap(SEED, draws=5))[-1].value

    assert (far(tells), far(asks)) == pytest.approx((0, 1))
    assert 0 < far(both) < 1


def test_histograms_are_shares() -> None:
    """Every side sums to one; what is beyond the end is in the last bin."""
    found = {one.name: one for one in histograms(shapes(reading(at(0, 5, 100_000))), shapes(reading(at(0, 1, 2))))}
    assert sum(found["gaps"].here) == pytest.approx(1)
    assert found["gaps"].here[-1] == 1 / 2
    assert len(found["gaps"].edges) == len(found["gaps"].here) + 1 == len(found["gaps"].there) + 1
    assert histograms(shapes(reading(at(0, 5))), None)[0].there == ()


def test_whole_numbers_have_whole_edges() -> None:
    """No bin of tokens or lines lies between two whole numbers, where it would be a hole; each holds what it says."""
    found = {one.name: one for one in histograms(shapes(reading(at(0, 5, 9))), None)}
    for name in ("tokens", "lines"):
        edges = found[name].edges
        assert all(edge == int(edge) for edge in edges)
        assert all(high - low >= 1 for low, high in pairwise(edges))
        assert len(edges) <= 25
    assert found["tokens"].edges[:7] == (1, 2, 3, 4, 5, 6, 8)
    assert found["tokens"].here[0] == 1  # each line of `at` is one word
