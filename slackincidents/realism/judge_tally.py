"""What verdicts add up to: shares with intervals over pairs, flips, confidence, and the reasons by kind."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import Field

from slackincidents.realism.averages import mean
from slackincidents.realism.judge_asking import Kinds
from slackincidents.realism.judge_verdicts import Verdict
from slackincidents.schema.base import Frozen

NORMAL_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

EXAMPLES = 5
"""Quotes that a kind of reason shows."""


class Rate(Frozen):
    """A share with its 95 % Wilson interval. All answers about one pair count as one: they hang together.

    `value` is the mean over `pairs` of each pair's own share; None where nothing was answered.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    answers: int = 0


class Outcome(Frozen):
    """What the judge said about one kind of pairs. `fooled` in control pairs is chance, for the other is real too."""

    pairs: int
    answers: int
    fooled: Rate = Field(description="the made-up excerpt taken for real")
    flips: Rate = Field(description="another answer in the other order; answers are couples")
    first: Rate = Field(description="excerpt A said to be the real one: 0.5 without a bias of place")
    confidence: float | None = None
    confidence_right: float | None = None
    confidence_fooled: float | None = None


class Quote(Frozen):
    """One reason in the judge's words, and the conversation that it quotes."""

    source: str
    quote: str
    why: str


class Kinded(Frozen):
    """How often one kind of reason was given, against made-up excerpts and, wrongly, against real ones."""

    tell: str
    meaning: str
    against_made: int
    against_real: int
    pairs: int = Field(description="test pairs in which it was given against the made-up excerpt")
    examples: tuple[Quote, ...] = ()


def wilson(value: float, pairs: int) -> tuple[float, float]:
    """The 95 % interval of a share of so many independent pairs; it is of use at 0 and 1 too."""
    square = NORMAL_95**2
    middle = (value + square / (2 * pairs)) / (1 + square / pairs)
    half = NORMAL_95 * math.sqrt(value * (1 - value) / pairs + square / (4 * pairs**2)) / (1 + square / pairs)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(flags: Iterable[tuple[str, bool]]) -> Rate:
    """The share of flags that are set, from (pair, flag)."""
    by_pair: dict[str, list[float]] = defaultdict(list)
    for pair, flag in flags:
        by_pair[pair].append(float(flag))
    value = mean([sum(said) / len(said) for said in by_pair.values()])
    if value is None:
        return Rate()
    low, high = wilson(value, len(by_pair))
    return Rate(value=value, low=low, high=high, pairs=len(by_pair), answers=sum(map(len, by_pair.values())))


def outcome(found: Sequence[Verdict]) -> Outcome:
    """The figures of one kind of pairs."""
    return Outcome(
        pairs=len({one.pair for one in found}),
        answers=len(found),
        fooled=rate((one.pair, one.fooled) for one in found),
        flips=rate(_flips(found)),
        first=rate((one.pair, one.first) for one in found),
        confidence=_sure(found),
        confidence_right=_sure([one for one in found if not one.fooled]),
        confidence_fooled=_sure([one for one in found if one.fooled]),
    )


def _flips(found: Sequence[Verdict]) -> list[tuple[str, bool]]:
    """For each pair and sample that was answered in both orders, whether the answers differ."""
    couples: dict[tuple[str, int], dict[bool, bool]] = defaultdict(dict)
    for one in found:
        couples[one.pair, one.sample][one.swapped] = one.fooled
    return [(pair, said[False] != said[True]) for (pair, _), said in couples.items() if len(said) == 2]


def _sure(found: Sequence[Verdict]) -> float | None:
    return mean([one.confidence for one in found if one.confidence is not None])


def tells(found: Sequence[Verdict], known: Kinds, sources: dict[str, str]) -> tuple[Kinded, ...]:
    """The reasons by kind, those given for the most pairs first. `sources`: pair -> its made-up conversation."""
    rows = [_kinded(name, meaning, found, sources) for name, meaning in known.meanings.items()]
    given = [row for row in rows if row.against_made or row.against_real]
    return tuple(sorted(given, key=lambda row: (-row.pairs, -row.against_made, row.tell)))


def _kinded(name: str, meaning: str, found: Sequence[Verdict], sources: dict[str, str]) -> Kinded:
    named = [(one, given) for one in found for given in one.reasons if given.tell == name]
    against = [(one, given) for one, given in named if _right(one)]
    quotes = [Quote(source=sources[one.pair], quote=given.quote, why=given.why) for one, given in against]
    return Kinded(
        tell=name,
        meaning=meaning,
        against_made=len(against),
        against_real=len(named) - len(against),
        pairs=len({one.pair for one, _ in against}),
        examples=_varied(quotes),
    )


def _right(verdict: Verdict) -> bool:
    """Whether its reasons speak against a made-up excerpt."""
    return verdict.kind == "test" and not verdict.fooled


def _varied(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Some of them, each from another conversation as far as there are enough."""
    firsts = {quote.source: quote for quote in reversed(quotes) if quote.quote or quote.why}
    chosen = [quote for quote in quotes if firsts.get(quote.source) is quote]
    seen = {quote.quote for quote in chosen}
    more = [quote for quote in quotes if quote.quote and quote.quote not in seen]
    return tuple([*chosen, *{quote.quote: quote for quote in more}.values()][:EXAMPLES])
