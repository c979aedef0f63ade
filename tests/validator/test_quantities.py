"""Figures with units, made comparable."""

from __future__ import annotations

import pytest

from slackincidents.validator.quantities import no_better, parse


@pytest.mark.parametrize(
    ("figure", "value", "dimension"),
    [
        ("480ms", 0.48, "time"),
        ("2.5s", 2.5, "time"),
        ("12,400", 12400.0, "count"),
        ("3k", 3000.0, "count"),
        ("150 req/s", 150.0, "req/s"),
        ("99.5%", 99.5, "%"),
        ("512MB", 512e6, "bytes"),
        ("~3 min", 180.0, "time"),
        (7, 7.0, "count"),
    ],
)
def test_a_figure_is_read_with_its_unit(figure: str | float, value: float, dimension: str) -> None:
    """The number in the base unit of its dimension."""
    quantity = parse(figure)
    assert quantity is not None
    assert quantity.value == pytest.approx(value)
    assert quantity.dimension == dimension


def test_what_is_no_figure_is_none() -> None:
    """Words are not compared."""
    assert parse("healthy") is None


def test_other_dimensions_are_not_compared() -> None:
    """A latency says nothing about a share."""
    late, share = parse("900ms"), parse("90%")
    assert late is not None
    assert share is not None
    assert not no_better("p95_latency", late, share)
