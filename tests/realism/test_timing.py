"""When lines come."""

from __future__ import annotations

from math import sqrt

import pytest

from slackincidents.realism import timing
from slackincidents.realism.timing import burstiness, first_reply, memory, typing_speeds

from .talk import at, numbers, timed

UNEVEN = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 606.0)


def test_gaps_are_pooled() -> None:
    """Gaps 5, 11, 301 and 10: median 10.5, two of ten or less, one over five minutes, two divisible by five."""
    values = numbers(timing, [at(0, 5, 16, 317), at(100, 110)])
    assert values.gap_median_s == 10.5
    assert values.gap_to_10s == 2 / 4
    assert values.gap_over_300s == 1 / 4
    assert values.gap_in_fives == 2 / 4
    assert values.gap_p90_s == pytest.approx(11 + 0.7 * (301 - 11))
    assert values.duration_s_median == (317 + 10) / 2


def test_a_metronome_has_no_variation() -> None:
    """Equal gaps: CV 0, B_n -1, no memory to speak of."""
    values = numbers(timing, [at(*range(0, 70, 10))])
    assert values.gap_cv_median == 0
    assert values.burstiness_median == pytest.approx(-1)
    assert values.memory_median is None


def test_burstiness_by_hand() -> None:
    """Gaps 1, 1, 1, 5: mean 2, deviation sqrt(3), n 4."""
    r = sqrt(3) / 2
    assert burstiness([1, 1, 1, 5]) == pytest.approx((sqrt(5) * r - sqrt(3)) / ((sqrt(5) - 2) * r + sqrt(3)))
    assert burstiness([0, 0, 0]) is None


def test_one_long_silence_makes_it_bursty() -> None:
    """A last gap of ten minutes lifts CV and B_n; one long gap alone among n - 1 zeros is the maximum, 1."""
    even, uneven = numbers(timing, [at(*range(8))]), numbers(timing, [at(*UNEVEN)])
    assert even.gap_cv_median == 0
    assert even.burstiness_median == pytest.approx(-1)
    assert uneven.gap_cv_median is not None
    assert uneven.gap_cv_median > 2
    assert burstiness([0, 0, 0, 0, 0, 60]) == pytest.approx(1)


def test_memory_by_hand() -> None:
    """Short always follows long: -1. Steadily growing gaps: 1."""
    assert memory([1, 9, 1, 9, 1]) == pytest.approx(-1)
    assert memory([1, 2, 3, 4]) == pytest.approx(1)


def test_unevenness_needs_six_gaps() -> None:
    """Six lines have five gaps: not measured; their gaps are pooled all the same."""
    values = numbers(timing, [at(0, 1, 2, 3, 4, 50)])
    assert values.gap_cv_median is None
    assert values.gap_median_s == 1


def test_typing_speed_is_of_follow_ups() -> None:
    """Twenty characters in two seconds is ten a second; answers, short lines, pastes and links are not typed."""
    paste, link = "```" + "x" * 50 + "```", "https://x.io/" + "y" * 40
    talk = timed(
        *((0.0, "ann", "hello"), (2.0, "ann", "x" * 20), (3.0, "bob", "y" * 90), (4.0, "bob", "short")),
        *((5.0, "bob", paste), (6.0, "bob", link)),
    )
    assert typing_speeds(talk) == [10.0]
    assert numbers(timing, [talk]).fast_typing == 1


def test_more_time_to_type_is_slower() -> None:
    """The same line ten seconds after the first one is within what hands can do."""
    talk = timed((0, "ann", "hello"), (10, "ann", "x" * 20))
    assert typing_speeds(talk) == [2.0]
    assert numbers(timing, [talk]).fast_typing == 0


def test_the_first_reply_counts_from_the_alert() -> None:
    """Without an alert, from the first line to the first by another person."""
    lines = ((30.0, "ann", "hm"), (40.0, "ann", "hm"), (75.0, "bob", "hm"))
    assert first_reply(timed(*lines, machine_at=10)) == 20
    assert first_reply(timed(*lines)) == 45
    assert first_reply(timed(*lines[:2])) is None


def test_nobody_there_measures_nothing() -> None:
    """No conversation and one without lines give None throughout."""
    assert {score.value for score in timing.measure([])} == {None}
    assert {score.value for score in numbers(timing, [timed()]).scores.values()} == {None}
