"""What a classifier may look at: style without platform, flow without text, topic apart."""

from __future__ import annotations

import math

import pytest

from slackincidents.realism.conversation import Line
from slackincidents.realism.features import POSITIONS, View, flow_features, line_features, pooled_features, position
from slackincidents.realism.masking import masked

NAMES = frozenset({"bob", "ann"})


def of(text: str, view: View = "style", flat: bool = False) -> dict[str, float]:
    """The features of one line."""
    return dict(line_features(Line(0, "ann", text), NAMES, view, flat))


SAME_STYLE = [
    ("restarting it now", "Restarting it now"),
    ("restarting it now", "restarting it now :fire:"),
    ("restarting it now", "bob: restarting it now"),
    ("restarting it now", "<@U123ABC> restarting it now"),
    ("see", "see: https://grafana.example.com/d/1"),
    ("is it up?", "is it up? @cart-oncall"),
    ("see there", "see https://grafana.example.com/d/1 there"),
    ("see there", "see `kubectl get pods` there"),
    ("restarting it now", "• restarting it now"),
    ("restarting it now", "*restarting* it now"),
]


@pytest.mark.parametrize(("plain", "dressed"), SAME_STYLE)
def test_style_does_not_see_what_a_platform_adds(plain: str, dressed: str) -> None:
    """Casing, emoji, addressee, link, code, bullet and markup leave the style features as they were."""
    assert of(dressed) == of(plain)


SEEN_BY_ALL = [
    ("Restarting it now", "mark:capital start"),
    ("restarting it now", "mark:all lower"),
    ("i see :fire:", "mark:emoji"),
    ("i see", "mark:lower i"),
    ("bob: yes", "mark:addressed"),
    ("see https://x.io", "mark:link"),
    ("see `top`", "mark:code"),
    ("• one", "mark:bullet or arrow"),
    ("one\ntwo", "mark:several lines"),
    ("it is DOWN", "mark:shouted word"),
]


@pytest.mark.parametrize(("text", "mark"), SEEN_BY_ALL)
def test_the_full_view_sees_what_a_platform_adds(text: str, mark: str) -> None:
    """The same marks are features of the view ``all`` and of no other."""
    assert mark in of(text, "all")
    assert mark not in of(text)


SEEN_BY_STYLE = [
    ("is it up?", "mark:question"),
    ("maybe redis", "mark:hedge"),
    ("looks like redis", "mark:looks like"),
    ("it is.", "mark:full stop at the end"),
    ("it is", "mark:no mark at the end"),
    ("oh no!", "mark:exclamation"),
    ("well..", "mark:ellipsis"),
    ("it is. looking", "mark:two sentences"),
    ("no, wait", "mark:comma"),
    ("no, wait, yes", "mark:two commas"),
    ("this: redis", "mark:colon"),
    ("redis (again)", "mark:brackets"),
    ('the "fix"', "mark:quotes"),
    ("no - redis", "mark:dash"),
    ("cart/redis", "mark:slash"),
    ("pod 3", "mark:digit"),
    ("from 3 to 30", "mark:two figures"),
    ("it's up", "mark:apostrophe"),
    ("dont know", "mark:apostrophe dropped"),
    ("i see", "mark:first person"),
    ("are you there", "mark:second person"),
    ("we see", "mark:we"),
    ("ok, got it", "mark:assent only"),
]


@pytest.mark.parametrize(("text", "mark"), SEEN_BY_STYLE)
def test_a_style_mark_is_seen_and_not_imagined(text: str, mark: str) -> None:
    """The line has the mark; a line of two plain content words has it not, but for its missing end."""
    assert mark in of(text)
    assert mark == "mark:no mark at the end" or mark not in of("checking redis")


@pytest.mark.parametrize("text", ["https://x.io/1", ":fire:", "`top`", "bob: https://x.io"])
def test_what_is_all_platform_has_no_style(text: str) -> None:
    """A bare link, emoji or piece of code is not a short line: it has no feature, and counts in no share."""
    assert of(text) == {}
    assert pooled_features((FLOW[0], FLOW[0]), [of("is it up?"), of(text)], "style", timed=True)["mark:question"] == 1


def test_content_words_are_masked() -> None:
    """Function words and marks stay; other words become their ending, figures a nought, names a wave."""
    assert masked("i'm restarting the pods, redis-0 failed badly?") == [
        *("i'm", "~ing", "the", "~s", ",", "0", "~ed", "~ly", "?")
    ]
    assert masked("see cart_service") == ["see", "~"]


def test_topic_does_not_reach_the_style() -> None:
    """Another service and another verb of the same ending give the same features."""
    assert of("restarting the cart") == of("draining the ledger")
    assert of("restarting the cart", "topic") != of("draining the ledger", "topic")


def test_topic_holds_content_words_only() -> None:
    """Of four words two are about something."""
    assert set(of("is the redis cart 3", "topic")) == {"topic:redis", "topic:cart"}


def test_flattened_texts_lose_closing_marks() -> None:
    """A closing full stop is no difference once both sides are flat; a question mark stays."""
    assert of("It is down.", flat=True) == of("it is down", flat=True)
    assert of("it is down?", flat=True) != of("it is down", flat=True)


@pytest.mark.parametrize(
    ("words", "bin"),
    [
        (1, "1 word"),
        (3, "2-3 words"),
        (4, "4-7 words"),
        (14, "8-14 words"),
        (24, "15-24 words"),
        (25, "25 words or more"),
    ],
)
def test_length_falls_into_one_bin(words: int, bin: str) -> None:
    """Every length has exactly one bin, its borders included."""
    assert [name for name in of("a " * words) if name.startswith("length:")] == [f"length:{bin}"]


def test_thirds() -> None:
    """Of seven lines three stand first, two in the middle, two last."""
    assert [POSITIONS.index(position(place, 7)) for place in range(7)] == [0, 0, 0, 1, 1, 2, 2]
    assert position(0, 1) == POSITIONS[0]


FLOW = (
    Line(0, "ann", "is it up?"),
    Line(10, "bob", "no"),
    Line(30, "bob", "looking at it now"),
    Line(430, "ann", "ok"),
)


def test_flow_by_hand() -> None:
    """One of three steps keeps the speaker, gaps are 10, 20 and 400 s, the one question is answered."""
    found = flow_features(FLOW)
    assert found["flow:same speaker goes on"] == pytest.approx(1 / 3)
    assert found["flow:longest run"] == pytest.approx(math.log(2))
    assert found["flow:speakers"] == pytest.approx(math.log(3))
    assert found["flow:busiest speaker"] == pytest.approx(2 / 4)
    assert found["flow:question answered by another"] == 1
    assert found["flow:median gap"] == pytest.approx(math.log(21))
    assert found["flow:gaps of 10 s or less"] == pytest.approx(1 / 3)
    assert found["flow:gaps over 5 min"] == pytest.approx(1 / 3)
    assert found["flow:median length"] == pytest.approx(math.log(1 + 2))


def test_flow_without_seconds_has_no_gaps() -> None:
    """Where times are minutes, only turns are compared."""
    assert not [name for name in flow_features(FLOW, timed=False) if "gap" in name]


def test_pooled_features_are_shares_of_lines() -> None:
    """One of two lines asks."""
    lines = (FLOW[0], FLOW[3])
    pooled = pooled_features(lines, [of(line.text) for line in lines], "style", timed=True)
    assert pooled["mark:question"] == 1 / 2
    assert pooled["mark:no mark at the end"] == 1 / 2


def test_flow_holds_no_text() -> None:
    """One line has no flow, and pooled flow no word."""
    assert of("is it up?", "flow") == {}
    assert all(name.startswith("flow:") for name in pooled_features(FLOW, [{}] * 4, "flow", timed=True))
