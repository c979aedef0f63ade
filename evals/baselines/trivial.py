"""Baselines that take no skill: one text for every line, texts dealt out anew, nothing but the first line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slackincidents.realism.base import Reading
from slackincidents.seeds import Seed

CONSTANT = "looking into it"


def constant(readings: Sequence[Reading], text: str = CONSTANT) -> tuple[Reading, ...]:
    """The same rooms, speakers and times, but everybody always says the same."""
    return tuple(_with_texts(reading, [text] * len(reading.talk.lines)) for reading in readings)


def shuffled(readings: Sequence[Reading], seed: Seed) -> tuple[Reading, ...]:
    """The same lines in other places: all texts of all incidents are dealt out by chance."""
    texts = [line.text for reading in readings for line in reading.talk.lines]
    seed.child("shuffled").rng().shuffle(texts)
    dealt = iter(texts)
    return tuple(_with_texts(reading, [next(dealt) for _ in reading.talk.lines]) for reading in readings)


def first_line(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Each room repeats what was said first in it: an alert that echoes."""
    return tuple(
        _with_texts(reading, [reading.talk.lines[0].text] * len(reading.talk.lines))
        for reading in readings
        if reading.talk.lines
    )


def _with_texts(reading: Reading, texts: Sequence[str]) -> Reading:
    lines = tuple(replace(line, text=text) for line, text in zip(reading.talk.lines, texts, strict=True))
    return Reading(reading.name, replace(reading.talk, lines=lines))
