"""How lines look: length, questions, doubt, assent, casing, punctuation, emoji."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from slackincidents.realism import lexicon
from slackincidents.realism.averages import median, quantile, share, variation
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.wording import Wording, has_emoji, has_emoticon, take_apart


@dataclass(frozen=True, slots=True)
class Surface:
    """Lengths in tokens (split at white space) and shares of lines. None when there is no line."""

    tokens_median: float | None
    tokens_p90: float | None
    tokens_cv: float | None
    short: float | None
    long: float | None
    question: float | None
    ends_question: float | None
    hedge: float | None
    hedge_strict: float | None
    acknowledgement: float | None
    lower_start: float | None
    all_lower: float | None
    no_end_punctuation: float | None
    full_stop: float | None
    exclamation: float | None
    ellipsis: float | None
    emoji: float | None
    unicode_emoji: float | None
    emoji_only: float | None
    several_sentences: float | None
    several_lines: float | None
    arrow_or_bullet: float | None
    digit: float | None
    url: float | None
    addressed: float | None


def is_acknowledgement(line: Wording) -> bool:
    """At most four words, all of assent or its filler, one at least of assent."""
    said = set(line.turn_words)
    return len(line.turn_words) <= 4 and bool(said & lexicon.ASSENT) and said <= lexicon.ASSENT | lexicon.ASSENT_FILLER


def first_letter(line: Wording) -> str:
    """The letter the line begins with once the address is gone; empty when it begins otherwise."""
    found = lexicon.FIRST_LETTER.match(line.body)
    return found[1] if found else ""


MARKS: Mapping[str, Callable[[Wording], bool]] = {
    "short": lambda w: len(w.tokens) <= 3,
    "long": lambda w: len(w.tokens) >= 25,
    "question": lambda w: "?" in lexicon.URL.sub(" ", w.text),
    "ends_question": lambda w: w.tail.endswith("?"),
    "hedge": lambda w: bool(lexicon.HEDGE.search(w.prose)),
    "hedge_strict": lambda w: bool(lexicon.HEDGE_STRICT.search(w.prose)),
    "acknowledgement": is_acknowledgement,
    "all_lower": lambda w: bool(re.search("[a-z]", w.prose)) and not re.search("[A-Z]", w.prose),
    "no_end_punctuation": lambda w: not lexicon.END_MARK.search(w.tail),
    "full_stop": lambda w: bool(lexicon.FULL_STOP.search(w.tail)),
    "exclamation": lambda w: "!" in w.prose,
    "ellipsis": lambda w: bool(lexicon.ELLIPSIS.search(w.prose)),
    "emoji": lambda w: has_emoji(w.prose) or has_emoticon(w.prose),
    "unicode_emoji": lambda w: has_emoji(w.prose),
    "emoji_only": lambda w: not w.turn_words and (has_emoji(w.prose) or has_emoticon(w.prose)),
    "several_sentences": lambda w: bool(lexicon.NEXT_SENTENCE.search(w.prose)),
    "several_lines": lambda w: "\n" in w.text,
    "arrow_or_bullet": lambda w: bool(lexicon.ARROW_OR_BULLET.search(w.text)),
    "digit": lambda w: bool(re.search(r"\d", w.text)),
    "url": lambda w: bool(lexicon.URL.search(w.text)),
    "addressed": lambda w: w.addressed,
}
"""Mark of a line -> whether it has it."""


def measure(conversations: Sequence[Conversation]) -> Surface:
    """Pool the lines of all conversations. `lower_start` counts only lines that begin with a letter."""
    said = [take_apart(line.text, talk.names) for talk in conversations for line in talk.lines]
    lengths = [float(len(line.tokens)) for line in said]
    letters = [letter for line in said if (letter := first_letter(line))]
    return Surface(
        tokens_median=median(lengths),
        tokens_p90=quantile(lengths, 0.9),
        tokens_cv=variation(lengths),
        lower_start=share(letter.islower() for letter in letters),
        **{name: share(has(line) for line in said) for name, has in MARKS.items()},
    )
