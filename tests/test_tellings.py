"""The language of tellings: ``(a|b)`` is a choice, ``{name}`` a slot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.seeds import Seed
from slackincidents.tellings import choose, count, expand, fill, slots

WORDS = st.text("abcdefg ", min_size=1, max_size=8)


def choices(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Choices between two to four parts."""
    return st.lists(parts, min_size=2, max_size=4).map(lambda options: f"({'|'.join(options)})")


def runs(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Up to three parts in a row, or a choice between them."""
    return choices(parts) | st.lists(parts, min_size=1, max_size=3).map(" ".join)


TELLINGS = st.recursive(WORDS, runs, max_leaves=8)


@pytest.mark.parametrize(
    ("telling", "texts"),
    [
        ("redis is down", ["redis is down"]),
        ("redis is (down|gone)", ["redis is down", "redis is gone"]),
        ("(so |)redis is down", ["so redis is down", "redis is down"]),
        ("(a|(b|c) d)", ["a", "b d", "c d"]),
        ("(it (is|looks) |)down", ["it is down", "it looks down", "down"]),
        ("no bar (here) at all", ["no bar (here) at all"]),
        ("no bar (here|there (now))", ["no bar here", "no bar there (now)"]),
        ("{pod} (restarted|died)", ["{pod} restarted", "{pod} died"]),
        ("(hm|ok) , {pod} ?", ["hm, {pod}?", "ok, {pod}?"]),
    ],
)
def test_every_text_of_a_telling(telling: str, texts: list[str]) -> None:
    """Choices expand to all their options, in any nesting; a parenthesis without a bar is text."""
    assert set(expand(telling)) == set(texts)


@given(TELLINGS, st.integers(0, 1000))
def test_a_choice_is_one_of_the_expansions(telling: str, number: int) -> None:
    """What `choose` settles on is one of the texts `expand` lists."""
    assert choose(telling, Seed(str(number)).rng()) in set(expand(telling))


@given(TELLINGS, st.integers(0, 1000))
def test_choosing_is_repeatable(telling: str, number: int) -> None:
    """The same generator settles the same way."""
    seed = Seed(str(number))
    assert choose(telling, seed.rng()) == choose(telling, seed.rng())


@given(TELLINGS)
def test_nothing_is_left_to_choose(telling: str) -> None:
    """No expansion holds a bar, a doubled space or a space at its ends."""
    for text in expand(telling, limit=200):
        assert "|" not in text
        assert "  " not in text
        assert text == text.strip()


@given(TELLINGS)
def test_count_counts_the_expansions(telling: str) -> None:
    """`count` says how many texts `expand` yields, equal ones included."""
    assert count(telling) == len(list(expand(telling)))


def test_expanding_stops_at_its_limit() -> None:
    """A telling with a million texts costs no more than those asked for."""
    assert len(list(expand("(a|b)" * 20, limit=50))) == 50


def test_every_option_is_drawn() -> None:
    """No option of a choice is dead."""
    drawn = {choose("(a|b|c|)x", Seed(str(number)).rng()) for number in range(60)}
    assert drawn == {"ax", "bx", "cx", "x"}


def test_slots_are_named() -> None:
    """Slots may have a part, digits and hyphens; other braces are text."""
    telling = "{pod} and {hit-rate.peak}, {p95.low} but not {Pod}, {} or { x }"
    assert slots(telling) == {"pod", "hit-rate.peak", "p95.low"}


def test_filling_replaces_every_slot() -> None:
    """The same slot may stand twice; a value with braces is not filled again."""
    values = {"pod": "{p95.peak}", "p95.peak": "512ms"}
    assert fill("{pod}: {pod} at {p95.peak}", values) == "{p95.peak}: {p95.peak} at 512ms"


def test_a_missing_slot_is_named() -> None:
    """A slot without a value is an error that says which."""
    with pytest.raises(KeyError, match=r"p95\.peak"):
        fill("at {p95.peak}", {"pod": "redis-0"})


@given(TELLINGS, st.text("()|{}ab", max_size=12))
def test_no_text_hangs_or_breaks_it(telling: str, rubbish: str) -> None:
    """Unbalanced brackets and bars still give a text."""
    assert isinstance(choose(f"{telling}{rubbish}", Seed("7").rng()), str)
