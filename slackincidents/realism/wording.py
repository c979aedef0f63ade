"""A line taken apart: with and without its address, its code, its links and its emoji."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from slackincidents.realism import lexicon


@dataclass(frozen=True, slots=True)
class Wording:
    """One line, stripped, in the forms the measures look at.

    `body` lacks the address, `prose` also code and links, `tail` is the text without emoji (to see
    how it ends), `tokens` are split at white space, `turn_words` are the words of the prose.
    """

    text: str
    body: str
    prose: str
    tail: str
    tokens: tuple[str, ...]
    turn_words: tuple[str, ...]
    addressed: bool


def take_apart(text: str, names: Set[str]) -> Wording:
    """See `Wording`; `names` are the lower-case names an address may hold."""
    whole = text.strip()
    body = without_address(whole, names).strip()
    prose = lexicon.URL.sub(" ", lexicon.CODE.sub(" ", body))
    return Wording(
        text=whole,
        body=body,
        prose=prose,
        tail=without_emoji(whole, "").rstrip(" \ufe0f\u200d"),
        tokens=tuple(whole.split()),
        turn_words=tuple(lexicon.TURN_WORD.findall(without_emoji(prose, " ").lower())),
        addressed=is_addressed(whole, names),
    )


def words(text: str) -> list[str]:
    """Lower-case words: letters, digits, underscore, apostrophe."""
    return lexicon.WORD.findall(text.lower())


def without_address(text: str, names: Set[str]) -> str:
    """The text after ``name:``, ``name,`` or a leading mention."""
    named = lexicon.ADDRESS.match(text)
    if named and named[1].lower() in names:
        return text[named.end() :]
    mention = lexicon.LEADING_MENTION.match(text)
    return text[mention.end() :] if mention else text


def is_addressed(text: str, names: Set[str]) -> bool:
    """Whether the line speaks to somebody: an address, a mention, or a name like ``bob2`` in front."""
    if without_address(text, names) != text or lexicon.MENTION.search(text):
        return True
    front = lexicon.LEADING_WORD.match(text)
    name = front[1].lower() if front else ""
    return name in names and not lexicon.PLAIN_WORD.fullmatch(name)


def without_emoji(text: str, gap: str) -> str:
    """The text with emoticons, shortcodes and emoji replaced by `gap`."""
    for kind in (lexicon.EMOTICON, lexicon.SHORTCODE, lexicon.UNICODE_EMOJI):
        text = kind.sub(gap, text)
    return text


def has_emoji(prose: str) -> bool:
    """An emoji or a shortcode; emoticons do not count."""
    return bool(lexicon.SHORTCODE.search(prose) or lexicon.UNICODE_EMOJI.search(prose))


def has_emoticon(prose: str) -> bool:
    """An ASCII face, a heart, a wave."""
    return bool(lexicon.EMOTICON.search(prose))
