from __future__ import annotations

import pytest

from evals import faults, kills

pytestmark = pytest.mark.slow


def test_no_incident_is_lost_to_a_model_that_errs() -> None:
    """Every fifth reply is faulty; every incident is there once, whole, clean, and what was mended is counted."""
    outcome = faults.run(36)
    assert outcome.met(36), [*outcome.failed, *outcome.missing, *outcome.traces]
    assert outcome.share > 0.1
    assert outcome.repaired > 0
    assert outcome.retries >= sum(count for kind, count in outcome.faults.items() if kind in faults.LINE) > 0
    assert outcome.paid + outcome.retries >= outcome.replies


def test_a_model_that_does_not_err_needs_no_mending() -> None:
    """Without faults nothing is written twice and nobody fills in: the counts are not noise."""
    outcome = faults.run(24, share=0.0)
    assert outcome.met(24)
    assert (outcome.repaired, outcome.fell_back, outcome.retries) == (0, 0, 0)


def test_a_killed_run_goes_on_where_it_was() -> None:
    """Killed at any moment and started again: the same bytes, and no finished call is paid for again."""
    outcome = kills.run(4, incidents=3, seed="test")
    assert outcome.met, outcome.trouble
    assert outcome.reused > 0
    assert outcome.paid > 0
