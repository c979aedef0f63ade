"""Who speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slackincidents.realism import turns
from slackincidents.realism.conversation import Conversation

from .talk import numbers, timed


def by(*speakers: str, every: float = 30) -> Conversation:
    """One line each, so many seconds apart."""
    return timed(*((every * place, speaker, "line") for place, speaker in enumerate(speakers)))


def test_follow_ups_are_shares_of_the_lines_after_the_first() -> None:
    """Of ann, ann, bob, bob, bob three of four steps stay with the same person, all within the minute."""
    values = numbers(turns, [by("ann", "ann", "bob", "bob", "bob")])
    assert values.same_author == 3 / 4
    assert values.burst == 3 / 4
    assert values.monologue_median == 3
    assert values.top_speaker_median == 3 / 5
    assert values.speakers_median == 2


def test_a_slow_follow_up_is_no_burst() -> None:
    """61 seconds apart the same person still follows, but in no burst; 60 is one."""
    assert numbers(turns, [by("ann", "ann", every=61)]).burst == 0
    assert numbers(turns, [by("ann", "ann", every=60)]).burst == 1
    assert numbers(turns, [by("ann", "ann", every=61)]).same_author == 1


def test_taking_turns_lowers_follow_and_monologue() -> None:
    """The same lines, dealt in turn, have no follow-up and no monologue."""
    values = numbers(turns, [by("bob", "ann", "bob", "ann", "bob")])
    assert (values.same_author, values.monologue_median, values.top_speaker_median) == (0, 1, 3 / 5)


def test_evenness_of_turns() -> None:
    """Equal shares are 1; one voice has none; three to one is 0.811."""
    assert numbers(turns, [by("ann", "bob")]).turn_entropy_median == 1
    assert numbers(turns, [by("ann", "ann")]).turn_entropy_median is None
    assert numbers(turns, [by("ann", "ann", "ann", "bob")]).turn_entropy_median == pytest.approx(0.8113, abs=1e-4)


def test_medians_are_over_conversations() -> None:
    """One, two and four speakers: two in the middle; a silent conversation does not count."""
    values = numbers(turns, [by("ann"), by("ann", "bob"), by("a", "b", "c", "d"), by()])
    assert values.speakers_median == 2
    assert values.lines_median == 2


def test_thread_share() -> None:
    """One of two lines stands in a thread; moving the other there makes it all; a log without channels has none."""
    bare = by("ann", "bob")
    first, second = (replace(line, channel="#cart") for line in bare.lines)
    talk = replace(bare, lines=(first, second))
    assert numbers(turns, [bare]).in_thread is None
    half = replace(talk, lines=(first, replace(second, thread=True)))
    whole = replace(talk, lines=(replace(first, thread=True), replace(second, thread=True)))
    assert numbers(turns, [talk]).in_thread == 0
    assert numbers(turns, [half]).in_thread == 1 / 2
    assert numbers(turns, [whole]).in_thread == 1


def test_one_line_speakers() -> None:
    """Of three who speak one says a single line; a second line takes them off."""
    assert numbers(turns, [by("ann", "bob", "ann", "bob", "cat")]).one_line_speakers == 1 / 3
    assert numbers(turns, [by("ann", "bob", "ann", "bob", "cat", "cat")]).one_line_speakers == 0
