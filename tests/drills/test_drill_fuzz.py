"""Whatever is typed, in whatever order: nothing raises, time goes on, and the transcript is sound."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.drill_fuzz import ARGUMENTS, JUNK, TEXTS, opened, played, workshop
from slackincidents.drills.naming import SOURCES
from slackincidents.drills.sight import Sight
from slackincidents.drills.typed import VERBS

SEQUENCES = 200
"""Of the ten thousand that ``python -m evals.drill_fuzz`` plays."""

SCENARIOS = workshop().library.skeleton_names()
NAMES = (*workshop().stage.catalogue.services, *workshop().stage.people, "nobody", "#nope", "@bob")
KEYS = sorted({key for name in SCENARIOS for key in workshop().skeleton(name).actions})
GUESSES = sorted({key for name in SCENARIOS for key in workshop().skeleton(name).hypotheses})

LINES = st.one_of(
    st.sampled_from([*VERBS, *KEYS, *JUNK, "ack", "take", "tell", "wait 5m", "wait done"]),
    st.builds("look {} {}".format, st.sampled_from(SOURCES), st.sampled_from(["", *NAMES])),
    st.builds("{} {}".format, st.sampled_from([*VERBS]), st.sampled_from([*TEXTS, *NAMES, *GUESSES])),
    st.builds("{} {}".format, st.sampled_from([*VERBS]), st.text(max_size=40)),
    st.sampled_from([f"{verb} {argument}" for verb, some in ARGUMENTS.items() for argument in some]),
)


@settings(max_examples=SEQUENCES)
@given(st.sampled_from(SCENARIOS), st.integers(0, 99), st.booleans(), st.lists(LINES, max_size=30))
def test_nothing_that_is_typed_breaks_a_drill(scenario: str, seed: int, answered: bool, lines: list[str]) -> None:
    """No exception, a clock that never goes back, the same again from the same moves, a transcript without findings."""
    wanted = [*(["ack"] if answered else []), *lines]

    def next_line(_known: Sight, done: int) -> str | None:
        return wanted[done] if done < len(wanted) else None

    outcome = played(0, opened(scenario, seed), next_line)
    assert outcome.wrong is None, outcome
