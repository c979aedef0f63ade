from __future__ import annotations

import pytest

from slackincidents.chat.base import Message
from slackincidents.chat.tokens import estimate_request, estimate_tokens
from tests.chat.asking import question

COUNTED = {
    "": 0,
    "hello": 1,
    "The quick brown fox jumps over the lazy dog.": 10,
    "checkout p99 at 4180ms since 14:32, anyone else seeing this?": 19,
    '{"lines":[{"beat":"b012","text":"looking"}]}': 15,
}
"""Texts and their tokens in a vocabulary in wide use."""


@pytest.mark.parametrize(("text", "tokens"), COUNTED.items(), ids=lambda value: str(value)[:20])
def test_the_estimate_is_near_the_count(text: str, tokens: int) -> None:
    """Within three tokens or a quarter, short as these are."""
    assert abs(estimate_tokens(text) - tokens) <= max(3, tokens / 4)


@pytest.mark.parametrize("text", ["naïve café", "新しいデプロイが失敗しました", "🙂🙂🙂", "\x00\x01", " \t "])
def test_any_text_has_an_estimate(text: str) -> None:
    """Other scripts cost more a letter; blanks and control characters break nothing."""
    assert 0 <= estimate_tokens(text) <= 3 * len(text)


def test_a_request_costs_its_messages_and_its_schema() -> None:
    """More than the text, by a little for each message and by the schema that goes along."""
    bare = question(shape=None)
    longer = question(shape=None, messages=(*bare.messages, Message(role="user", content="")))
    assert estimate_tokens(bare.messages[0].content) < estimate_request(bare) < estimate_request(longer)
    assert estimate_request(bare) < estimate_request(question())
