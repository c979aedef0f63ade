"""How texts are cut into words, and which words need a fact behind them."""

from __future__ import annotations

import pytest

from slackincidents.validator.words import guarded, is_number, telling_words, without_code, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p95 is 2,850ms now", ("p95", "2850ms")),
        ("since 14:07", ("14:07",)),
        ("paymentFailure and cart_items", ("paymentfailure", "cart_items")),
        ("OOMKilled again", ("oomkilled",)),
        ("pod payment-5d8f9c7b64-wq7xn is gone", ("payment-5d8f9c7b64-wq7xn",)),
        ("try `kubectl top`", ("kubectl", "top")),
        ("50%... or ~3.1s?", ("50%", "3.1s")),
        ("all good :white_check_mark: _really_", ()),
        ("rolling back, follow-up tomorrow", ()),
    ],
)
def test_figures_identifiers_and_code_are_guarded(text: str, expected: tuple[str, ...]) -> None:
    """Plain words pass; figures, identifiers and code need a fact."""
    assert guarded(text) == expected


def test_a_known_figure_may_be_said_without_its_unit() -> None:
    """Who knows 2,850ms may say 2850; who knows 50 may not say 50%."""
    assert "2850" in words("2,850ms")
    assert "50%" not in words("50 or so")


def test_a_telling_offers_the_words_of_all_its_choices() -> None:
    """A choice glued to a word is worked out; a loose one is just both sides."""
    assert {"p95", "p99"} <= telling_words("p(95|99) is up")
    assert {"pod", "pods", "web-1"} <= telling_words("(pod|pods) web-(1|2)")


@pytest.mark.parametrize("word", ["50", "50%", "2.5s", "14:07", "3-4", "1400msish"])
def test_figures_are_numbers(word: str) -> None:
    """Digits with at most one separator and a short unit."""
    assert is_number(word)


@pytest.mark.parametrize("word", ["10.2.41.7", "redis-0", "9f21c07ab3", "v2.1.0", "5d8f9c7b64"])
def test_names_with_digits_are_names(word: str) -> None:
    """Addresses, versions, pods and hashes."""
    assert not is_number(word)


def test_code_is_blanked_out() -> None:
    """Neither inline nor fenced code is prose."""
    assert without_code("a `b` c\n```\nd\n```\ne").split() == ["a", "c", "e"]


def test_memory_stays_flat() -> None:
    """What is remembered about texts has a bound far below what ten thousand incidents hold."""
    bounds = [remembering.cache_info().maxsize for remembering in (words, telling_words, guarded)]
    assert [bound for bound in bounds if bound is None or bound > 10_000] == []
