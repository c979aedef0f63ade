"""How lines look: length, questions, doubt, assent, casing, punctuation, emoji, pasted evidence.

Shares of human lines, and lengths in tokens (split at white space). Real incident chat: a median of 8 tokens, a quarter
of three or fewer, 17 % with a question mark, 10 % hedged. Ranges stand in the file of bands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from slackincidents.realism import lexicon
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.tallies import Name, Pool, Rate
from slackincidents.realism.wording import Wording, has_emoji, has_emoticon

SURFACE = "surface"


def is_acknowledgement(line: Wording) -> bool:
    """At most four words, all of assent or its filler, one at least of assent."""
    said = set(line.turn_words)
    return len(line.turn_words) <= 4 and bool(said & lexicon.ASSENT) and said <= lexicon.ASSENT | lexicon.ASSENT_FILLER


def is_bare_evidence(line: Wording) -> bool:
    """Something pasted and nothing said: code, a link, a log line, with at most two words around it."""
    if lexicon.LOG_LINE.search(line.text):
        return True
    pasted = lexicon.CODE.search(line.text) or lexicon.URL.search(line.text)
    return bool(pasted) and len(line.turn_words) <= 2


def first_letter(line: Wording) -> str:
    """The letter the line begins with once the address is gone; empty when it begins otherwise."""
    found = lexicon.FIRST_LETTER.match(line.body)
    return found[1] if found else ""


MARKS: Mapping[str, tuple[str, Callable[[Wording], bool]]] = {
    "short": ("3 tokens or fewer", lambda w: len(w.tokens) <= 3),
    "long": ("25 tokens or more", lambda w: len(w.tokens) >= 25),
    "question": ("contains a question mark", lambda w: "?" in lexicon.URL.sub(" ", w.text)),
    "ends_question": ("ends with a question mark", lambda w: w.tail.endswith("?")),
    "hedge": ("hedged (wide)", lambda w: bool(lexicon.HEDGE.search(w.prose))),
    "hedge_strict": ("hedged (strict)", lambda w: bool(lexicon.HEDGE_STRICT.search(w.prose))),
    "acknowledgement": ("acknowledgement only", is_acknowledgement),
    "all_lower": (
        "all lower case",
        lambda w: bool(re.search("[a-z]", w.prose)) and not re.search("[A-Z]", w.prose),
    ),
    "no_end_punctuation": ("no end punctuation", lambda w: not lexicon.END_MARK.search(w.tail)),
    "full_stop": ("ends with a full stop", lambda w: bool(lexicon.FULL_STOP.search(w.tail))),
    "exclamation": ("exclamation mark", lambda w: "!" in w.prose),
    "ellipsis": ("ellipsis", lambda w: bool(lexicon.ELLIPSIS.search(w.prose))),
    "emoji": ("emoji or emoticon", lambda w: has_emoji(w.prose) or has_emoticon(w.prose)),
    "unicode_emoji": ("emoji or shortcode", lambda w: has_emoji(w.prose)),
    "emoji_only": ("emoji alone", lambda w: not w.turn_words and (has_emoji(w.prose) or has_emoticon(w.prose))),
    "several_sentences": ("several sentences", lambda w: bool(lexicon.NEXT_SENTENCE.search(w.prose))),
    "several_lines": ("several lines", lambda w: "\n" in w.text),
    "arrow_or_bullet": ("arrow or bullet", lambda w: bool(lexicon.ARROW_OR_BULLET.search(w.text))),
    "digit": ("has a digit", lambda w: bool(re.search(r"\d", w.text))),
    "url": ("has a link", lambda w: bool(lexicon.URL.search(w.text))),
    "addressed": ("addresses somebody", lambda w: w.addressed),
    "bare_evidence": ("evidence pasted without a word", is_bare_evidence),
}
"""Mark of a line -> its title, and whether a line has it."""


@dataclass
class Surface:
    """Pools the lines of all readings. `lower_start` counts only lines that begin with a letter."""

    lengths: Pool = field(default_factory=Pool)
    lower: Rate = field(default_factory=Rate)
    marks: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in MARKS})

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        said = reading.wordings
        self.lengths.add([float(len(line.tokens)) for line in said])
        letters = [letter for line in said if (letter := first_letter(line))]
        self.lower.add(sum(letter.islower() for letter in letters), len(letters))
        for name, (_, has) in MARKS.items():
            marked = [place for place, line in enumerate(said) if has(line)]
            self.marks[name].add(len(marked), len(said))
            for place in marked[:1]:
                self.marks[name].show(reading, place)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """All numbers of the surface."""
        return (
            self.lengths.quantile(Name("tokens_median", "tokens, median", SURFACE), boot, 0.5),
            self.lengths.quantile(Name("tokens_p90", "tokens, p90", SURFACE), boot, 0.9),
            self.lengths.variation(Name("tokens_cv", "token CV", SURFACE), boot),
            self.lower.score(Name("lower_start", "lower-case start", SURFACE), boot),
            *(self.marks[name].score(Name(name, title, SURFACE), boot) for name, (title, _) in MARKS.items()),
        )


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Pool the lines of all readings."""
    return collect(Surface(), readings, boot or Bootstrap())
