"""What a classifier may look at in a line, a window or a whole incident: names and numbers, no topic.

Views: ``style`` is platform-free (no casing, emoji, addressee, link, code or bullet), ``all`` adds those,
``flow`` is who speaks when and holds no text, ``topic`` is the content words alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Literal

from slackincidents.realism import lexicon
from slackincidents.realism.averages import median, share, variation
from slackincidents.realism.conversation import Conversation, Line
from slackincidents.realism.masking import FUNCTION_WORDS, START, STOP, masked
from slackincidents.realism.surface import first_letter, is_acknowledgement
from slackincidents.realism.wording import Wording, has_emoji, has_emoticon, take_apart, without_emoji, words

View = Literal["style", "all", "flow", "topic"]
Features = Mapping[str, float]

POSITIONS = ("first third", "middle third", "last third")

LENGTHS = ((1, "1 word"), (3, "2-3 words"), (7, "4-7 words"), (14, "8-14 words"), (24, "15-24 words"))
LONGEST = "25 words or more"

_BULLETS = re.compile(r"→|•|->|=>|^\s*[-*>] ", re.MULTILINE)
_MARKUP = re.compile(r"(?<!\w)[*_~]+(?=\S)|(?<=\S)[*_~]+(?!\w)")
_MENTIONS = re.compile(r"<[@!#][^>]*>|(?<![\w.])(?:@[A-Za-z][\w.-]*\w|#(?=[A-Za-z]))")
_LEFT_OVER = re.compile(r"\s*[:(]+\s*$")
_FLAT_END = re.compile(r"[.!]+$")
_SENTENCE = re.compile(r"[.!?]+\s+(?=\w)")


def _has(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a pattern."""
    search = re.compile(pattern).search
    return lambda text: search(text) is not None


_FIGURES = re.compile(r"\d[\d.,:]*")

STYLE_MARKS: Mapping[str, Callable[[str], bool]] = {
    "question": lambda text: "?" in text,
    "hedge": lambda text: bool(lexicon.HEDGE_STRICT.search(text)),
    "looks like": lambda text: bool(lexicon.HEDGE.search(text)) and not lexicon.HEDGE_STRICT.search(text),
    "full stop at the end": lambda text: bool(lexicon.FULL_STOP.search(text)),
    "no mark at the end": lambda text: not lexicon.END_MARK.search(text),
    "exclamation": lambda text: "!" in text,
    "ellipsis": lambda text: bool(lexicon.ELLIPSIS.search(text)),
    "two sentences": lambda text: bool(_SENTENCE.search(text)),
    "comma": lambda text: "," in text,
    "two commas": lambda text: text.count(",") > 1,
    "colon": _has(r":(\s|$)"),
    "brackets": lambda text: "(" in text,
    "quotes": lambda text: '"' in text,
    "dash": _has(r"\s[-\u2013\u2014]+\s"),
    "slash": _has(r"\w/\w"),
    "digit": _has(r"\d"),
    "two figures": lambda text: len(_FIGURES.findall(text)) > 1,
    "apostrophe": _has(r"\w['\u2019]\w"),
    "apostrophe dropped": _has(r"\b(im|ive|dont|doesnt|didnt|cant|wont|isnt|thats|youre)\b"),
    "first person": _has(r"\b(i|i'm|i've|i'll|i'd|im|ive|me|my)\b"),
    "second person": _has(r"\b(you|your|you're|u|ur|youre)\b"),
    "we": _has(r"\b(we|us|our|we're|we've)\b"),
}
"""Platform-free marks; each is asked of a lower-case text without address, link, code and emoji."""

PLATFORM_MARKS: Mapping[str, Callable[[Wording], bool]] = {
    "lower start": lambda said: first_letter(said).islower(),
    "capital start": lambda said: first_letter(said).isupper(),
    "all lower": lambda said: bool(re.search("[a-z]", said.prose)) and said.prose == said.prose.lower(),
    "lower i": lambda said: bool(re.search(r"\bi\b", said.prose)),
    "shouted word": lambda said: bool(re.search(r"\b[A-Z]{4,}\b", said.prose)),
    "emoji": lambda said: has_emoji(said.prose) or has_emoticon(said.prose),
    "addressed": lambda said: said.addressed,
    "link": lambda said: bool(lexicon.URL.search(said.text)),
    "code": lambda said: bool(lexicon.CODE.search(said.text)),
    "bullet or arrow": lambda said: bool(lexicon.ARROW_OR_BULLET.search(said.text)),
    "several lines": lambda said: "\n" in said.text,
}
"""Marks that a platform or a client leaves."""


def plain_style(said: Wording, flat: bool = False) -> str:
    """The lower-case text without what a platform adds; `flat` also drops closing full stops and exclamations."""
    text = without_emoji(_MENTIONS.sub(" ", said.prose), " ")
    text = re.sub(r"\s+", " ", _MARKUP.sub("", _BULLETS.sub(" ", text))).strip().lower()
    text = text if said.prose == said.body else _LEFT_OVER.sub("", text)
    return _FLAT_END.sub("", text) if flat else text


@dataclass(frozen=True, slots=True)
class Look:
    """One line, looked at once for every view: its plain text, its style, and what a platform added."""

    text: str
    style: Mapping[str, float]
    platform: Mapping[str, float]

    def of(self, view: View) -> Features:
        """Present features only. A bare link or emoji has no style, and no line alone has a flow."""
        if view == "flow" or (view == "style" and not self.text):
            return {}
        if view == "topic":
            known = (word for word in words(self.text) if word not in FUNCTION_WORDS and not word.isdigit())
            return {f"topic:{word}": 1.0 for word in known}
        return {**self.style, **self.platform} if view == "all" else self.style


@dataclass(frozen=True)
class Seen:
    """Lines that were looked at, so that no view, window or yardstick does it again."""

    _looks: dict[tuple[Conversation, bool], list[Look]] = field(default_factory=dict)

    def features(self, talk: Conversation, view: View, flat: bool = False) -> list[Features]:
        """The features of every line of a conversation."""
        if (talk, flat) not in self._looks:
            self._looks[talk, flat] = [look(line, talk.names, flat) for line in talk.lines]
        return [one.of(view) for one in self._looks[talk, flat]]


def look(line: Line, names: Set[str], flat: bool = False) -> Look:
    """What a classifier may see of a line; `flat` leaves out casing and closing marks."""
    said = take_apart(line.text, names)
    text = plain_style(said, flat)
    marks = [name for name, has in STYLE_MARKS.items() if has(text)]
    if is_acknowledgement(said):
        marks.append("assent only")
    style = {
        **{f"mark:{name}": 1.0 for name in marks},
        f"length:{_length(len(text.split()))}": 1.0,
        **_grams(masked(text)),
    }
    return Look(text, style, {f"mark:{name}": 1.0 for name, has in PLATFORM_MARKS.items() if has(said)})


def line_features(line: Line, names: Set[str], view: View = "style", flat: bool = False) -> Features:
    """The features of one line by one view."""
    return look(line, names, flat).of(view)


def pooled_features(lines: Sequence[Line], each: Sequence[Features], view: View, timed: bool) -> dict[str, float]:
    """The features of several lines together: shares of the lines that have any, or for ``flow`` order and times."""
    if view == "flow":
        return flow_features(lines, timed)
    totals: Counter[str] = Counter()
    for features in each:
        totals.update(features)
    return {name: value / max(1, sum(map(bool, each))) for name, value in totals.items()}


def flow_features(lines: Sequence[Line], timed: bool = True) -> dict[str, float]:
    """Who speaks after whom, how long, and when (`timed`: times are known to the second)."""
    lengths = [float(len(line.text.split())) for line in lines]
    runs = [len(list(run)) for _, run in groupby(lines, key=lambda line: line.speaker)]
    found = {
        "flow:same speaker goes on": share(a.speaker == b.speaker for a, b in pairwise(lines)),
        "flow:longest run": math.log(max(runs, default=1)),
        "flow:speakers": math.log(1 + len({line.speaker for line in lines})),
        "flow:busiest speaker": max(Counter(line.speaker for line in lines).values()) / len(lines) if lines else None,
        "flow:lengths vary": variation(lengths),
        "flow:median length": _log(median(lengths)),
        "flow:question answered by another": share(
            a.speaker != b.speaker for a, b in pairwise(lines) if a.text.rstrip().endswith("?")
        ),
    }
    if timed:
        gaps = [max(0.0, b.at - a.at) for a, b in pairwise(lines)]
        found |= {
            "flow:median gap": _log(median(gaps)),
            "flow:gaps vary": variation(gaps),
            "flow:gaps of 10 s or less": share(gap <= 10 for gap in gaps),
            "flow:gaps over 5 min": share(gap > 300 for gap in gaps),
        }
    return {name: value for name, value in found.items() if value is not None}


def position(place: int, count: int) -> str:
    """The third of the incident in which line `place` of `count` stands."""
    return POSITIONS[min(2, 3 * place // max(1, count))]


def _grams(tokens: Sequence[str]) -> dict[str, float]:
    """Function words, pairs of neighbours, and the three tokens at either end."""
    fenced = [START, *tokens, STOP]
    found = {f"word:{token}": 1.0 for token in tokens if token in FUNCTION_WORDS}
    found |= {f"pair:{left} {right}": 1.0 for left, right in pairwise(fenced)}
    if len(tokens) > 1:
        found |= {f"opening:{' '.join(fenced[1:3])}": 1.0, f"closing:{' '.join(fenced[-3:-1])}": 1.0}
    return found


def _length(count: int) -> str:
    return next((name for most, name in LENGTHS if count <= most), LONGEST)


def _log(value: float | None) -> float | None:
    return None if value is None else math.log1p(value)
