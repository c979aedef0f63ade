"""Which of the twenty-five features of a real incident room occur (docs/features.md).

`feature_*` is the share of labelled incidents that show it by their labels, `seen_*` the share of all incidents in
which a simple rule sees it (see `detectors`): use the one to check the generator, the other to compare sets.
`features_covered` is the share of the twenty-five that some labelled incident shows; real rooms of a year show all.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from slackincidents.realism.base import Evidence, Reading, Score, collect
from slackincidents.realism.bootstrap import NONE, Bootstrap, Interval, interval
from slackincidents.realism.detectors import ANYWHERE, DETECTED, seen
from slackincidents.realism.tallies import Each, Name, Rate
from slackincidents.schema.acts import Feature
from slackincidents.schema.incident import Labels


def features_of(labels: Labels) -> frozenset[Feature]:
    """Features of the room, those of its messages included."""
    return frozenset(labels.features).union(*(line.features for line in labels.messages))


@dataclass
class Structure:
    """Counts features, labelled and seen."""

    labelled: dict[Feature, Rate] = field(default_factory=lambda: {feature: Rate() for feature in Feature})
    detected: dict[Feature, Rate] = field(default_factory=lambda: {feature: Rate() for feature in DETECTED})
    counts: Each = field(default_factory=Each)
    shown: array[int] = field(default_factory=lambda: array("L"))

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        key = reading.record.labels if reading.record else None
        found = features_of(key) if key else frozenset()
        self.counts.add(len(found) if key else None, reading)
        if key:
            self.shown.append(sum(1 << place for place, feature in enumerate(Feature) if feature in found))
        for feature, rate in self.labelled.items():
            rate.add(feature in found, key is not None)
            if feature in found:
                rate.show(reading, _first(reading, feature))
        held = dict(seen(reading))
        for feature, rate in self.detected.items():
            rate.add(held.get(feature) is not None, feature in held)
            if (place := held.get(feature)) is not None:
                rate.show(reading, None if place == ANYWHERE else place)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """Shares of incidents, and how many features there are."""
        return (
            self.counts.middle(_name("features_median", "features an incident, median"), boot),
            self._covered(boot),
            *(
                rate.score(_name(f"feature_{_slug(feature)}", f"labelled {feature}"), boot)
                for feature, rate in self.labelled.items()
            ),
            *(
                rate.score(_name(f"seen_{_slug(feature)}", f"seen {feature}"), boot)
                for feature, rate in self.detected.items()
            ),
        )

    def _covered(self, boot: Bootstrap) -> Score:
        name = _name("features_covered", "features that occur, of 25")
        if not self.shown:
            return name.score(None)
        masks = np.asarray(self.shown, np.int64)
        bits = (masks[:, None] >> np.arange(len(Feature))) & 1
        seldom = bits.sum(axis=0)
        missing = [str(feature) for place, feature in enumerate(Feature) if not seldom[place]]
        notes = (Evidence(incident="", note=f"no incident shows {feature}") for feature in missing)
        share = 1 - len(missing) / len(Feature)
        return name.score(share, _coverage(bits, boot), len(self.shown), tuple(notes))


def _coverage(bits: np.ndarray[tuple[int, int], np.dtype[np.int64]], boot: Bootstrap) -> Interval:
    if len(bits) < 2:
        return NONE
    return interval(((boot.weights(len(bits)) @ bits) > 0).mean(axis=1))


def _first(reading: Reading, feature: Feature) -> int | None:
    """The first human line whose label has the feature."""
    key = reading.record.labels if reading.record else None
    events = {label.index for label in key.messages if feature in label.features} if key else set()
    return next((place for place, line in enumerate(reading.talk.lines) if line.event in events), None)


def _slug(feature: Feature) -> str:
    return feature.value.replace("-", "_")


def _name(name: str, title: str) -> Name:
    return Name(name, title, "structure")


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Features, labelled and seen."""
    return collect(Structure(), readings, boot or Bootstrap())
