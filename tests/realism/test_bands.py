"""Measured values beside bands."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.errors import BadFile
from slackincidents.realism import bands, suite
from slackincidents.realism.bands import Band, Bands, compare

FILE = Path(__file__).parents[2] / "evals" / "references" / "bands.json"


def made(**limits: tuple[float | None, float | None]) -> Bands:
    """One band called x."""
    band = Band(title="x", passes=limits["passes"], target=limits.get("target"), source="made")
    return Bands(source="made", bands={"x": band})


@pytest.mark.parametrize(
    ("value", "ok", "on_target"),
    [
        (0.1, True, False),
        (0.2, True, True),
        (0.3, True, True),
        (0.4, True, False),
        (0.09, False, False),
        (0.41, False, False),
    ],
)
def test_both_bands_include_their_ends(value: float, ok: bool, on_target: bool) -> None:
    """Inside the target, inside the wide band only, outside both."""
    check = compare({"x": value}, made(passes=(0.1, 0.4), target=(0.2, 0.3)))[0]
    assert (check.ok, check.on_target) == (ok, on_target)


def test_an_open_end_has_no_limit() -> None:
    """At most, at least."""
    assert compare({"x": -9}, made(passes=(None, 0.4)))[0].ok
    assert compare({"x": 9}, made(passes=(0.4, None)))[0].ok


def test_what_was_not_measured_is_neither_good_nor_bad() -> None:
    """A missing value and a missing target are None."""
    assert compare({}, made(passes=(0, 1)))[0].ok is None
    assert compare({"x": 0.5}, made(passes=(0, 1)))[0].on_target is None


def test_every_band_has_a_measure_and_sense() -> None:
    """The shipped bands name measures that exist; each target lies within the pass band, rounding aside."""
    names = suite.measure([]).values()
    for name, band in bands.load(FILE).bands.items():
        assert name in names
        for end in band.target or ():
            assert end is None or bands.inside(end, _widened(band)), name


def test_the_seed_is_outside_the_bands() -> None:
    """What the reference calls tells of made-up chat fails: the seed's metronome, its bare questions, its emoji."""
    shipped = bands.load(FILE)
    seed = {name: band.seed for name, band in shipped.bands.items()}
    failed = {check.name for check in compare(seed, shipped) if check.ok is False}
    assert {"gap_cv_median", "gap_in_fives", "question", "emoji", "self_bleu_4", "first_reply_s_median"} <= failed


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """Missing or not bands: the error says which file."""
    with pytest.raises(BadFile, match=r"none\.json"):
        bands.load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"bands": 3}')
    with pytest.raises(BadFile, match=r"bad\.json"):
        bands.load(tmp_path / "bad.json")


def _widened(band: Band) -> bands.Range:
    low, high = band.passes
    return (low and low - 0.1 * abs(low), high and high + 0.1 * abs(high))
