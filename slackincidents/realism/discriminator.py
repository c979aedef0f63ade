"""The two-sample test: a classifier that is told to tell two sets apart, and what it goes by.

No incident stands in a training and a test fold at once. An AUC of .5 would be no difference; two real channels
are further apart than that, so read every AUC beside the baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from slackincidents.realism import references
from slackincidents.realism.base import Evidence, Reading, Score, quoted
from slackincidents.realism.classifier import Row, Table, fit, held_out_scores
from slackincidents.realism.features import POSITIONS, Seen, View, pooled_features, position
from slackincidents.realism.ranking import Item, area
from slackincidents.realism.results import Discriminator, Separation, Tell
from slackincidents.realism.tells import Sample, tells
from slackincidents.seeds import Seed

WINDOW = 5
"""Lines in a window; windows do not overlap."""

FOLDS = 5

MOST_INCIDENTS = 160
"""Incidents of a side that are looked at; a seeded choice where there are more."""

WORST = 8
"""Lines shown that give us away most."""

FEWEST_PLAIN = 40
"""A side with as many lines, no capital and no closing mark anywhere, has been flattened."""

CHANNELS = (("rust", "stripe"), ("mediawiki",))
"""The real channels that are held against each other as the yardstick."""

OURS, THEIRS = "1 ours", "0 theirs"

UNITS: tuple[tuple[str, View], ...] = (
    ("message", "style"),
    ("window", "style"),
    ("incident", "style"),
    ("message", "all"),
    ("window", "flow"),
    ("incident", "flow"),
    ("message", "topic"),
)
"""What is classified by which features; the first is the headline."""


@dataclass(frozen=True, slots=True)
class Side:
    """The readings of one set that are looked at, and whether they are ours."""

    ours: bool
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sets and how they may be compared. `timed`: both know seconds; `flat`: one has lost its casing."""

    ours: Side
    theirs: Side
    timed: bool
    flat: bool
    folds: int
    seed: Seed
    seen: Seen = field(default_factory=Seen)


def discriminate(
    ours: Sequence[Reading], theirs: Sequence[Reading], seed: Seed, seen: Seen | None = None
) -> Discriminator:
    """Tell two sets apart in every way of `UNITS` and by position; with real against real beside it."""
    seen = seen or Seen()
    pair = _pair(ours, theirs, seed, seen)
    if pair.folds < 2:
        return Discriminator(note="the discriminator needs two incidents or more on each side")
    kinds = [kind for kind in UNITS if kind[1] != "all" or not pair.flat]
    separations = [one for unit, view in kinds for one in separate(pair, unit, view)]
    return Discriminator(
        separations=tuple(separations),
        baselines=(*_halves(theirs, seed, seen), *_channels(seed)),
        note="One side has no capitals: both were compared without casing and closing marks." if pair.flat else "",
    )


def separate(pair: Pair, unit: str, view: View, facets: bool = True) -> list[Separation]:
    """How well one unit is told apart by one view; for messages by style also by third of the incident."""
    samples = _samples(pair, unit, view)
    labels = [OURS if sample.ours else THEIRS for sample in samples]
    table = Table.of([sample.row for sample in samples])
    scores = held_out_scores(table, labels, _folds(samples, pair))
    items = [Item(s.ours, s.incident, score) for s, score in zip(samples, scores, strict=True)]
    name = unit if view == "style" else f"{unit}:{view}"
    model = fit(table, labels, table.rows) if facets else None
    shown = tells(samples, scores, model.weights()) if model else ()
    found = [_separation(name, items, pair.seed, _worst(samples, scores) if facets else (), shown)]
    if facets and unit == "message" and view == "style":
        for third in POSITIONS:
            some = [item for item, sample in zip(items, samples, strict=True) if sample.third == third]
            found.append(_separation(f"position:{third}", some, pair.seed))
    return found


def _separation(
    unit: str, items: Sequence[Item], seed: Seed, worst: tuple[Evidence, ...] = (), shown: tuple[Tell, ...] = ()
) -> Separation:
    found = area(items, seed.child("interval"))
    score = Score(
        name=f"auc:{unit}",
        title=f"told apart by {unit}",
        measure="discriminator",
        value=found.value,
        low=found.low,
        high=found.high,
        count=len(items),
        evidence=worst,
    )
    return Separation(unit=unit, auc=score, tells=shown)


def _pair(ours: Sequence[Reading], theirs: Sequence[Reading], seed: Seed, seen: Seen | None = None) -> Pair:
    sides = [_drawn(ours, seed.child("ours")), _drawn(theirs, seed.child("theirs"))]
    return Pair(
        ours=Side(True, sides[0]),
        theirs=Side(False, sides[1]),
        timed=all(map(_knows_seconds, sides)),
        flat=any(map(_is_flat, sides)),
        folds=min(FOLDS, *map(len, sides)),
        seed=seed,
        seen=seen or Seen(),
    )


def _drawn(readings: Sequence[Reading], seed: Seed) -> tuple[Reading, ...]:
    spoken = [reading for reading in readings if reading.talk.lines]
    if len(spoken) <= MOST_INCIDENTS:
        return tuple(spoken)
    return tuple(spoken[place] for place in sorted(seed.rng().sample(range(len(spoken)), MOST_INCIDENTS)))


def _knows_seconds(readings: Sequence[Reading]) -> bool:
    return all(reading.talk.timed for reading in readings)


def _is_flat(readings: Sequence[Reading]) -> bool:
    texts = [line.text for reading in readings for line in reading.talk.lines]
    return len(texts) >= FEWEST_PLAIN and all(text == text.lower() and text[-1:] not in ".!" for text in texts)


def _samples(pair: Pair, unit: str, view: View) -> list[Sample]:
    return [
        sample
        for side in (pair.ours, pair.theirs)
        for place, reading in enumerate(side.readings)
        for sample in _of(reading, place, side.ours, unit, view, pair)
    ]


def _of(reading: Reading, place: int, ours: bool, unit: str, view: View, pair: Pair) -> list[Sample]:
    each = pair.seen.features(reading.talk, view, pair.flat)
    count = len(each)
    size = {"message": 1, "window": WINDOW, "incident": count}[unit]
    starts = range(0, max(1, count - size + 1), size)
    return [
        Sample(
            ours=ours,
            incident=place,
            third=position(start, count),
            row=_row(reading, each[start : start + size], start, unit, view, pair.timed),
            evidence=quoted(reading, start) if unit == "message" else Evidence(incident=reading.name),
        )
        for start in starts
        if unit != "message" or each[start]
    ]


def _row(reading: Reading, each: Sequence[Row], start: int, unit: str, view: View, timed: bool) -> Row:
    lines = reading.talk.lines[start : start + len(each)]
    return each[0] if unit == "message" else pooled_features(lines, each, view, timed)


def _folds(samples: Sequence[Sample], pair: Pair) -> list[int]:
    """The fold of each sample: incidents of either side are dealt out in a seeded order."""
    dealt: dict[tuple[bool, int], int] = {}
    for side in (pair.ours, pair.theirs):
        order = list(range(len(side.readings)))
        pair.seed.child("folds").child(side.ours).rng().shuffle(order)
        dealt |= {(side.ours, incident): turn % pair.folds for turn, incident in enumerate(order)}
    return [dealt[sample.ours, sample.incident] for sample in samples]


def _worst(samples: Sequence[Sample], scores: Sequence[float]) -> tuple[Evidence, ...]:
    """The lines of ours that are furthest from the reference, each text once."""
    ranked = sorted(
        ((score, place) for place, score in enumerate(scores) if samples[place].ours and samples[place].evidence.text),
        key=lambda one: (-round(one[0], 9), one[1]),
    )
    texts: dict[str, Evidence] = {}
    for _, place in ranked:
        texts.setdefault(samples[place].evidence.text, samples[place].evidence)
        if len(texts) == WORST:
            break
    return tuple(texts.values())


def _halves(theirs: Sequence[Reading], seed: Seed, seen: Seen) -> list[Separation]:
    """The reference split in two by chance."""
    order = list(theirs)
    seed.child("halves").rng().shuffle(order)
    return _baseline("reference split in two", order[::2], order[1::2], seed, seen)


@cache
def _channels(seed: Seed) -> tuple[Separation, ...]:
    """Real channels against another real one."""
    sides = [[Reading(talk.name, talk) for talk in references.conversations(names)] for names in CHANNELS]
    return tuple(_baseline("real against real", sides[0], sides[1], seed, Seen()))


def _baseline(name: str, left: Sequence[Reading], right: Sequence[Reading], seed: Seed, seen: Seen) -> list[Separation]:
    pair = _pair(left, right, seed.child(name), seen)
    if pair.folds < 2:
        return []
    found = [separate(pair, unit, "style", facets=False)[0] for unit in ("message", "window", "incident")]
    return [
        one.model_copy(
            update={
                "unit": f"{name}:{one.unit}",
                "auc": one.auc.model_copy(update={"name": f"auc:{name}:{one.unit}", "title": f"{name}, by {one.unit}"}),
            }
        )
        for one in found
    ]
