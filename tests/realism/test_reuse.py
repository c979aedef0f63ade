"""Lines that come back in incident after incident."""

from __future__ import annotations

from slackincidents.realism import reuse
from slackincidents.realism.reuse import normalise

from .talk import numbers, said


def test_numbers_case_and_punctuation_are_no_difference() -> None:
    """Two tellings of one template are one line; other words are another."""
    assert (
        normalise("P99 is at 1.2s, up from 300ms!")
        == normalise("p99 is at 9s up from 1,250ms")
        == "p0 is at 0s up from 0ms"
    )
    assert normalise("<@U123> don't") == normalise("@bob don't") == "@ don't"


def test_the_highest_share_and_its_line() -> None:
    """One line of five words stands in two of three incidents, twice in one of them."""
    line = "seeing 40 errors on checkout"
    values = numbers(reuse, [said(line, line), said("Seeing 7 errors on checkout."), said("all of it is fine now")])
    assert values.line_reuse == 2 / 3
    worst = values.scores["line_reuse"].evidence
    assert [(one.text, one.note) for one in worst] == [("seeing 0 errors on checkout", "in 2 of 3 incidents")]


def test_short_lines_may_come_back() -> None:
    """Four words are below the limit."""
    assert numbers(reuse, [said("i am on it"), said("i am on it")]).line_reuse is None


def test_one_more_copy_raises_the_share() -> None:
    """Half, then all; alone it is the share of one incident and no line is listed."""
    line, other = "taking a look at redis", "nothing odd in the logs"
    alone = numbers(reuse, [said(line), said(other)])
    assert (alone.line_reuse, alone.scores["line_reuse"].evidence) == (1 / 2, ())
    assert numbers(reuse, [said(line), said(other, line)]).line_reuse == 1
