"""Who wrote this line, and do people stay themselves: distinct voices, shuffled speakers, a style that turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from slackincidents.realism.base import Reading, Score
from slackincidents.realism.conversation import Line
from slackincidents.realism.persona import attribute
from slackincidents.realism.results import Persona
from slackincidents.realism.styles import DIMENSIONS, distance, spreads, style
from slackincidents.seeds import Seed

from .talk import timed

TEXTS = ("is it redis", "i see nothing", "maybe the cart", "it looks like dns", "ok then we wait", "that was not it")

VOICES: dict[str, Callable[[str], str]] = {
    "ann": lambda text: text,
    "bob": lambda text: text.capitalize() + ".",
    "cat": lambda text: f"{text}, and then we have to look at it once more, don't you think?",
}
"""How each of three people dresses the same texts."""


def room(name: str, voices: dict[str, Callable[[str], str]] = VOICES, lines: int = 36) -> Reading:
    """Three people in turn, chance texts, each in their voice."""
    rng = Seed("persona").child(name).rng()
    people = sorted(voices)
    said = [(30.0 * k, who := people[k % len(people)], voices[who](rng.choice(TEXTS))) for k in range(lines)]
    return Reading(name, timed(*said))


def rooms(voices: dict[str, Callable[[str], str]] = VOICES) -> list[Reading]:
    """Six rooms of the same people."""
    return [room(f"room-{place}", voices) for place in range(6)]


def shuffled(reading: Reading) -> Reading:
    """The same lines, their speakers dealt out anew."""
    speakers = [line.speaker for line in reading.talk.lines]
    Seed("shuffle").child(reading.name).rng().shuffle(speakers)
    lines = tuple(replace(one, speaker=who) for one, who in zip(reading.talk.lines, speakers, strict=True))
    return Reading(reading.name, replace(reading.talk, lines=lines))


def score(found: Persona, name: str) -> Score:
    """One score by name."""
    return next(one for one in found.scores if one.name == name)


def value(found: Persona, name: str) -> float:
    """One value by name."""
    known = score(found, name).value
    assert known is not None
    return known


def test_distinct_voices_are_told_apart_in_unseen_incidents() -> None:
    """Each of three people has a mark of their own: every line of a held-out incident is given to its writer."""
    found = attribute(rooms(), Seed("7"))
    assert value(found, "attribution") > 0.98
    assert value(found, "attribution_chance") == pytest.approx(1 / 3)
    assert value(found, "attribution_majority") == pytest.approx(1 / 3)
    assert score(found, "attribution").count == 6 * 36


def test_shuffled_speakers_bring_attribution_down_to_chance() -> None:
    """The same texts under dealt-out names: the interval holds a third."""
    one = score(attribute([shuffled(reading) for reading in rooms()], Seed("7")), "attribution")
    assert one.value == pytest.approx(1 / 3, abs=0.1)
    assert one.low is not None
    assert one.high is not None
    assert one.low < 1 / 3 < one.high


def test_people_who_stay_themselves_do_not_drift() -> None:
    """Distance to oneself is far below distance to others, in an incident and across; shuffled, it is not."""
    steady = attribute(rooms(), Seed("7"))
    mixed = attribute([shuffled(reading) for reading in rooms()], Seed("7"))
    for name in ("drift_in_incident", "drift_across"):
        assert value(steady, name) < 0.35
        assert 0.8 < value(mixed, name) < 1.2


def test_a_style_that_turns_in_the_middle_drifts() -> None:
    """Ann and Bob swap their manners halfway: in the last third each is nearer to the other's first third."""

    def turned(reading: Reading) -> Reading:
        names = {"ann": "bob", "bob": "ann", "cat": "cat"}
        half = len(reading.talk.lines) // 2
        lines = [
            replace(line, speaker=names[line.speaker]) if place >= half else line
            for place, line in enumerate(reading.talk.lines)
        ]
        return Reading(reading.name, replace(reading.talk, lines=tuple(lines)))

    two = {who: VOICES[who] for who in ("ann", "bob")}
    assert value(attribute([turned(one) for one in rooms(two)], Seed("7")), "drift_in_incident") > 1.5


def test_spread_between_people_has_the_noise_taken_out() -> None:
    """Two begin small, one never: shares 1, 0, 1 deviate by sqrt(1/3). Shuffled, none is left."""
    habits = {one.name: one.weight for one in attribute(rooms(), Seed("7")).tells}
    assert habits["lower start"] == pytest.approx((1 / 3) ** 0.5, abs=1e-3)
    assert set(habits) == set(DIMENSIONS)
    mixed = {one.name: one.weight for one in attribute([shuffled(one) for one in rooms()], Seed("7")).tells}
    assert mixed["lower start"] < 0.15


def test_one_person_cannot_be_told_apart() -> None:
    """No attribution, and a sentence that says why; an empty set likewise."""
    alone = attribute(rooms({"ann": VOICES["ann"]}), Seed("7"))
    assert "two people" in alone.note
    assert not any(one.name.startswith("attribution") for one in alone.scores)
    assert score(alone, "drift_in_incident").value is None
    assert "two people" in attribute([], Seed("7")).note


def test_the_same_input_gives_the_same_report() -> None:
    """Twice the same bytes."""
    assert attribute(rooms(), Seed("7")).model_dump_json() == attribute(rooms(), Seed("7")).model_dump_json()


def test_style_and_distance_by_hand() -> None:
    """Two lines, one small at the start, one with a full stop; one of six dimensions differs by its spread."""
    found = style([Line(0, "ann", "is it"), Line(1, "ann", "It is.")], frozenset())
    assert found["lower start"] == 1 / 2
    assert found["full stop at the end"] == 1 / 2
    assert found["no mark at the end"] == 1 / 2
    assert found["hedge"] == 0
    other = {**found, "lower start": 0.0}
    scale = {**dict.fromkeys(DIMENSIONS, 1.0), "lower start": 0.5}
    assert distance(found, other, scale) == pytest.approx((1 / 6) ** 0.5)
    assert spreads([found, other])["lower start"] == pytest.approx(0.25)
    assert spreads([found, other])["hedge"] == 0.01
