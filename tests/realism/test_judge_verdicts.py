"""Reading what a judge wrote, however it wrote it."""

from __future__ import annotations

import json

import pytest

from slackincidents.realism.judge_asking import Asking, Question, kinds, questions
from slackincidents.realism.judge_flatten import Flattener
from slackincidents.realism.judge_pairing import Pairing, pairs
from slackincidents.realism.judge_tally import outcome
from slackincidents.realism.judge_verdicts import LONGEST, Verdict, verdicts
from slackincidents.seeds import Seed
from tests.realism.judged import PROMPTS, sides

KINDS = kinds(PROMPTS)


def question(pairs_shown: int = 2) -> Question:
    """One call with so many pairs."""
    made, real = sides()
    found = pairs(real, made, Pairing(pairs_shown, 0, 10), Seed("1"), Flattener())
    asking = Asking("judge", samples=1, per_call=pairs_shown)
    return questions(found, asking, PROMPTS, Seed("1"))[0]


def read(text: str, pairs_shown: int = 2) -> list[tuple[int, bool, float | None]]:
    """Number of the pair, whether A was said to be real, confidence."""
    asked = question(pairs_shown)
    numbers = {one.pair.id: one.number for one in asked.shown}
    return [(numbers[one.pair], one.first, one.confidence) for one in verdicts(text, asked, KINDS)]


BOTH = [(1, True, 80.0), (2, False, 60.0)]
ENTRIES = [{"pair": 1, "real": "A", "confidence": 80}, {"pair": 2, "real": "B", "confidence": 60}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"verdicts": ENTRIES}),
        "Sure!\n```json\n" + json.dumps({"verdicts": ENTRIES}, indent=1) + "\n```\nHope that helps.",
        "\n".join(map(json.dumps, ENTRIES)),
        json.dumps(ENTRIES),
        json.dumps({"verdicts": {"1": ENTRIES[0], "2": ENTRIES[1]}}),
        json.dumps({"pair 1": {"real": "A", "confidence": "80%"}, "pair 2": {"real": "b", "confidence": 0.6}}),
        json.dumps({"verdicts": [*reversed(ENTRIES), {"pair": 1, "real": "B"}]}),
        json.dumps(
            {
                "verdicts": [
                    {"pair": "1", "real": "Excerpt A", "confidence": "80 of 100"},
                    {"pair": "Pair 2", "real": " B. ", "confidence": 60.0},
                ]
            }
        ),
    ],
)
def test_answers_come_in_many_shapes(text: str) -> None:
    """The agreed form, fences, one object a line, mappings, texts for numbers, a pair told twice: the same verdicts."""
    assert read(text) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I think it is A.",
        "{",
        "[[[[",
        '{"verdicts": []}',
        '{"verdicts": [{"pair": 9, "real": "A"}]}',
        '{"verdicts": [{"pair": 1, "real": "both"}]}',
        '{"verdicts": [{"real": "A"}]}',
        '{"pair": true, "real": 1}',
    ],
)
def test_no_verdict_is_none(text: str) -> None:
    """What names no pair of the call, or neither side, is no verdict; nothing raises."""
    assert read(text) == []


def test_a_reply_cut_off_keeps_its_whole_entries() -> None:
    """Of two entries, the second broken, the first stands."""
    whole = json.dumps(
        {"verdicts": [{**ENTRIES[0], "reasons": [{"tell": "plot", "quote": "q", "why": "w"}]}, ENTRIES[1]]}
    )
    assert read(whole[: whole.index('"pair": 2') + 20]) == BOTH[:1]


def test_a_lone_pair_needs_no_number() -> None:
    """With one pair in a call, a bare verdict is about that one."""
    assert read('{"real": "B", "confidence": 75}', 1) == [(1, False, 75.0)]


@pytest.mark.parametrize(
    ("said", "kept"), [(30, 50.0), (120, 100.0), ("unsure", None), (None, None), (True, None), (1, 100.0), (0.5, 50.0)]
)
def test_confidence_lies_between_a_toss_and_certainty(said: object, kept: float | None) -> None:
    """Below fifty and above a hundred there is nothing; what is no number is none, and not counted."""
    text = json.dumps({"verdicts": [{"pair": 1, "real": "A", "confidence": said}]})
    assert read(text) == [(1, True, kept)]


def test_reasons_have_a_known_kind() -> None:
    """A kind of the rubric is kept, another is `other`; long quotes are cut; plain texts are reasons too."""
    told = [
        {"tell": "Plot", "quote": "q", "why": "w"},
        {"tell": "vibes", "quote": "x " * 400, "why": ""},
        "just because",
        {"nothing": 1},
        7,
    ]
    entry = {"pair": 1, "reasons": told, "real": "A", "confidence": 80}
    (verdict,) = verdicts(json.dumps({"verdicts": [entry]}), question(), KINDS)
    assert [one.tell for one in verdict.reasons] == ["plot", "other", "other"]
    assert len(verdict.reasons[1].quote) <= LONGEST
    assert verdict.reasons[2].why == "just because"


def said(pair: str, *, fooled: bool, swapped: bool, sample: int = 0) -> Verdict:
    """A verdict about a test pair."""
    return Verdict(pair=pair, kind="test", sample=sample, swapped=swapped, fooled=fooled, first=fooled, confidence=70)


def test_pairs_count_alike_however_often_they_were_answered() -> None:
    """One pair fooled in 1 of 4 answers, one in 1 of 1: share (1/4 + 1) / 2 = 0.625 over two pairs.

    Couples: sample 0 of p1 differs, sample 1 agrees, p2 has no other order: flips 1/2 over one pair.
    """
    found = outcome(
        [
            said("p1", fooled=True, swapped=False),
            said("p1", fooled=False, swapped=True),
            said("p1", fooled=False, swapped=False, sample=1),
            said("p1", fooled=False, swapped=True, sample=1),
            said("p2", fooled=True, swapped=False),
        ]
    )
    assert (found.fooled.value, found.fooled.pairs, found.fooled.answers) == (0.625, 2, 5)
    assert (found.flips.value, found.flips.pairs, found.flips.answers) == (0.5, 1, 2)


def test_nothing_answered_is_no_share() -> None:
    """Without a verdict there is no figure, and no division by zero."""
    found = outcome([])
    assert (found.pairs, found.fooled.value, found.confidence) == (0, None, None)
