"""Free answers are read as people and models put them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from slackincidents.tasks.reading import as_choice, as_list, as_seconds, as_times

CHOICES = ("redis: a limit", "ad: a loop", "ad: a limit")
START = datetime(2025, 3, 4, 23, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    ["B", "b", "(B)", "b)", "B.", "B: ad: a loop", "Answer: B", "The answer is B.", "ad: a loop", "  AD: A LOOP.\n",
     "I think it is ad: a loop, because of the CPU", "**B**", ["B"], {"answer": "B"}],
)  # fmt: skip
def test_a_choice_is_read_by_letter_or_words(answer: JsonValue) -> None:
    """All of these mean the second choice."""
    assert as_choice(answer, CHOICES, {}) == 1


@pytest.mark.parametrize(
    "answer", ["", None, "D", "no idea", "ad: a loop or redis: a limit", [], {}, 7, "a limit", "Because of the limit"]
)
def test_what_means_no_choice_or_two_is_none(answer: JsonValue) -> None:
    """A guess that hedges earns nothing."""
    assert as_choice(answer, CHOICES, {}) is None


def test_yes_and_no_may_be_truth_values() -> None:
    """JSON's own yes and no, and a word with a reason behind it."""
    assert as_choice(True, ("yes", "no"), {}) == 0
    assert as_choice(False, ("yes", "no"), {}) == 1
    assert as_choice("No, one is payment.", ("yes", "no"), {}) == 1


@pytest.mark.parametrize(
    "answer", ['["ad", "redis"]', ["ad", "redis"], "ad, redis", "1. ad\n2. redis", "- ad\n- redis", "ad -> redis"]
)
def test_lists_come_in_many_shapes(answer: JsonValue) -> None:
    """Each of these is ad, then redis."""
    assert as_list(answer) == ["ad", "redis"]


@pytest.mark.parametrize(
    "answer",
    [{"detected": "14:03"}, '{"detected": "14:03"}', 'Here:\n```json\n{"detected": "14:03"}\n```', "- Detected: 14:03"],
)
def test_times_come_as_json_or_lines(answer: JsonValue) -> None:
    """Each of these names one moment."""
    assert as_times(answer) == {"detected": "14:03"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("23:51", 60), ("00:05:30", 930), (930, 930), ("T+15m30s", 930), ("2025-03-05T00:05:30Z", 930), ("12h", None),
     ("soon", None), (True, None), (None, None)],
)  # fmt: skip
def test_a_clock_time_past_midnight_is_the_next_day(value: JsonValue, seconds: float | None) -> None:
    """Read from a start ten minutes before midnight."""
    assert as_seconds(value, START, near=900) == seconds
