"""Who knows what, from a plan alone; and that a finished incident says the same."""

from __future__ import annotations

import pytest

from slackincidents.assembly import assemble
from slackincidents.knowledge import Knowledge
from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.validator.cone import Cone
from slackincidents.writer.offline import OfflineWriter
from tests.validator.tiny import CAUSE, DONE, EVICTED, RESOLVED, THANKS, tiny


@pytest.mark.parametrize(
    ("person", "fact", "at", "index", "known"),
    [
        ("cy", "alert:slow", 190, 4, False),
        ("cy", "alert:slow", 200, 4, True),
        ("cy", "clue:evict", 389, EVICTED, False),
        ("cy", "clue:evict", 390, EVICTED, True),
        ("ann", "clue:evict", 399, EVICTED, False),
        ("ben", "clue:evict", 500, EVICTED + 1, True),
        ("cy", "action:flag-off", 800, DONE, True),
        ("cy", "action:flag-off", 700, CAUSE, False),
        ("ann", "outcome:flag-off", 1300, RESOLVED, True),
        ("ann", "past:INC-1", 0, 0, True),
        ("dan", "alert:slow", 9999, THANKS, False),
    ],
)
def test_a_plan_alone_says_who_knows_what(person: str, fact: str, at: float, index: int, known: bool) -> None:
    """Before a word is written it stands who found, did or could read a fact by when."""
    assert Knowledge.of(tiny().plan).knows(person, fact, at, index) is known


def test_nobody_reads_a_channel_before_they_are_in_it() -> None:
    """Cy comes into the cart's channel at 200 s, and not before."""
    knowledge = Knowledge.of(tiny().plan)
    assert not knowledge.reads("cy", "#cart-oncall", 199)
    assert knowledge.reads("cy", "#cart-oncall", 200)
    assert not knowledge.reads("dan", "#cart-oncall", 9999)


@pytest.mark.parametrize("skeleton", ["cache-failure", "kafka-lag", "payment-failure"])
def test_plan_and_finished_incident_agree(skeleton: str) -> None:
    """The validator's cone, read from labels, holds what the plan says."""
    workshop = Workshop.open(Library())
    for seed in range(4):
        plan = workshop.plan(skeleton, seed=seed)
        planned = Knowledge.of(plan)
        checked = Cone(assemble(plan, OfflineWriter(workshop.banks).compose(plan)), plan)
        assert (planned.rooms, planned.found) == (checked.rooms, checked.found)
        assert (planned.told, planned.done) == (checked.told, checked.done)
