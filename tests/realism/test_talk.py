"""What lines do, how far answers stand, how people differ, and the eight tips."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest

from slackincidents.realism import dialogue, reply, spread, tips
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.dialogue import RuleAct, act_of
from slackincidents.realism.spread import Habit, between
from slackincidents.realism.wording import take_apart

from .talk import numbers, said, timed

ACTS = [
    ("ok, thanks", RuleAct.ACKNOWLEDGE),
    ("is it the cache?", RuleAct.ASK),
    ("maybe dns?", RuleAct.ASK),
    ("good morning everybody", RuleAct.SOCIAL),
    ("nope, still failing", RuleAct.TROUBLE),
    ("that didn't help, i think", RuleAct.TROUBLE),
    ("i think it is the cache", RuleAct.GUESS),
    ("let me restart it", RuleAct.OFFER),
    ("redis is at 100 %", RuleAct.TELL),
]


@pytest.mark.parametrize(("line", "act"), ACTS)
def test_the_first_rule_that_fits_names_the_act(line: str, act: RuleAct) -> None:
    """One line for every act, and where two rules fit the earlier one."""
    assert act_of(take_apart(line, frozenset())) is act


def test_acts_are_shares_that_make_one() -> None:
    """Of four lines one asks, one tells, two assent."""
    found = numbers(dialogue, [said("is it up?", "ok"), said("yes", "redis is at 100 %")])
    assert (found.act_ask, found.act_acknowledge, found.act_tell, found.act_guess) == (1 / 4, 2 / 4, 1 / 4, 0)
    assert sum(score.value or 0 for score in found.scores.values()) == 1


def linked(*links: int | None) -> Conversation:
    """Lines by ann and bob in turn, each answering the line at this place."""
    talk = said(*(f"line {place}" for place in range(len(links))))
    return replace(talk, lines=tuple(replace(line, answers=to) for line, to in zip(talk.lines, links, strict=True)))


def test_reply_distance_by_hand() -> None:
    """The second answers the first (1 back), the fourth the first (3 back): mean 2, half of them adjacent."""
    found = numbers(reply, [linked(None, 0, None, 0)])
    assert found.reply_distance == 2
    assert found.reply_adjacent == 1 / 2


def test_going_on_is_no_answer() -> None:
    """A link to one's own line does not count; without links nothing is measured."""
    assert numbers(reply, [linked(None, None, 0)]).reply_distance is None
    assert numbers(reply, [linked(None, None, None)]).reply_adjacent is None


def test_an_answer_that_comes_later_is_farther() -> None:
    """The mutation: the same answer two lines later."""
    soon, late = numbers(reply, [linked(None, 0, None, None)]), numbers(reply, [linked(None, None, None, 0)])
    assert (soon.reply_distance, late.reply_distance) == (1, 3)


def habit(*values: float) -> Habit:
    """Somebody's lines."""
    made = Habit()
    for value in values:
        made.add(value)
    return made


def test_spread_by_hand() -> None:
    """Always and never: variance 1/2, no noise. Half and half on both sides: no difference, so 0."""
    assert between([habit(1, 1), habit(0, 0)]) == pytest.approx(0.5**0.5)
    assert between([habit(1, 0), habit(0, 1)]) == 0
    assert between([habit(1, 1)]) is None


def test_noise_is_taken_off() -> None:
    """Means 3/4 and 1/4: variance 1/8; noise of each (3/16)/3 = 1/16: the root of 1/16."""
    assert between([habit(1, 1, 1, 0), habit(1, 0, 0, 0)]) == pytest.approx(0.25)


def voices(ann: str, bob: str, each: int = 8) -> Conversation:
    """Ann and Bob say their own line so many times in turn."""
    return said(*(ann if place % 2 == 0 else bob for place in range(2 * each)))


def test_different_voices_spread_and_equal_ones_do_not() -> None:
    """Capital and full stop against neither; log lengths 8 and 4."""
    found = numbers(spread, [voices("It is up.", "upup")])
    assert found.spread_casing == pytest.approx(0.5**0.5)
    assert found.spread_ending == pytest.approx(0.5**0.5)
    assert found.spread_length == pytest.approx((log(9) - log(4)) / 2**0.5)
    assert numbers(spread, [voices("it is up", "it is up")]).spread_casing == 0


def test_shuffled_speakers_spread_less() -> None:
    """The mutation: the same lines, dealt to both in equal parts."""
    talk = voices("It is up.", "upup")
    half = [replace(line, speaker=("ann", "bob")[place // 8]) for place, line in enumerate(talk.lines)]
    assert numbers(spread, [replace(talk, lines=tuple(half))]).spread_casing == 0


def test_seven_lines_are_too_few() -> None:
    """Eight lines a speaker."""
    assert numbers(spread, [voices("It is up.", "upup", each=7)]).spread_casing is None


def test_tips_by_hand() -> None:
    """First replies after 10 and 30 s vary by 1/2; the rest are shares of lines and of incidents."""
    first = timed((10, "ann", "checking the logs"), (70, "bob", "maybe 40 errors, lol fyi"), machine_at=0)
    second = timed((30, "ann", "nope, not it"), (90, "bob", "same as last week"), machine_at=0)
    found = numbers(tips, [first, second])
    assert found.tip_response_times == 1 / 2
    assert (found.tip_false_starts, found.tip_past) == (1 / 2, 1 / 2)
    assert (found.tip_uncertainty, found.tip_debugging, found.tip_metrics) == (1 / 4, 1 / 4, 1 / 4)
    assert found.tip_human_touch == 1 / 4
    assert found.tip_time_taken_s == 80


def test_formal_text_loses_its_human_touches() -> None:
    """The mutation: no abbreviation, no smile, no doubt."""
    loose, stiff = said("prob the cache fyi :)"), said("It is the cache.")
    assert (numbers(tips, [loose]).tip_human_touch, numbers(tips, [stiff]).tip_human_touch) == (1, 0)
    assert (numbers(tips, [loose]).tip_uncertainty, numbers(tips, [stiff]).tip_uncertainty) == (1, 0)


def test_everybody_at_once_does_not_vary() -> None:
    """The mutation: both answer after ten seconds."""
    talk = timed((10, "ann", "hm"), (20, "bob", "hm"), machine_at=0)
    assert numbers(tips, [talk, talk]).tip_response_times == 0
