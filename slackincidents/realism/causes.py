"""How varied the causes are (labelled incidents only).

`largest_cause`: the share of incidents whose root cause is of the commonest category; at most .30 (check 12).
`cause_vendi`: Vendi score over n (Friedman and Dieng, 2023), exp of the entropy of the eigenvalues of a similarity
matrix: 1 when no two are alike, 1/n when all are one. Similarity is the cosine of tf-idf words of cause, trigger and
fix: what the answer key says of the cause, and the words of the last thing that was done. Variants of one scenario
have one cause on purpose, so `cause_vendi_by_scenario` takes one incident a scenario type; at least .6 (check 12).
Over a sample of 400.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped] # ships no types

from slackincidents.realism.base import Evidence, Reading, Score, collect
from slackincidents.realism.bootstrap import DIGITS, NONE, Bootstrap, Floats, Interval
from slackincidents.realism.how import ROOT
from slackincidents.realism.sample import Sample
from slackincidents.realism.tallies import Name, Rate
from slackincidents.schema.incident import ActionEvent, IncidentRecord
from slackincidents.seeds import Seed

GROUPS = 20
"""Groups of incidents that are left out in turn, for the interval of a Vendi score."""

NORMAL = 1.96
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Course:
    """Of one incident: its scenario, and the words of cause, trigger and fix."""

    scenario: str
    words: str


@dataclass
class Causes:
    """Counts classes, and samples descriptions."""

    seed: Seed = ROOT
    categories: list[str] = field(default_factory=list)
    sample: Sample[Course] = field(init=False)

    def __post_init__(self) -> None:
        self.sample = Sample(self.seed.child("causes"))

    def add(self, reading: Reading) -> None:
        """Count one incident that has a label."""
        record = reading.record
        if record and record.labels:
            self.categories.append(record.labels.root_cause.category)
            self.sample.add(Course(record.scenario_type, describe(record)))

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """Largest class and both Vendi scores."""
        every = [course.words for course in self.sample.items]
        single = list({course.scenario: course.words for course in reversed(self.sample.items)}.values())[::-1]
        return (
            self._largest(boot),
            _vendi("cause_vendi", "Vendi score / n of causes", every, boot),
            _vendi("cause_vendi_by_scenario", "Vendi score / n of causes, one a scenario", single, boot),
        )

    def _largest(self, boot: Bootstrap) -> Score:
        name = Name("largest_cause", "largest cause class", "causes")
        if not self.categories:
            return name.score(None)
        counts = Counter(self.categories)
        largest = min(counts, key=lambda category: (-counts[category], category))
        rate = Rate()
        for category in self.categories:
            rate.add(category == largest, 1)
        shown = (Evidence(incident="", text=largest, note=f"{counts[largest]} of {len(self.categories)} incidents"),)
        return rate.score(name, boot).model_copy(update={"evidence": shown})


def describe(record: IncidentRecord) -> str:
    """The words of cause, trigger and fix of a labelled incident."""
    cause = record.labels.root_cause if record.labels else None
    told = (cause.service, cause.component, cause.category, cause.mechanism, cause.plain) if cause else ()
    done = [event for event in record.timeline if isinstance(event, ActionEvent)]
    fix = (done[-1].action_type, done[-1].action_details) if done else ()
    return " ".join((*told, *fix)).replace("_", " ").replace("-", " ")


def vendi(texts: Sequence[str]) -> float:
    """Vendi score over n."""
    return _share(_similarity(texts))


def _similarity(texts: Sequence[str]) -> Floats:
    rows = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b").fit_transform(texts)
    return np.asarray((rows @ rows.T).todense(), float)


def _share(similarity: Floats) -> float:
    size = len(similarity)
    values = np.linalg.eigvalsh(similarity / size)
    parts = values[values > 1e-12]
    return round(float(np.exp(-(parts * np.log(parts)).sum()) / size), DIGITS)


def _vendi(name: str, title: str, texts: Sequence[str], boot: Bootstrap) -> Score:
    named = Name(name, title, "causes")
    if len(texts) < 2 or not any(text.split() for text in texts):
        return named.score(None, NONE, len(texts))
    similarity = _similarity(texts)
    value = _share(similarity)
    return named.score(value, _jackknife(similarity, value, boot), len(texts))


def _jackknife(similarity: Floats, value: float, boot: Bootstrap) -> Interval:
    """The interval from leaving out a group at a time: an incident drawn twice would be its own twin."""
    size = len(similarity)
    if size < FEWEST:
        return NONE
    order = np.array(boot.seed.child("vendi").rng().sample(range(size), size))
    groups = np.array_split(order, min(GROUPS, size))
    kept = [np.setdiff1d(order, group) for group in groups]
    found = np.array([_share(similarity[np.ix_(rest, rest)]) for rest in kept])
    error = math.sqrt((len(found) - 1) * float(found.var()))
    return round(max(value - NORMAL * error, 0.0), DIGITS), round(min(value + NORMAL * error, 1.0), DIGITS)


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """How varied the causes are."""
    return collect(Causes(), readings, boot or Bootstrap())
