"""What the dashboards show: the skeleton's figures, bent by what was done."""

from __future__ import annotations

import pytest

from slackincidents.drills.signals import PARTLY, WORSE, Deeds, readings
from slackincidents.library import Library
from slackincidents.schema.skeleton import Skeleton

SKELETON = Library().skeleton("cache-failure")


def value(
    at: float, *effects: tuple[float, str], skeleton: Skeleton = SKELETON, name: str = "p95", undone: Deeds = ()
) -> float:
    """One signal's value, its peak being 500."""
    figures = {f"{name}.peak": "500ms"}
    return next(r.value for r in readings(skeleton, figures, at, effects, undone) if r.name == name)


def action(effect: str) -> str:
    """An action of that effect."""
    return next(key for key, found in SKELETON.actions.items() if found.effect == effect)


def test_before_the_failure_all_is_as_always() -> None:
    """A signal stands at its baseline until its onset, and is at its peak when its monitor has fired."""
    signal = SKELETON.signals["p95"]
    assert value(signal.onset_s - 1) == signal.baseline
    assert value(signal.onset_s + 600) == 500


def test_a_fix_brings_it_back_over_the_settling_time() -> None:
    """Half of the settling time after the fix half of the way is gone; after all of it the signal has recovered."""
    signal = SKELETON.signals["p95"]
    fixed = (2000.0, action("fixes"))
    assert value(2000 + signal.settle_s / 2, fixed) == pytest.approx((500 + signal.recovered) / 2)
    assert value(2000 + signal.settle_s, fixed) == pytest.approx(signal.recovered)
    assert value(1999, fixed) == 500


def test_what_helps_partly_and_what_harms_show() -> None:
    """The rise over the baseline shrinks or grows by the share that the module names; nothing does nothing."""
    base = SKELETON.signals["p95"].baseline
    assert value(3000, (2000.0, action("partly"))) == pytest.approx(base + (500 - base) * PARTLY)
    assert value(3000, (2000.0, action("worse"))) == pytest.approx(base + (500 - base) * WORSE)
    assert value(3000, (2000.0, action("nothing"))) == 500


@pytest.mark.parametrize("scenario", Library().skeleton_names())
def test_a_percentage_stays_one_and_nothing_is_below_zero(scenario: str) -> None:
    """Over six hours, whatever harm is done."""
    skeleton = Library().skeleton(scenario)
    harm = [(60.0 * n, key) for n, key in enumerate(skeleton.actions) if skeleton.actions[key].effect != "fixes"]
    for at in range(0, 21_600, 300):
        for reading in readings(skeleton, {}, at, harm):
            assert reading.value >= 0
            assert reading.signal.unit != "%" or reading.value <= 100


def test_what_was_taken_back_harms_no_longer() -> None:
    """From the moment somebody undoes it, a signal stands as if it had never been done; doing it again harms again."""
    harm = action("worse")
    assert value(1500, (1000.0, harm), undone=((2000.0, harm),)) == value(1500, (1000.0, harm))
    assert value(2100, (1000.0, harm), undone=((2000.0, harm),)) == value(2100) < value(2100, (1000.0, harm))
    assert value(3100, (1000.0, harm), (3000.0, harm), undone=((2000.0, harm),)) == value(3100, (1000.0, harm))
