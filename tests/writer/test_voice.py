"""How voices differ, and what they must leave alone."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from slackincidents.schema.acts import Act
from slackincidents.schema.people import Persona, Voice
from slackincidents.writer.slips import slip, split
from slackincidents.writer.voice import joined, voiced

PLAIN = Voice(
    casing=0,
    full_stop=0,
    drops_apostrophes=0,
    abbreviates=0,
    typos=0,
    hedges=0,
    ellipsis=0,
    exclaims=0,
    emoji=0,
    emoji_used=(),
)


def person(**changes: object) -> Persona:
    """A persona whose voice does nothing but what is asked."""
    return Persona(name="P", style="plain", voice=PLAIN.model_copy(update=changes))


def rng() -> random.Random:
    """A fixed generator."""
    return random.Random("voice")


def test_a_voice_without_habits_changes_nothing() -> None:
    """With all habits at zero the words come out as they went in."""
    assert voiced("redis-0 isn't up", person(), Act.REPORT, rng()) == "redis-0 isn't up"


def test_a_capital_and_a_stop() -> None:
    """A careful person begins with a capital and ends with a full stop."""
    assert voiced("the pods are fine", person(casing=1.0, full_stop=1.0), Act.REPORT, rng()) == "The pods are fine."


def test_identifiers_keep_their_case() -> None:
    """A line that begins with a host or a flag is not capitalised."""
    assert voiced("redis-0 is gone", person(casing=1.0), Act.REPORT, rng()) == "redis-0 is gone"


def test_a_question_gets_no_full_stop() -> None:
    """Questions keep their mark and get nothing else."""
    assert voiced("anyone there?", person(full_stop=1.0), Act.ASK, rng()) == "anyone there?"


def test_readings_are_not_hedged() -> None:
    """What was read off a screen is not hedged; what was inferred may be."""
    sure = person(hedges=1.0)
    assert voiced("the pods are fine", sure, Act.REPORT, rng()) == "the pods are fine"
    assert voiced("the pods are fine", sure, Act.OUTCOME, random.Random("x")) != "the pods are fine"


@given(st.text(alphabet="abcdefghij ", min_size=1, max_size=60), st.integers())
def test_a_slip_hits_one_word_and_remembers_it(text: str, seed: int) -> None:
    """At most one word differs, and it is the one that the correction names."""
    wrong, meant = slip(text, random.Random(seed))
    changed = [(a, b) for a, b in zip(text.split(" "), wrong.split(" "), strict=True) if a != b]
    assert [a for a, _ in changed] in ([], [meant])
    assert bool(meant) or wrong == text


def test_slips_leave_names_and_figures_alone() -> None:
    """Hosts, flags and numbers are never mistyped."""
    text = "redis-recs-a-0 paymentFailure 512ms"
    assert slip(text, rng()) == (text, "")


def test_a_thought_is_split_where_a_clause_ends() -> None:
    """The parts, put together again, are the thought; without a clause end it stays whole."""
    assert split("the pods are fine, but the latency is up", rng()) == ("the pods are fine", "but the latency is up")
    assert split("nothing to see here", rng()) == ("nothing to see here", "")
    assert split("the pods are old so i'll restart them", rng()) == ("the pods are old", "so i'll restart them")
    assert split("there are only so many partitions", rng())[1] == ""


def test_two_thoughts_of_a_careful_person_are_two_sentences() -> None:
    """Careful people put a full stop between, careless ones do not capitalise."""
    careful = person(casing=1.0)
    assert joined("it is up", "no idea why", careful, rng()) == "it is up. No idea why"


def test_what_somebody_did_is_not_hedged() -> None:
    """Nobody guesses what he did himself, and no guess stands before a line without a subject."""
    unsure = person(hedges=1.0)
    for line in ("i deleted the key and waited", "we put it back as it was", "i read the log of it twice"):
        assert {voiced(line, unsure, Act.OUTCOME, random.Random(seed)) for seed in range(40)} == {line}
    guessed = {voiced("had the log open", unsure, Act.ANSWER, random.Random(seed)) for seed in range(200)}
    assert all(text.startswith("had the log open") for text in guessed)


def test_the_careful_write_what_is_spelled_in_capitals() -> None:
    """CPU and DB for careful people, also in the next sentence's first word; names and paths stay."""
    careful = person(casing=1.0)
    assert (
        voiced("the cpu is fine. the prs are not, see db-orders and /api/v2", careful, Act.REPORT, rng())
        == "The CPU is fine. The PRs are not, see db-orders and /api/v2"
    )
    assert voiced("the log says so. redis-0 too", careful, Act.REPORT, rng()) == "The log says so. redis-0 too"
    careless = [voiced("the cpu is fine", person(), Act.REPORT, random.Random(seed)) for seed in range(400)]
    assert 0 < careless.count("the CPU is fine") < 60


def test_the_careless_leave_out_question_marks_now_and_then() -> None:
    """Only plain questions lose the mark, only for those who leave out apostrophes too."""
    sloppy = person(drops_apostrophes=1.0)
    seeds = [random.Random(seed) for seed in range(200)]
    bare = [voiced("what changed there?", sloppy, Act.ASK, each).endswith("there") for each in seeds]
    assert 80 < sum(bare) < 160
    for seed in range(100):
        assert voiced("is it up? or what?", sloppy, Act.ASK, random.Random(seed)).count("?") == 2
        assert voiced("restart it?", sloppy, Act.ASK, random.Random(seed)) == "restart it?"
        assert voiced("what changed there?", person(), Act.ASK, random.Random(seed)) == "what changed there?"
