"""What a hundred seeds must show about the words, beside measured real chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.corpus import Case
from slackincidents.realism import bands, reuse
from slackincidents.realism.conversation import from_incident
from slackincidents.realism.suite import measure

pytestmark = pytest.mark.xdist_group("bars")

BANDS = bands.load(Path(__file__).parents[2] / "evals" / "references" / "bands.json")
MOST_REUSE = 0.08
IN_RANGE = (
    *("tokens_median", "short", "question", "ends_question"),
    *("gap_cv_median", "burstiness_median", "memory_median", "gap_in_fives", "gap_median_s", "gap_p90_s"),
    *("gap_to_10s", "gap_over_300s", "duration_s_median", "burst", "same_author", "fast_typing", "in_thread"),
)


def test_no_line_comes_back_too_often(corpus: dict[str, list[Case]]) -> None:
    """Over 100 seeds of a skeleton no human line of five words or more is in more than 8 % of incidents."""
    worst = {name: reuse.measure([from_incident(case.incident) for case in cases]) for name, cases in corpus.items()}
    assert {name: found.worst[0] for name, found in worst.items() if (found.line_reuse or 0) > MOST_REUSE} == {}


def test_length_questions_gaps_bursts_and_threads_lie_where_real_chat_lies(corpus: dict[str, list[Case]]) -> None:
    """The pooled measures of all skeletons lie within the widest range of the real corpora."""
    pool = [case.incident for cases in corpus.values() for case in cases[:20]]
    checks = {check.name: check for check in bands.compare(measure(pool).values(), BANDS)}
    assert {name: (checks[name].value, checks[name].passes) for name in IN_RANGE if not checks[name].ok} == {}
