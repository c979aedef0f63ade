"""A person's style in a few numbers, and how far two styles are apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set

from slackincidents.realism import lexicon
from slackincidents.realism.conversation import Line
from slackincidents.realism.surface import first_letter
from slackincidents.realism.wording import Wording, has_emoji, has_emoticon, take_apart

DIMENSIONS: Mapping[str, Callable[[Wording], float]] = {
    "lower start": lambda said: float(first_letter(said).islower()),
    "full stop at the end": lambda said: float(bool(lexicon.FULL_STOP.search(said.tail))),
    "no mark at the end": lambda said: float(not lexicon.END_MARK.search(said.tail)),
    "log length": lambda said: math.log1p(len(said.tokens)),
    "hedge": lambda said: float(bool(lexicon.HEDGE_STRICT.search(said.prose))),
    "emoji": lambda said: float(has_emoji(said.prose) or has_emoticon(said.prose)),
}
"""What is watched in a line."""


def style(lines: Sequence[Line], names: Set[str]) -> dict[str, float]:
    """The mean of each dimension over these lines, of which there is one at least."""
    said = [take_apart(line.text, names) for line in lines]
    return {name: sum(map(of, said)) / len(said) for name, of in DIMENSIONS.items()}


def spreads(styles: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The deviation of each dimension over many styles: the unit in which distances are taken. At least 0.01."""
    found = {}
    for name in DIMENSIONS:
        values = [one[name] for one in styles]
        centre = sum(values) / len(values) if values else 0.0
        variance = sum((value - centre) ** 2 for value in values) / len(values) if values else 0.0
        found[name] = max(0.01, math.sqrt(variance))
    return found


def distance(one: Mapping[str, float], other: Mapping[str, float], scale: Mapping[str, float]) -> float:
    """Root mean square over the dimensions, each in units of its spread."""
    parts = [((one[name] - other[name]) / scale[name]) ** 2 for name in DIMENSIONS]
    return math.sqrt(sum(parts) / len(parts))
