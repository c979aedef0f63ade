"""Whatever goes wrong, and wherever it is killed: run again, every message stands once, in order, in its thread."""

from __future__ import annotations

import os

import pytest

from slackincidents.seeds import Seed
from tests.conftest import REQUIRE_ALL
from tests.slack.faults import Fault
from tests.slack.kills import Killed, killings
from tests.slack.practice import Verdict, judged
from tests.slack.sweep import LOOK, POST, Case, Order, Outcome, cases, reference, swept, tried

CORES = os.cpu_count() or 1
SAMPLE, KILLS = 16, 8
ALL_KILLS = 200
USED = {
    "auth.test",
    "chat.postMessage",
    "conversations.create",
    "conversations.join",
    "conversations.list",
    "reactions.add",
    "usergroups.list",
    "users.list",
}


def bad(outcomes: tuple[Outcome, ...]) -> list[Outcome]:
    """Those in which something was lost, doubled, misplaced or never came to an end, or the fault did not happen."""
    return [outcome for outcome in outcomes if not outcome.good]


def test_the_sweep_covers_every_call() -> None:
    """Every method a delivery uses, every fault, every position; taking back and looking as well."""
    aims = {(case.act, order.method, order.nth, order.fault) for case in cases() for order in case.orders}
    assert {method for act, method in reference().calls if act == "post"} == USED
    for (act, method), count in reference().calls.items():
        for fault in Fault:
            assert {nth for a, m, nth, f in aims if (a, m, f) == (act, method, fault)} >= set(range(1, count + 1))
    assert {fault for _, method, _, fault in aims if method == LOOK} == set(Fault)
    assert ("unpost", "chat.delete") in reference().calls
    assert any(order.lasting for case in cases() for order in case.orders)


def test_a_sample_of_faults_does_no_harm(seed: Seed) -> None:
    """Faults at random calls: nothing lost, nothing doubled."""
    chosen = seed.rng().sample(cases(), SAMPLE)
    assert bad(swept(chosen, processes=1)) == []


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.taken])
def test_a_message_that_was_taken_is_not_posted_again(fault: Fault) -> None:
    """The first message arrives, the answer does not: it is found, and the rest follows."""
    outcome = tried(Case("post", (Order(POST, 1, fault),)))
    assert outcome.good, outcome


def test_a_message_that_comes_late_does_not_stay_twice() -> None:
    """Looked for and not found, posted again, and then the first one comes: one of them is taken away."""
    outcome = tried(Case("post", (Order(POST, 3, Fault.LATE),)))
    assert outcome.good, outcome


def test_the_sweep_sees_a_poster_that_does_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep is not blind: a poster that posts again without a look is caught with a message that stands twice."""

    async def blind(*_: object) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr("slackincidents.sinks.run.look", blind)
    assert tried(Case("post", (Order(POST, 3, Fault.DROP_AFTER),))).verdict == Verdict(doubled=1)


def test_an_outage_stops_it_and_it_goes_on_later() -> None:
    """Nothing answers any more: the delivery stops, and the next run finishes it."""
    outcome = tried(Case("post", (Order(POST, 10, Fault.ERROR_AFTER, lasting=True),)))
    assert outcome.good, outcome
    assert outcome.runs == 2


@pytest.mark.slow
def test_no_fault_anywhere_does_harm() -> None:
    """Every fault at every call: nothing lost, nothing doubled."""
    assert bad(swept(cases(), CORES)) == []


def test_kills_do_no_harm(seed: Seed) -> None:
    """Killed at random moments and run again: every message stands once."""
    assert harmed(killings(KILLS, seed, lanes=1)) == []


@pytest.mark.slow
@pytest.mark.skipif(not REQUIRE_ALL, reason="minutes: run with REQUIRE_ALL=1, or python -m evals.delivery")
def test_two_hundred_kills_do_no_harm(seed: Seed) -> None:
    """Killed two hundred times at random moments: every message stands once."""
    assert harmed(killings(ALL_KILLS, seed, lanes=CORES)) == []


def harmed(runs: tuple[Killed, ...]) -> list[Killed]:
    """Those that did not end well."""
    return [run for run in runs if run.failure or not run.verdict.good]


def test_the_judge_sees_what_is_wrong() -> None:
    """A lost, a doubled and a misplaced message each count; the same channel is fine."""
    first, second = (("a", 0, 0), None, "hi"), (("a", 1, 0), ("a", 0, 0), "ho")
    wanted = {"incidents": (first, second)}
    assert judged(wanted, wanted).good
    assert judged({"incidents": (first,)}, wanted) == Verdict(lost=1)
    assert judged({"incidents": (first, second, second)}, wanted) == Verdict(doubled=1)
    assert judged({"incidents": (first, (second[0], None, "ho"))}, wanted) == Verdict(other=1)
    assert judged({"incidents": (second, first)}, wanted) == Verdict(other=1)
    assert judged({"alerts": (second,), "incidents": (first,)}, wanted) == Verdict(lost=1, doubled=1)
