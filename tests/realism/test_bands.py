"""Measured values beside bands."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.errors import BadFile
from slackincidents.realism import bands, suite
from slackincidents.realism.bands import Band, Bands
from slackincidents.realism.base import Score
from slackincidents.realism.distances import outside, spanned, to_bands, to_scores
from slackincidents.realism.results import Range, Verdict

FILE = Path(__file__).parents[2] / "evals" / "references" / "bands.json"


def score(value: float | None, low: float | None = None, high: float | None = None, name: str = "x") -> Score:
    """One score."""
    return Score(name=name, title=name, measure="made", value=value, low=low, high=high)


def made(**limits: tuple[float | None, float | None]) -> Bands:
    """One band called x."""
    band = Band(title="x", passes=limits["passes"], target=limits.get("target"), source="made")
    return Bands(source="made", bands={"x": band})


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.1, Verdict.PASS),
        (0.2, Verdict.TARGET),
        (0.3, Verdict.TARGET),
        (0.4, Verdict.PASS),
        (0.09, Verdict.OUT),
        (0.41, Verdict.OUT),
    ],
)
def test_both_bands_include_their_ends(value: float, verdict: Verdict) -> None:
    """Inside the target, inside the wide band only, outside both."""
    (found,) = to_bands([score(value)], made(passes=(0.1, 0.4), target=(0.2, 0.3)))
    assert found.verdict is verdict


def test_an_open_end_has_no_limit() -> None:
    """At most, at least."""
    assert to_bands([score(-9)], made(passes=(None, 0.4)))[0].verdict is Verdict.PASS
    assert to_bands([score(9)], made(passes=(0.4, None)))[0].verdict is Verdict.PASS


def test_what_was_not_measured_is_neither_good_nor_bad() -> None:
    """Without a value there is no distance."""
    assert to_bands([score(None)], made(passes=(0, 1))) == ()
    assert to_bands([], made(passes=(0, 1))) == ()


def test_the_distance_by_hand() -> None:
    """.2 to .3 is .1 wide: .35 is half a width off, .1 one; an open range is as wide as its limit."""
    assert outside(0.35, (0.2, 0.3)) == pytest.approx(0.5)
    assert outside(0.1, (0.2, 0.3)) == pytest.approx(1)
    assert outside(0.25, (0.2, 0.3)) == 0
    assert outside(0.06, (None, 0.04)) == pytest.approx(0.5)
    assert outside(15, (30, None)) == pytest.approx(0.5)


def test_the_interval_of_a_distance() -> None:
    """From the nearest to the farthest end; one that reaches into the range begins at none."""
    assert spanned(score(0.4, 0.35, 0.5), (0.2, 0.3)) == pytest.approx((0.5, 2))
    assert spanned(score(0.4, 0.25, 0.5), (0.2, 0.3)) == pytest.approx((0, 2))
    assert spanned(score(0.4, 0.1, 0.5), (0.2, 0.3)) == pytest.approx((0, 2))
    assert spanned(score(0.4), (0.2, 0.3)) == (None, None)


def test_beside_another_set_the_intervals_must_meet() -> None:
    """.5 lies outside .1 to .3, but its interval reaches in; that of .6 does not."""
    other = {"x": score(0.2, 0.1, 0.3)}
    near, far = to_scores([score(0.5, 0.25, 0.7), score(0.6, 0.4, 0.7)], other)
    assert near.verdict is Verdict.PASS
    assert near.value == pytest.approx(1)
    assert far.verdict is Verdict.OUT
    assert to_scores([score(0.5)], {"x": score(0.2)}) == ()


def test_every_band_has_a_measure_and_sense() -> None:
    """The shipped bands name measures that exist; each target lies within the pass band, rounding aside."""
    names = suite.values(suite.measure([]))
    for name, band in bands.load(FILE).bands.items():
        assert name in names
        for end in band.target or ():
            assert end is None or bands.inside(end, _widened(band)), name


def test_the_seed_is_outside_the_bands() -> None:
    """What the reference calls tells of made-up chat fails: the seed's metronome, its bare questions, its emoji."""
    shipped = bands.load(FILE)
    seed = [score(band.seed, name=name) for name, band in shipped.bands.items()]
    failed = {found.name for found in to_bands(seed, shipped) if found.verdict is Verdict.OUT}
    assert {"gap_cv_median", "gap_in_fives", "question", "emoji", "self_bleu_4", "first_reply_s_median"} <= failed


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """Missing or not bands: the error says which file."""
    with pytest.raises(BadFile, match=r"none\.json"):
        bands.load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"bands": 3}')
    with pytest.raises(BadFile, match=r"bad\.json"):
        bands.load(tmp_path / "bad.json")


def _widened(band: Band) -> Range:
    low, high = band.passes
    return (low and low - 0.1 * abs(low), high and high + 0.1 * abs(high))
