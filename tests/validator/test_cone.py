"""Who knows what, and when."""

from __future__ import annotations

import pytest

from slackincidents.validator.cone import Cone
from slackincidents.validator.context import Context
from tests.validator.tiny import ALERT, ANSWERED, CAUSE, DONE, EVICTED, GUESS, RESOLVED, THANKS, tiny


@pytest.fixture
def cone() -> Cone:
    """The cone of the tiny incident."""
    case = tiny()
    return Cone(case.incident, case.plan)


@pytest.mark.parametrize(
    ("person", "fact", "at", "index", "known"),
    [
        ("ann", "alert:slow", 60, 1, True),
        ("cy", "alert:slow", 190, 4, False),
        ("cy", "alert:slow", 200, 4, True),
        ("cy", "clue:evict", 389, EVICTED, False),
        ("cy", "clue:evict", 390, EVICTED, True),
        ("ann", "clue:evict", 399, EVICTED, False),
        ("ben", "clue:evict", 500, EVICTED + 1, True),
        ("ann", "clue:flag", 1300, RESOLVED, False),
        ("cy", "action:flag-off", 800, DONE, True),
        ("cy", "action:flag-off", 700, CAUSE, False),
        ("ann", "action:flag-off", 1300, RESOLVED, False),
        ("ann", "outcome:flag-off", 1300, RESOLVED, True),
        ("ann", "past:INC-1", 0, ALERT, True),
        ("dan", "alert:slow", 9999, THANKS, False),
    ],
)
def test_knowledge_comes_from_looking_doing_and_reading(
    cone: Cone, person: str, fact: str, at: float, index: int, known: bool
) -> None:
    """Nobody knows a fact before they found it, did it, or could read it."""
    assert cone.knows(person, fact, at, index) is known


def _unbacked(place: int, text: str) -> list[str]:
    case = tiny().with_event(place, content=text)
    context = Context(case.incident, case.catalogue, case.people, case.plan)
    return [found.word for found in context.ungrounded if found.index == place]


def test_what_stands_in_ones_room_may_be_repeated() -> None:
    """The alert's figures are there for everybody in its channel, from its time on."""
    assert _unbacked(GUESS, "p95 at 912ms, p99 at 1430, threshold 500ms") == []


def test_what_stands_in_another_room_may_not() -> None:
    """Ann is not in #redis-oncall, where the flag was named."""
    assert _unbacked(RESOLVED, "it was cacheTinyTtl") == ["cachetinyttl"]
    assert _unbacked(THANKS, "it was cacheTinyTtl") == []


def test_what_was_found_may_be_told_with_any_of_its_words() -> None:
    """Cy found the eviction at 390 s; before that its figure is nobody's."""
    assert _unbacked(EVICTED, "evictions, 38 of 100") == ["100"]
    assert _unbacked(ANSWERED, "evictions at 38%") == ["38%"]


def test_a_beats_own_particulars_may_be_said() -> None:
    """A clock time that the plan hands to the beat is backed."""
    assert _unbacked(THANKS, "out since 14:07, not 14:08") == ["14:08"]
