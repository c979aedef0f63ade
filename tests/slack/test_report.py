"""The report on faults counts what happened, good or bad."""

from __future__ import annotations

from evals.delivery import Row, by_method, of_kills, trouble
from tests.slack.faults import Fault
from tests.slack.kills import Killed
from tests.slack.practice import Verdict
from tests.slack.sweep import POST, Case, Order, Outcome

ORDER = Order(POST, 1, Fault.DROP_AFTER)
STRUCK = ((POST, Fault.DROP_AFTER),)
FINE = Outcome(Case("post", (ORDER,)), Verdict(), STRUCK, 1)
TWICE = Outcome(Case("post", (ORDER,)), Verdict(doubled=2), STRUCK, 1)
STOPPED = Outcome(Case("post", (ORDER,)), Verdict(lost=3), STRUCK, 6, "Unreachable: no")
IDLE = Outcome(Case("post", (ORDER,)), Verdict(), (), 1)


def test_the_rows_add_up() -> None:
    """Each method's row counts cases, lost and doubled messages, and deliveries that never ended."""
    rows = {row.name: row for row in by_method([FINE, TWICE, STOPPED, IDLE])}
    assert rows[POST] == Row(POST, tried=3, lost=3, doubled=2, other=0, unfinished=1)
    assert rows["no call at all"].tried == 1


def test_kills_are_counted_not_incidents() -> None:
    """Two incidents, three kills that hit."""
    runs = [Killed(0, 2, 1, Verdict()), Killed(1, 1, 0, Verdict(lost=1))]
    assert of_kills(runs) == Row("kill -9", tried=3, lost=1, doubled=0, other=0, unfinished=0)


def test_every_bad_case_is_listed() -> None:
    """What went wrong stands in the report so that it can be tried again; what went well does not."""
    runs = [Killed(0, 1, 1, Verdict()), Killed(7, 1, 1, Verdict(doubled=1))]
    assert trouble([FINE, TWICE, STOPPED, IDLE], runs) == [repr(TWICE), repr(STOPPED), repr(IDLE), repr(runs[1])]
