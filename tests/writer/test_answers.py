"""What is read out of a model's answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.writer.answers import LINES, LONGEST, parse

GOOD = {"b1": "on it", "b2": "redis again?"}
AGREED = json.dumps({"lines": [{"beat": beat, "text": text} for beat, text in GOOD.items()]})


@pytest.mark.parametrize(
    "answer",
    [
        AGREED,
        json.dumps(GOOD),
        json.dumps({"lines": GOOD}),
        f"Sure, here you go:\n```json\n{AGREED}\n```\nAnything else?",
        f"{{thinking}} {AGREED}",
        '{"beat": "b1", "text": "on it"}\n{"beat": "b2", "text": "redis again?"}',
    ],
    ids=["agreed", "mapping", "mapping inside", "fenced in talk", "after a brace", "a line each"],
)
def test_every_usual_form_is_read(answer: str) -> None:
    """The agreed form, a plain mapping, and either inside other text give the same texts."""
    assert parse(answer) == GOOD


def test_of_a_reply_cut_off_the_whole_lines_stay() -> None:
    """What was paid for and is whole is used, the broken rest is not."""
    assert parse(AGREED[: AGREED.index("redis")]) == {"b1": "on it"}


@pytest.mark.parametrize(
    "answer", ["", "no", "{", "[]", "null", '{"lines": 3}', '{"lines": [3, {"beat": 1}]}', "{" * 9000]
)
def test_nonsense_gives_nothing(answer: str) -> None:
    """What holds no texts gives none, and raises nothing."""
    assert parse(answer) == {}


def test_blanks_quotes_and_novels() -> None:
    """Blanks and quotes around a text go; an empty one and one that is no chat message are not taken."""
    said = {"b1": '  "on it"  ', "b2": "   ", "b3": "x" * (LONGEST + 1), "b4": 'say "no" and "yes"'}
    assert parse(json.dumps(said)) == {"b1": "on it", "b4": 'say "no" and "yes"'}


def test_the_first_of_two_texts_counts() -> None:
    """A beat told twice keeps its first text."""
    twice = {"lines": [{"beat": "b1", "text": "one"}, {"beat": "b1", "text": "two"}]}
    assert parse(json.dumps(twice)) == {"b1": "one"}


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(answer: str) -> None:
    """Whatever a model says is read without an error."""
    assert all(beat and text for beat, text in parse(answer).items() if beat)


def test_the_form_demands_everything() -> None:
    """Strict endpoints want every property required and no other allowed."""
    schema = json.loads(LINES.json_schema)
    line = schema["properties"]["lines"]["items"]
    assert set(line["required"]) == set(line["properties"])
    assert line["additionalProperties"] is False is schema["additionalProperties"]
