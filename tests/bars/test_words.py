"""What a hundred seeds must show about the words, beside measured real chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.corpus import Case
from slackincidents.realism import bands, reuse, surface, timing, turns
from slackincidents.realism.base import Reading
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.distances import to_bands
from slackincidents.realism.results import Verdict

pytestmark = pytest.mark.xdist_group("bars")

BANDS = bands.load(Path(__file__).parents[2] / "evals" / "references" / "bands.json")
MOST_REUSE = 0.08
FEW = Bootstrap(draws=1)
IN_RANGE = (
    *("tokens_median", "short", "question", "ends_question"),
    *("gap_cv_median", "burstiness_median", "memory_median", "gap_in_fives", "gap_median_s", "gap_p90_s"),
    *("gap_to_10s", "gap_over_300s", "duration_s_median", "burst", "same_author", "fast_typing", "in_thread"),
)


def test_no_line_comes_back_too_often(corpus: dict[str, list[Case]]) -> None:
    """Over 100 seeds of a skeleton no human line of five words or more is in more than 8 % of incidents."""
    found = {
        name: reuse.measure([Reading.of(case.incident) for case in cases], FEW)[0] for name, cases in corpus.items()
    }
    assert {name: one.evidence[0] for name, one in found.items() if (one.value or 0) > MOST_REUSE} == {}


def test_length_questions_gaps_bursts_and_threads_lie_where_real_chat_lies(corpus: dict[str, list[Case]]) -> None:
    """The pooled measures of all skeletons lie within the widest range of the real corpora."""
    pool = [Reading.of(case.incident) for cases in corpus.values() for case in cases[:20]]
    scores = [score for one in (surface, timing, turns) for score in one.measure(pool, FEW)]
    found = {distance.name: distance for distance in to_bands(scores, BANDS)}
    out = {name: (found[name].here, found[name].passes) for name in IN_RANGE if found[name].verdict is Verdict.OUT}
    assert out == {}
