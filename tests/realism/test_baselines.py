"""The baselines that ship: readable, marked, and as trivial as they say."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain

from evals.baselines import trivial
from slackincidents.library import read_incidents
from slackincidents.realism.base import Reading
from slackincidents.seeds import Seed
from tests.source import ROOT

from .talk import said

FOLDER = ROOT / "evals" / "baselines"
TWO = (Reading("a", said("one", "two", "three")), Reading("b", said("four", "five")))


def texts(readings: tuple[Reading, ...]) -> list[list[str]]:
    """The texts, room by room."""
    return [[line.text for line in reading.talk.lines] for reading in readings]


def test_one_shot_incidents_are_incidents_and_say_who_wrote_them() -> None:
    """Eight files of 20 to 40 human lines; prompt, date and writer in each."""
    files = sorted((FOLDER / "one-shot").glob("*.json"))
    assert len(files) == 8
    for path in files:
        (record,) = read_incidents(path)
        assert 20 <= len(Reading.of(record).talk.lines) <= 40, path
        told = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        assert told["synthetic"] is True
        assert told["written_on"] == "2026-11-22"
        assert "language model" in told["written_by"]
        assert told["prompt"].startswith("Write a realistic Slack incident conversation about")


def test_the_seed_dialect_is_readable() -> None:
    """Three finished incidents of eight human lines or more."""
    files = sorted((FOLDER / "seed-dialect").glob("*.json"))
    assert len(files) == 3
    assert all(len(Reading.of(read_incidents(path)[0]).talk.lines) >= 8 for path in files)


def test_constant_says_one_thing() -> None:
    """The same rooms and speakers, one text."""
    made = trivial.constant(TWO)
    assert texts(made) == [[trivial.CONSTANT] * 3, [trivial.CONSTANT] * 2]
    assert [line.speaker for line in made[0].talk.lines] == ["ann", "bob", "ann"]


def test_shuffling_keeps_every_text() -> None:
    """The same texts, elsewhere; the same again for the same seed."""
    made = trivial.shuffled(TWO, Seed("7"))
    assert Counter(chain(*texts(made))) == Counter(chain(*texts(TWO)))
    assert texts(made) != texts(TWO)
    assert made == trivial.shuffled(TWO, Seed("7"))


def test_the_first_line_echoes() -> None:
    """Nothing but the first line; an empty room is left out."""
    assert texts(trivial.first_line((*TWO, Reading("none", said())))) == [["one"] * 3, ["four"] * 2]
