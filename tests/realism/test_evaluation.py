"""A whole evaluation: what it says of sets made by hand, and what it does with odd ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from slackincidents import generate
from slackincidents.errors import UsageError
from slackincidents.realism.base import Reading
from slackincidents.realism.conversation import Conversation, Line
from slackincidents.realism.evaluation import evaluate
from slackincidents.realism.how import How
from slackincidents.realism.references import Reference, open_reference
from slackincidents.realism.results import Evaluation, Judge, Kind, Verdict
from slackincidents.schema.incident import MessageEvent
from slackincidents.seeds import Seed
from tests.cli.conftest import environment

QUICK = How(draws=20, classify=False)


@pytest.fixture(scope="module")
def texts() -> list[Reading]:
    """Real conversations of one channel."""
    readings = open_reference("rust").readings
    assert readings is not None
    return [one for one in readings() if len(one.talk.lines) >= 8]


@pytest.fixture(scope="module")
def real(texts: list[Reading]) -> Evaluation:
    """Those beside the bands."""
    return evaluate(texts, bands(), QUICK, "rust")


def bands() -> Reference:
    """The bands alone."""
    return replace(open_reference(), readings=None)


def of(readings: list[Reading]) -> Reference:
    """A reference of these readings."""

    def opened() -> Iterator[Reading]:
        return iter(readings)

    return Reference("texts", None, opened)


def changed(readings: list[Reading], change: Callable[[int, Line], Line]) -> list[Reading]:
    """The same readings with every line changed."""

    def talk(one: Conversation) -> Conversation:
        return replace(one, lines=tuple(change(place, line) for place, line in enumerate(one.lines)))

    return [Reading(one.name, talk(one.talk)) for one in readings]


def formal(_: int, line: Line) -> Line:
    """A capital in front and a full stop behind."""
    return replace(line, text=line.text[:1].upper() + line.text[1:].rstrip(" .!?") + ".")


def metronome(place: int, line: Line) -> Line:
    """One line every five seconds."""
    return replace(line, at=5.0 * place)


def in_turn(place: int, line: Line) -> Line:
    """Everybody speaks in turn."""
    return replace(line, speaker=("ann", "bob", "cat")[place % 3])


def opened_alike(place: int, line: Line) -> Line:
    """The same first line in every incident."""
    return replace(line, text="looking into it right now") if place == 0 else line


MUTATIONS = [
    (formal, "lower_start", -1),
    (formal, "full_stop", 1),
    (formal, "no_end_punctuation", -1),
    (formal, "spread_casing", -1),
    (metronome, "gap_cv_median", -1),
    (metronome, "burstiness_median", -1),
    (metronome, "gap_in_fives", 1),
    (metronome, "gap_over_300s", -1),
    (metronome, "fast_typing", 1),
    (in_turn, "same_author", -1),
    (in_turn, "burst", -1),
    (in_turn, "monologue_median", -1),
    (in_turn, "turn_entropy_median", 1),
    (opened_alike, "opening_reuse", 1),
    (opened_alike, "line_reuse", 1),
    (opened_alike, "duplicates", 1),
    (opened_alike, "shared_4grams", 1),
]


@pytest.mark.parametrize(("mutation", "name", "way"), MUTATIONS, ids=lambda one: getattr(one, "__name__", str(one)))
def test_a_mutation_moves_the_measure_its_way(
    texts: list[Reading], real: Evaluation, mutation: Callable[[int, Line], Line], name: str, way: int
) -> None:
    """Formal text, no bursts, speakers in turn and one opening for all show where they must."""
    after = evaluate(changed(texts, mutation), None, QUICK).score(name).value
    before = real.score(name).value
    assert before is not None
    assert after is not None
    assert (after - before) * way > 0


def test_a_metronome_is_out(texts: list[Reading], real: Evaluation) -> None:
    """Real chat passes the check of gaps in fives; the same lines every five seconds fail it by far."""
    made = evaluate(changed(texts, metronome), bands(), QUICK)
    checks = [{one.name: one for one in found.distances} for found in (real, made)]
    assert [found["gap_in_fives"].verdict for found in checks] == [Verdict.TARGET, Verdict.OUT]
    assert checks[1]["gap_in_fives"].value > 5


def test_real_chat_mostly_passes(real: Evaluation) -> None:
    """Three quarters of the checks and more, though it is help and no incident."""
    assert real.passing is not None
    assert real.passing > 0.75


def test_a_set_beside_itself_is_at_no_distance(texts: list[Reading]) -> None:
    """All numbers lie within their own intervals, and distributions are the same."""
    found = evaluate(texts, of(texts), How(draws=50, classify=False))
    assert found.passing == 1
    assert {one.value for one in found.distances if one.kind is not Kind.INTERVAL} == {0}
    assert found.against is not None
    assert found.against.incidents == len(texts)


def test_a_changed_set_is_farther_than_another_half(texts: list[Reading]) -> None:
    """Formal text is farther from the other half than the untouched half is."""
    half, other = texts[::2], of(texts[1::2])
    plain, stiff = (evaluate(one, other, QUICK) for one in (half, changed(half, formal)))
    far = [next(d.value for d in found.distances if d.name == "full_stop") for found in (plain, stiff)]
    assert far[0] < far[1]


def test_an_empty_set_is_said_to_be_empty() -> None:
    """Nothing there, and nothing long enough, are told apart."""
    with pytest.raises(UsageError, match="no incident to evaluate"):
        evaluate([], bands(), QUICK)
    short = Reading("short", Conversation("short", (Line(0, "ann", "hi"),)))
    with pytest.raises(UsageError, match="1 with fewer than 8 human lines"):
        evaluate([short], bands(), QUICK)


def test_one_incident_has_values_and_no_intervals(texts: list[Reading]) -> None:
    """And the notes say what cannot be known."""
    found = evaluate(texts[:1], bands(), QUICK)
    assert found.score("tokens_median").value is not None
    assert {score.low for score in found.scores if not score.name.startswith(("distinct", "self", "spread"))} == {None}
    assert any(note.startswith("One incident: no intervals") for note in found.notes)


def test_another_language_is_noticed(texts: list[Reading]) -> None:
    """The word lists are English, and the notes say so."""
    german = changed(texts, lambda _, line: replace(line, text="der warenkorb geht seit heute nicht mehr"))
    assert any("does not look like English" in note for note in evaluate(german, None, QUICK).notes)
    assert not any("English" in note for note in evaluate(texts, None, QUICK).notes)


def test_without_a_reference_there_are_numbers_only(texts: list[Reading]) -> None:
    """No distance, nothing passes or fails, and it is said."""
    found = evaluate(texts, None, QUICK)
    assert (found.distances, found.passing, found.against) == ((), None, None)
    assert "No reference: numbers without distances." in found.notes


def test_deleted_users_and_files_are_counted() -> None:
    """Messages without text are left out, speakers known by their id are told; neither stops anything."""
    incident = generate("cache-failure", seed=3)
    ghost = MessageEvent(offset_seconds=1, channel="#cart", user="U0AB12CD3", content="who am i")
    picture = MessageEvent(offset_seconds=2, channel="#cart", user="ann", content="")
    odd = incident.model_copy(update={"timeline": (*incident.timeline, ghost, picture)})
    left = evaluate([Reading.of(odd)], None, QUICK).set.left_out
    assert left["messages without text (files, pictures)"] == 1
    assert left["speakers known only by an id (deleted or of another workspace)"] == 1


def test_the_judge_is_handed_in(texts: list[Reading]) -> None:
    """It sees both sides and a seed; what it says is in the report."""

    def judge(ours: object, theirs: object, seed: Seed) -> Judge:
        assert ours
        assert theirs
        return Judge(skipped=f"asked with {seed.path}")

    found = evaluate(texts[:3], of(texts[3:6]), How(Seed("s"), 20, judge=judge, classify=False))
    assert found.judge == Judge(skipped="asked with s")


def test_every_score_has_a_name_of_its_own(real: Evaluation) -> None:
    """And a title that no other has."""
    assert len({score.name for score in real.scores}) == len(real.scores)
    assert len({score.title for score in real.scores}) == len(real.scores)


SAME = """
from slackincidents.realism.evaluation import evaluate
from slackincidents.realism.how import How
from slackincidents.realism.references import open_reference
texts = list(open_reference("rust").readings())
print(evaluate(texts, open_reference("stripe"), How(draws=50)).to_json())
"""


def test_the_same_input_gives_the_same_bytes() -> None:
    """In other processes with other hash seeds too."""
    made = [
        subprocess.run(
            [sys.executable, "-c", SAME], env=environment(PYTHONHASHSEED=seed), capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0]
    assert made[0] == made[1]
