"""What a skeleton must satisfy beyond its types."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from slackincidents.library import Library
from slackincidents.schema.checks import problems
from slackincidents.schema.skeleton import Signal, Skeleton, Threshold

LIBRARY = Library()
SKELETON = LIBRARY.skeleton("cache-failure")
CLUE, ACTION, ALERT = (next(iter(part)) for part in (SKELETON.clues, SKELETON.actions, SKELETON.alerts))
NAME = SKELETON.alerts[ALERT].threshold.signal
Change = Callable[[Skeleton], Skeleton]


def _in(part: str, key: str, **changes: object) -> Change:
    def change(skeleton: Skeleton) -> Skeleton:
        table = getattr(skeleton, part)
        return skeleton.model_copy(update={part: {**table, key: table[key].model_copy(update=changes)}})

    return change


def _alert(signal: dict[str, object], **threshold: float) -> Change:
    def change(skeleton: Skeleton) -> Skeleton:
        measured = _in("signals", NAME, **signal)(skeleton)
        return _in("alerts", ALERT, threshold=Threshold(signal=NAME, **threshold))(measured)

    return change


def _lag(skeleton: Skeleton) -> Skeleton:
    first, *others = skeleton.cascade
    return skeleton.model_copy(update={"cascade": (first.model_copy(update={"lag_s": (-5, 10)}), *others)})


def _particular(skeleton: Skeleton) -> Skeleton:
    return skeleton.model_copy(update={"particulars": {**skeleton.particulars, "odd": ("one", "two")}})


RISING: dict[str, object] = {"unit": "ms", "baseline": 50.0, "peak": 500.0, "recovered": 50.0, "scatter": 0.2}
FALLING: dict[str, object] = {"unit": "%", "baseline": 95.0, "peak": 20.0, "recovered": 95.0, "scatter": 0.2}


@pytest.mark.parametrize("name", LIBRARY.skeleton_names())
def test_what_ships_has_no_problem(name: str) -> None:
    """Every skeleton of ours can be planned."""
    assert problems(LIBRARY.skeleton(name), LIBRARY.catalogue()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_in("clues", CLUE, search_s=(300, 60)), f"clues.{CLUE}.search_s: from 300 to 60 runs backwards"),
        (_in("clues", CLUE, search_s=(-1, 60)), f"clues.{CLUE}.search_s: starts below zero, at -1"),
        (_in("actions", ACTION, takes_s=(9, 8)), f"actions.{ACTION}.takes_s: from 9 to 8 runs backwards"),
        (_in("actions", ACTION, settles_s=(-9, 8)), f"actions.{ACTION}.settles_s: starts below zero, at -9"),
        (_lag, "cascade[0].lag_s: starts below zero, at -5"),
        (_particular, "particulars.odd: no telling uses it"),
        (_alert(RISING, above=50), f"alerts.{ALERT}.threshold.above: 50 is not between the baseline (50)"),
        (_alert(RISING, above=410), f"alerts.{ALERT}.threshold.above: 410 is not between"),
        (_alert(FALLING, below=96), f"alerts.{ALERT}.threshold.below: 96 is not between"),
        (_alert(FALLING, below=35), f"alerts.{ALERT}.threshold.below: 35 is not between"),
        (_alert(RISING), f"alerts.{ALERT}.threshold: neither above nor below"),
        (_in("alerts", ALERT, runbook=None), f"alerts.{ALERT}.runbook: none"),
        (_in("alerts", ALERT, runbook=" "), f"alerts.{ALERT}.runbook: none"),
        (
            _in("signals", NAME, baseline=50.0, recovered=58.0),
            f"signals.{NAME}.recovered: 58 is more than 15% off the baseline (50)",
        ),
        (
            _in("signals", NAME, baseline=50.0, recovered=42.0),
            f"signals.{NAME}.recovered: 42 is more than 15% off the baseline (50)",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(change: Change, told: str) -> None:
    """Spans that run backwards, thresholds out of reach, ends that are none, names nobody uses."""
    assert any(problem.startswith(told) for problem in problems(change(SKELETON), LIBRARY.catalogue()))


@pytest.mark.parametrize(
    "change",
    [
        _in("clues", CLUE, search_s=(0, 0)),
        _alert(RISING, above=400),
        _alert(FALLING, below=36),
        _in("signals", NAME, baseline=50.0, recovered=57.5),
        _in("signals", NAME, baseline=0.2, recovered=0.3),
    ],
)
def test_what_comes_near_a_problem_is_none(change: Change) -> None:
    """The bounds belong to what is allowed; the last digit a dashboard shows is never too much."""
    wrong = [p for p in problems(change(SKELETON), LIBRARY.catalogue()) if CLUE in p or f"signals.{NAME}.r" in p]
    assert wrong == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
@pytest.mark.parametrize("field", ["baseline", "peak", "recovered"])
def test_signal_values_are_numbers(field: str, value: float) -> None:
    """NaN and Infinity, which JSON readers let through, are refused where they stand."""
    signal = SKELETON.signals[NAME].model_dump()
    with pytest.raises(ValidationError, match=field):
        Signal.model_validate({**signal, field: value})
    with pytest.raises(ValidationError, match="above"):
        Threshold(signal=NAME, above=math.inf)
