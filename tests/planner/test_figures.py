"""The figures of a seed."""

from __future__ import annotations

import random

import pytest

from slackincidents.library import Library
from slackincidents.planner.figures import scatter

LIBRARY = Library()


def number(text: str) -> float:
    """The number a figure begins with."""
    digits = "".join(c for c in text.replace(",", "") if c.isdigit() or c == ".")
    return float(digits)


@pytest.mark.parametrize("name", LIBRARY.skeleton_names())
def test_figures_keep_direction_and_bounds(name: str) -> None:
    """Over fifty seeds peaks stay on their side of the baseline and percents within a hundred."""
    skeleton = LIBRARY.skeleton(name)
    for seed in range(50):
        values = scatter(skeleton, random.Random(f"{name}/{seed}"))
        for key, signal in skeleton.signals.items():
            peak, baseline = number(values[f"{key}.peak"]), number(values[f"{key}.baseline"])
            if signal.peak > signal.baseline:
                assert peak >= baseline, (key, values[f"{key}.peak"])
            elif signal.peak < signal.baseline:
                assert peak <= baseline, (key, values[f"{key}.peak"])
            if signal.unit == "%":
                assert peak <= 100


@pytest.mark.parametrize("name", LIBRARY.skeleton_names())
def test_percentiles_stay_in_order(name: str) -> None:
    """p50 <= p95 <= p99 of a service in every seed."""
    skeleton = LIBRARY.skeleton(name)
    for seed in range(50):
        values = scatter(skeleton, random.Random(f"{name}/{seed}"))
        for service in skeleton.services:
            peaks = sorted(
                (s.metric[:3], number(values[f"{k}.peak"]))
                for k, s in skeleton.signals.items()
                if s.service == service and s.metric[:3] in {"p50", "p95", "p99"}
            )
            assert [value for _, value in peaks] == sorted(value for _, value in peaks)
