"""How lines look: one line with the mark, one without, and a whole pool counted by hand."""

from __future__ import annotations

import pytest

from slackincidents.realism import surface
from slackincidents.realism.surface import MARKS
from slackincidents.realism.wording import take_apart

from .talk import numbers, said

NAMES = frozenset({"bob", "ann", "ops2"})

CASES = [
    ("short", "looking at it", "looking at it now"),
    ("long", "a " * 25, "a " * 24),
    ("question", "is it up? checking", "see http://x.io/?q=1"),
    ("ends_question", "is it up? :)", "is it up? checking"),
    ("hedge", "looks like redis", "it is redis"),
    ("hedge_strict", "Maybe redis", "looks like redis"),
    ("hedge_strict", "i think so", "`maybe` returns none"),
    ("acknowledgement", "bob: ok, got it", "ok, got the logs"),
    ("acknowledgement", "thanks!", "me too"),
    ("all_lower", "checking `GET /cart`", "checking GET /cart"),
    ("no_end_punctuation", "on it :)", "on it. :)"),
    ("full_stop", "It is down.", "It is down.."),
    ("exclamation", "nice!", "`!important`"),
    ("ellipsis", "hm..", "hm. ok."),
    ("emoji", "ouch :-(", "10:30:45 restarted"),
    ("emoji", "down :fire:", "down: fire: no"),
    ("unicode_emoji", "done \u2705", "done :)"),
    ("emoji_only", "\U0001f525", "\U0001f525 cart"),
    ("several_sentences", "It is down. Looking", "it is down. looking"),
    ("several_lines", "one\ntwo", "one two"),
    ("arrow_or_bullet", "256Mi -> 512Mi", "256Mi to 512Mi"),
    ("digit", "pod 3", "pod three"),
    ("url", "see https://x.io", "see x.io"),
    ("addressed", "bob: ping", "note: ping"),
    ("addressed", "ping <@U123>", "ping them"),
    ("addressed", "ops2 ping", "bobby ping"),
    ("bare_evidence", "```ERROR pool exhausted```", "see `pool.size`, it says 5"),
    ("bare_evidence", "12:03:44 WARN pool exhausted, waiting", "since 12:03 the pool is exhausted"),
    ("bare_evidence", "here: https://x.io/d/1", "https://x.io/d/1 shows it going up"),
]


@pytest.mark.parametrize(("mark", "with_it", "without"), CASES)
def test_a_mark_is_seen_and_not_imagined(mark: str, with_it: str, without: str) -> None:
    """The first line has the mark, the second, much like it, has not."""
    assert MARKS[mark][1](take_apart(with_it, NAMES))
    assert not MARKS[mark][1](take_apart(without, NAMES))


def test_every_mark_has_a_case() -> None:
    """No mark goes untested."""
    assert {mark for mark, _, _ in CASES} == set(MARKS)


def test_shares_are_of_all_lines() -> None:
    """Of four lines one asks, one hedges, two end without a mark."""
    values = numbers(surface, [said("is cart down?", "yes"), said("maybe redis", "It is.")])
    assert values.question == 1 / 4
    assert values.hedge_strict == 1 / 4
    assert values.no_end_punctuation == 2 / 4
    assert values.full_stop == 1 / 4
    assert values.short == 4 / 4


def test_casing_counts_lines_that_begin_with_a_letter() -> None:
    """Two of three letters are small; the line that begins with a digit is not asked; an address is no start."""
    assert numbers(surface, [said("yes", "Bob: no", "Down", "5 pods")]).lower_start == 2 / 3


def test_lengths_in_tokens() -> None:
    """Lengths 1, 2, 3: median 2, p90 2.8, deviation sqrt(2/3) over mean 2."""
    values = numbers(surface, [said("a", "a b", "a b c")])
    assert values.tokens_median == 2
    assert values.tokens_p90 == pytest.approx(2.8)
    assert values.tokens_cv == pytest.approx((2 / 3) ** 0.5 / 2)


def test_a_hedge_raises_the_share() -> None:
    """One more hedged line moves the shares up, nothing else of the kind."""
    before = numbers(surface, [said("it is redis", "restarted it", "looks like dns")])
    after = numbers(surface, [said("maybe it is redis", "restarted it", "looks like dns")])
    assert (before.hedge_strict, after.hedge_strict) == (0, 1 / 3)
    assert (before.hedge, after.hedge) == (1 / 3, 2 / 3)
    assert before.question == after.question


def test_nothing_said_measures_nothing() -> None:
    """No line gives None, not zero."""
    assert numbers(surface, []).question is None
    assert numbers(surface, []).tokens_median is None
