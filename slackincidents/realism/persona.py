"""Whether people differ and stay themselves: who wrote this line, and does a style drift.

Attribution learns who writes how from some incidents and guesses the writers of others, by style alone: no content
words, so that owning a service gives nobody away. Drift holds a person's style in one part beside the same person's
in another part, and beside other people's there; below 1 they stay themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from slackincidents.realism.averages import mean
from slackincidents.realism.base import Evidence, Reading, Score
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.classifier import Row, Table, held_out_labels
from slackincidents.realism.conversation import Line
from slackincidents.realism.features import Seen
from slackincidents.realism.results import Persona, Tell
from slackincidents.realism.styles import DIMENSIONS, distance, spreads, style
from slackincidents.realism.tells import in_words
from slackincidents.seeds import Seed

FOLDS = 5
MOST_PEOPLE = 20
"""The busiest people are told apart, no more."""

FEWEST_LINES = 8
FEWEST_INCIDENTS = 2
"""A person needs as many lines, in as many incidents."""

MOST_INCIDENTS = 200

FEWEST_PART = 4
"""Lines of a person in a part of an incident whose style is looked at."""

Told = tuple[Reading, int]


@dataclass(frozen=True, slots=True)
class Voice:
    """The style of one person in one part: `where` is the incident's place, `part` the third."""

    person: str
    where: int
    part: int
    style: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Apart:
    """Distances of one incident: between the same person's parts, and between different people's."""

    within: float
    between: float


def attribute(readings: Sequence[Reading], seed: Seed, seen: Seen | None = None) -> Persona:
    """Scores of attribution and drift, and how the people differ."""
    drawn = _drawn(readings, seed.child("persona"))
    boot = Bootstrap(seed.child("persona"))
    scores, note = _attribution(drawn, boot, seed, seen or Seen())
    return Persona(scores=(*scores, *_drift(drawn, boot)), tells=_habits(drawn), note=note)


def _drawn(readings: Sequence[Reading], seed: Seed) -> tuple[Reading, ...]:
    if len(readings) <= MOST_INCIDENTS:
        return tuple(readings)
    return tuple(readings[place] for place in sorted(seed.rng().sample(range(len(readings)), MOST_INCIDENTS)))


def _people(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Whoever speaks often enough in incidents enough: the busiest first, names break ties."""
    lines = Counter(line.speaker for reading in readings for line in reading.talk.lines)
    seen = Counter(person for reading in readings for person in reading.talk.speakers)
    fit = [one for one in lines if lines[one] >= FEWEST_LINES and seen[one] >= FEWEST_INCIDENTS]
    return tuple(sorted(fit, key=lambda one: (-lines[one], one))[:MOST_PEOPLE])


def _attribution(readings: Sequence[Reading], boot: Bootstrap, seed: Seed, seen: Seen) -> tuple[list[Score], str]:
    people = _people(readings)
    if len(people) < 2:
        return [], "attribution needs two people who speak eight lines or more in two incidents or more"
    told = [
        (place, line.speaker, row)
        for place, one in enumerate(readings)
        for line, row in zip(one.talk.lines, seen.features(one.talk, "all"), strict=True)
        if line.speaker in people
    ]
    owners, writers = [place for place, _, _ in told], [writer for _, writer, _ in told]
    rows: list[Row] = [row for _, _, row in told]
    guesses = held_out_labels(Table.of(rows), writers, _folds(owners, seed))
    right = [float(guess == writer) for guess, writer in zip(guesses, writers, strict=True)]
    value, low, high = _share(right, owners, boot)
    majority = max(Counter(writers).values()) / len(writers)
    chance = 1 / len(people)
    evidence = tuple(
        Evidence(incident="", text=person, note=f"{rate:.0%} of their lines") for person, rate in _best(right, writers)
    )
    return [
        _score("attribution", "writer guessed from style, held-out incidents", value, low, high, len(right), evidence),
        _score("attribution_balanced", "the same, mean over people", _balanced(right, writers), count=len(people)),
        _score("attribution_chance", "chance", chance, count=len(people)),
        _score("attribution_majority", "always the busiest", majority, count=len(right)),
    ], ""


def _folds(owners: Sequence[int], seed: Seed) -> list[int]:
    """Incidents dealt out in a seeded order."""
    incidents = sorted(set(owners))
    seed.child("attribution").rng().shuffle(incidents)
    dealt = {incident: turn % FOLDS for turn, incident in enumerate(incidents)}
    return [dealt[owner] for owner in owners]


def _share(flags: Sequence[float], owners: Sequence[int], boot: Bootstrap) -> tuple[float, float | None, float | None]:
    units = sorted(set(owners))
    places = {unit: place for place, unit in enumerate(units)}
    tops, sizes = [0.0] * len(units), [0.0] * len(units)
    for flag, owner in zip(flags, owners, strict=True):
        tops[places[owner]] += flag
        sizes[places[owner]] += 1
    return (sum(tops) / sum(sizes), *boot.ratio(tops, sizes))


def _balanced(right: Sequence[float], writers: Sequence[str]) -> float:
    rates = _rates(right, writers)
    return sum(rates.values()) / len(rates)


def _best(right: Sequence[float], writers: Sequence[str]) -> list[tuple[str, float]]:
    return sorted(_rates(right, writers).items(), key=lambda one: (-one[1], one[0]))[:3]


def _rates(right: Sequence[float], writers: Sequence[str]) -> dict[str, float]:
    totals, hits = Counter(writers), Counter[str]()
    for flag, writer in zip(right, writers, strict=True):
        hits[writer] += int(flag)
    return {writer: hits[writer] / total for writer, total in totals.items()}


def _drift(readings: Sequence[Reading], boot: Bootstrap) -> list[Score]:
    """Distance to oneself over distance to others: across the thirds of an incident, and across incidents."""
    voices = [voice for place, reading in enumerate(readings) for voice in _voices(reading, place)]
    scale = spreads([voice.style for voice in voices])
    thirds = [one for place in range(len(readings)) if (one := _apart(_parts(voices, place), scale, _other_part))]
    return [
        _ratio("drift_in_incident", "first to last third: distance to oneself over distance to others", thirds, boot),
        _ratio("drift_across", "incident to incident: the same", _across(readings, scale), boot),
    ]


def _voices(reading: Reading, place: int) -> list[Voice]:
    """Everybody's style in the first and in the last third of their own lines."""
    found = []
    for person in reading.talk.speakers:
        said = [line for line in reading.talk.lines if line.speaker == person]
        third = len(said) // 3
        if third >= FEWEST_PART:
            names = reading.talk.names
            found += [
                Voice(person, place, 0, style(said[:third], names)),
                Voice(person, place, 1, style(said[-third:], names)),
            ]
    return found


def _parts(voices: Sequence[Voice], place: int) -> list[Voice]:
    return [voice for voice in voices if voice.where == place]


def _other_part(one: Voice, other: Voice) -> bool:
    return one.part != other.part


def _other_incident(one: Voice, other: Voice) -> bool:
    return one.where != other.where


def _apart(voices: Sequence[Voice], scale: Mapping[str, float], fair: Callable[[Voice, Voice], bool]) -> Apart | None:
    pairs = [(one, other) for one, other in combinations(voices, 2) if fair(one, other)]
    within = mean([distance(a.style, b.style, scale) for a, b in pairs if a.person == b.person])
    between = mean([distance(a.style, b.style, scale) for a, b in pairs if a.person != b.person])
    return None if within is None or between is None else Apart(within, between)


def _across(readings: Sequence[Reading], scale: Mapping[str, float]) -> list[Apart]:
    """For each person: their own incidents against each other, and against other people's."""
    whole = [
        Voice(person, place, 0, style(said, reading.talk.names))
        for place, reading in enumerate(readings)
        for person in reading.talk.speakers
        if len(said := _said(reading, person)) >= FEWEST_PART
    ]
    found = []
    for person in sorted({voice.person for voice in whole}):
        mine = [voice for voice in whole if voice.person == person]
        others = [voice for voice in whole if voice.person != person]
        within = mean([distance(a.style, b.style, scale) for a, b in combinations(mine, 2)])
        between = mean([distance(a.style, b.style, scale) for a in mine for b in others if _other_incident(a, b)])
        if within is not None and between is not None:
            found.append(Apart(within, between))
    return found


def _said(reading: Reading, person: str) -> list[Line]:
    return [line for line in reading.talk.lines if line.speaker == person]


def _ratio(name: str, title: str, apart: Sequence[Apart], boot: Bootstrap) -> Score:
    within, between = [one.within for one in apart], [one.between for one in apart]
    value = sum(within) / sum(between) if sum(between) else None
    low, high = boot.ratio(within, between) if value is not None else (None, None)
    return _score(name, title, value, low, high, len(apart))


def _score(
    name: str,
    title: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    count: int = 0,
    evidence: tuple[Evidence, ...] = (),
) -> Score:
    return Score(
        name=name, title=title, measure="persona", value=value, low=low, high=high, count=count, evidence=evidence
    )


def _habits(readings: Sequence[Reading]) -> tuple[Tell, ...]:
    """How far the people spread in each habit: the deviation of their means, the noise of few lines taken out."""
    said: dict[str, list[Mapping[str, float]]] = {}
    for reading in readings:
        for line in reading.talk.lines:
            said.setdefault(line.speaker, []).append(style([line], reading.talk.names))
    people = [lines for _, lines in sorted(said.items()) if len(lines) >= FEWEST_LINES]
    if len(people) < 2:
        return ()
    return tuple(Tell(name=in_words(f"mark:{name}"), weight=round(_spread(people, name), 4)) for name in DIMENSIONS)


def _spread(people: Sequence[Sequence[Mapping[str, float]]], name: str) -> float:
    values = [np.array([line[name] for line in lines]) for lines in people]
    noise = float(np.mean([one.var(ddof=1) / len(one) for one in values]))
    seen = float(np.var([one.mean() for one in values], ddof=1))
    return float(np.sqrt(max(0.0, seen - noise)))
