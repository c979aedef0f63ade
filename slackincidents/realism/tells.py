"""What a classifier goes by, in words, with lines that show it: the to-do list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slackincidents.realism.base import Evidence
from slackincidents.realism.classifier import Row
from slackincidents.realism.results import Tell

SHOWN = 15
"""Tells shown in each direction."""

EXAMPLES = 3
"""Lines that show one."""

ALIKE = 0.7
"""Features whose lines overlap by as much are one tell."""

READABLE = 120
"""Characters of an example; longer lines only where there is no other."""

FEWEST = 8
"""A tell needs as many samples."""

_NAMES = {"~": "(word)", "~ing": "(..ing)", "~ed": "(..ed)", "~ly": "(..ly)", "~s": "(..s)", "0": "(figure)"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to be classified: where it comes from, where it stands, and its features."""

    ours: bool
    incident: int
    third: str
    row: Row
    evidence: Evidence


def tells(samples: Sequence[Sample], scores: Sequence[float], weights: Mapping[str, float]) -> tuple[Tell, ...]:
    """The strongest features in both directions; `weight` above zero speaks for ours. Seen and learned must agree."""
    means = _means(samples)
    ranked = sorted(weights, key=lambda name: (-round(abs(weights[name]), 9), name))
    having: dict[str, list[int]] = {name: [] for name in ranked}
    for place, sample in enumerate(samples):
        for name in sample.row:
            if name in having:
                having[name].append(place)
    fair = [n for n in ranked if weights[n] * (means[n][0] - means[n][1]) > 0 and len(having[n]) >= FEWEST]
    chosen: list[str] = []
    for ours in (True, False):
        kept: list[str] = []
        for name in (name for name in fair if (weights[name] > 0) is ours):
            if all(_overlap(having[name], having[other]) < ALIKE for other in kept):
                kept.append(name)
            if len(kept) == SHOWN:
                break
        chosen += kept
    return tuple(_tell(name, weights[name], means[name], samples, scores, having[name]) for name in chosen)


def in_words(name: str) -> str:
    """A feature's name for a reader: ``pair:^ so`` is `starts with "so"`."""
    kind, _, what = name.partition(":")
    tokens = [_NAMES.get(token, token) for token in what.split()]
    if kind in ("mark", "flow"):
        return what
    if kind == "pair" and tokens[0] == "^":
        return f'starts with "{tokens[-1]}"'
    if kind == "pair" and tokens[-1] == "$":
        return f'ends with "{tokens[0]}"'
    said = " ".join(tokens)
    return {"length": f"length: {what}", "opening": f'starts with "{said}"', "closing": f'ends with "{said}"'}.get(
        kind, f'"{said}"'
    )


def _tell(
    name: str,
    weight: float,
    means: tuple[float, float],
    samples: Sequence[Sample],
    scores: Sequence[float],
    having: Sequence[int],
) -> Tell:
    return Tell(
        name=in_words(name),
        weight=round(weight, 4),
        here=round(means[0], 4),
        there=round(means[1], 4),
        examples=(*_examples(samples, scores, having, True), *_examples(samples, scores, having, False)),
    )


def _examples(samples: Sequence[Sample], scores: Sequence[float], having: Sequence[int], ours: bool) -> list[Evidence]:
    """Lines of one side that have the feature, those most typical of their side first, each text once."""
    sign = -1 if ours else 1
    places = sorted(
        (place for place in having if samples[place].ours is ours and samples[place].evidence.text),
        key=lambda place: (len(samples[place].evidence.text) > READABLE, round(sign * scores[place], 9), place),
    )
    found: dict[str, Evidence] = {}
    for place in places:
        found.setdefault(samples[place].evidence.text, samples[place].evidence)
    note = "ours" if ours else "reference"
    return [one.model_copy(update={"note": note}) for one in list(found.values())[:EXAMPLES]]


def _means(samples: Sequence[Sample]) -> dict[str, tuple[float, float]]:
    totals: dict[str, list[float]] = {}
    sizes = [sum(not sample.ours for sample in samples), sum(sample.ours for sample in samples)]
    for sample in samples:
        for name, value in sample.row.items():
            totals.setdefault(name, [0.0, 0.0])[sample.ours] += value
    return {name: (both[1] / max(1, sizes[1]), both[0] / max(1, sizes[0])) for name, both in totals.items()}


def _overlap(left: Sequence[int], right: Sequence[int]) -> float:
    one, other = set(left), set(right)
    return len(one & other) / max(1, len(one | other))
