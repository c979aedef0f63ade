"""How near two texts are to each other."""

from __future__ import annotations

import pytest

from slackincidents.realism.overlap import bleu, shared

TEXT = ["the", "cache", "is", "empty", "and", "every", "request", "goes", "to", "the", "catalog"]


def test_bleu_of_a_text_against_itself_is_one() -> None:
    """And against a text that shares nothing it is zero."""
    assert bleu(TEXT, [TEXT]) == pytest.approx(1)
    assert bleu(TEXT, [["nothing", "alike"] * 6]) == 0


def test_bleu_takes_the_nearest_of_several() -> None:
    """One text that says the same is enough; half of it counts for less."""
    assert bleu(TEXT, [["nothing", "alike"], TEXT]) == pytest.approx(1)
    assert 0 < bleu(TEXT, [TEXT[:6]]) < 1


def test_shared_runs_do_not_cross_lines() -> None:
    """Runs are looked for inside lines, each once; without any there is no share."""
    assert shared([TEXT], [TEXT], 5) == 1
    assert shared([TEXT[:6], TEXT], [TEXT[:5]], 5) == pytest.approx(1 / 7)
    assert shared([TEXT[:5]], [TEXT[:3], TEXT[3:5]], 5) == 0
    assert shared([["ok"]], [TEXT], 5) is None
