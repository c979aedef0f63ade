"""Brings conversations of any source into one shape, so that a judge sees how people talk and nothing of where.

Lower case, neutral names, minutes since the excerpt's first line. No emoji, links, pastes or markup; products,
services, flags, hosts and ids become ``tool1``, ``id1`` in order of appearance, the same way on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from slackincidents.realism.conversation import Conversation, Line
from slackincidents.realism.judge_words import EMOTICON_LIKE, GENERIC, IDIOMS, NEUTRAL, ORDINARY, PRODUCTS
from slackincidents.realism.wording import without_emoji
from slackincidents.schema.base import Frozen

LONGEST = 320
"""Characters of a line that are shown."""

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
_PASTE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LINK = re.compile(r"<(?:https?|mailto|ftp)[^>]*>|(?:https?|ftp|git|ssh)://\S+|\bwww\.\S+|\S+@\S+\.[a-z]{2,}\b", re.I)
_ROOM = re.compile(r"<#[^>]*>|(?<![\w&])#[a-z][\w-]*", re.IGNORECASE)
_GROUP = re.compile(
    r"<!(?:subteam|here|channel|everyone)[^>]*>|@[\w.-]*(?:oncall|on-call|here|channel|everyone|team)\b", re.I
)
_USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_BULLET = re.compile(r"\s*(?:[\u2022\u2192\u25cf]|^\s*[-*] |->|=>)\s*", re.MULTILINE)
_MARKS = re.compile(r"[*`~|]+|(?<!\w)_+|_+(?!\w)")
_AT = re.compile(r"@(?=\w)")
_SYMBOLS = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\ufe0f\u200d\ufffd]")
_PLACEHOLDER = re.compile(r"<(?:paste|link|room|team)>")

_ID = re.compile(
    r"""(?<![\w<])(?:
      --[A-Za-z][\w-]*(?:=\S+)?                        # a switch
    | ~?/[\w.@+-]{2,}(?:/[\w.@+*-]*)*                  # a path
    | [\w-]+(?:/[\w.-]+){1,}/[\w.-]*                   # one without a slash in front
    | v?\d+(?:\.\d+){2,}[\w.:/-]*                      # an address, a version
    | [A-Za-z][\w-]+(?:\.[A-Za-z][\w-]+)+              # host.domain, file.js
    | \w*[A-Za-z0-9]_[\w-]+                            # snake_case
    | [a-z]+[A-Z][\w-]*                                # camelCase
    | [A-Z][a-z]+[A-Z]\w+ | [A-Z]{2,}[a-z]{3,}\w*      # CamelCase, OOMKilled
    | [A-Za-z]\w*(?:-\w+){2,}                          # several-hyphens-here
    | (?=[\w-]*[A-Za-z])(?=[\w-]*\d)[\w-]{4,}          # letters and digits
    | \d{7,}
    )""",
    re.VERBOSE,
)
_QUANTITY = re.compile(r"[\d.,:x-]+[a-z%]{0,5}(?:-ish)?|p\d+|sev-?\d|\d+-\w+", re.IGNORECASE)
_SHORTENED = re.compile(r"(?:i\.e|e\.g|a\.k\.a|etc)", re.IGNORECASE)
_ENDING = re.compile(r"[\s.!]+$")
_WORD = re.compile(r"[^\s,;:?!()\[\]{}\"]+")


class Said(Frozen):
    """One flattened line: minutes since the excerpt began, a neutral name, the text."""

    minute: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Flattener:
    """Takes these words out of every excerpt: products, and the services of the made-up side."""

    terms: frozenset[str] = PRODUCTS

    @classmethod
    def knowing(cls, services: Iterable[str]) -> Flattener:
        """One that takes out these names too, whole and their telling parts."""
        whole = {name.lower().lstrip("#@") for name in services}
        parts = {part for name in whole for part in re.split(r"[-_ ]", name) if len(part) > 2} - GENERIC - ORDINARY
        return cls(PRODUCTS | whole | parts)

    def flatten(self, lines: Sequence[Line], names: Iterable[str]) -> tuple[Said, ...]:
        """The lines in one shape; those of which nothing is left are dropped. `names` are of people, lower case."""
        cast = _Cast(self.terms, frozenset(names) | {line.speaker.lower() for line in lines})
        begun = lines[0].at if lines else 0.0
        flat = [
            Said(minute=int((line.at - begun) // 60), who=cast.person(line.speaker), text=cast.flat(line.text))
            for line in lines
        ]
        return tuple(said for said in flat if said.text)


def room_of(talk: Conversation) -> Conversation:
    """The conversation as one room shows it: the channel with the most lines; the first of several."""
    counts: dict[str, int] = {}
    for line in talk.lines:
        counts[line.channel] = counts.get(line.channel, 0) + 1
    busiest = max(counts, key=lambda channel: counts[channel], default="")
    lines = tuple(line for line in talk.lines if line.channel == busiest)
    return Conversation(talk.name, lines, talk.names, talk.machine_at)


@dataclass
class _Cast:
    """The neutral names of one excerpt, given out in order of appearance."""

    terms: frozenset[str]
    names: frozenset[str]
    people: dict[str, str] = field(default_factory=dict)
    things: dict[tuple[str, str], str] = field(default_factory=dict)

    def person(self, name: str) -> str:
        """A person's neutral name; first name and whole name are the same person."""
        key = name.lower()
        known = next((one for one in self.people if one == key or key in one.split() or one in key.split()), None)
        if known is None:
            place = len(self.people)
            self.people[key] = NEUTRAL[place] if place < len(NEUTRAL) else f"p{place + 1}"
            known = key
        return self.people[known]

    def thing(self, kind: str, name: str) -> str:
        """A thing's neutral name: its kind and a number."""
        key = (kind, name.lower())
        if key not in self.things:
            self.things[key] = f"{kind}{sum(one == kind for one, _ in self.things) + 1}"
        return self.things[key]

    def flat(self, text: str) -> str:
        """One line of text in the shape of all others."""
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
        for pattern, put in ((_PASTE, " <paste> "), (_LINK, " <link> "), (_ROOM, " <room> "), (_GROUP, " <team> ")):
            text = pattern.sub(put, text)
        text = _USER.sub(lambda found: self.person(found[1]), text)
        text = EMOTICON_LIKE.sub(" ", _SYMBOLS.sub(" ", without_emoji(text, " ")))
        text = _BULLET.sub(", ", text)
        text = self._people.sub(self._named, text)
        text = _ID.sub(self._id, text)
        text = _MARKS.sub("", _AT.sub("", text)).lower()
        text = _WORD.sub(self._term, text)
        text = self._addressed(" ".join(text.split()))
        return _ENDING.sub("", _cut(text)).strip(" ,")

    @cached_property
    def _people(self) -> re.Pattern[str]:
        """Every known name as a whole word, the longest first; ordinary words only where they are addressed."""
        known = sorted(self.names - {""}, key=lambda name: (-len(name), name))
        plain = [re.escape(name) for name in known if name not in ORDINARY]
        called = [re.escape(name) for name in known if name in ORDINARY]
        either = [f"@?(?<![\\w-])(?:{'|'.join(plain)})(?![\\w-])"] if plain else []
        either += [f"@(?:{'|'.join(called)})\\b|^(?:{'|'.join(called)})(?=[:,] )"] if called else []
        return re.compile("|".join(either) or r"(?!)", re.IGNORECASE)

    def _named(self, found: re.Match[str]) -> str:
        return self.person(found[0].lstrip("@"))

    def _id(self, found: re.Match[str]) -> str:
        word = found[0]
        idiom = not IDIOMS.isdisjoint(word.lower().split("-")[1:-1])
        if idiom or _QUANTITY.fullmatch(word) or _SHORTENED.match(word) or word.lower() in self.terms:
            return word
        return self.thing("id", word)

    def _term(self, found: re.Match[str]) -> str:
        word = found[0].rstrip(".'-/")
        bare = word.removesuffix("'s")
        for form in (bare, bare.removesuffix("s")):
            if form in self.terms:
                return self.thing("tool", form) + found[0][len(bare) :]
        return self._parts(found[0])

    def _parts(self, word: str) -> str:
        """A compound of which a part is a name: ``redis-side``, ``kafka/envoy``."""
        if _PLACEHOLDER.fullmatch(word) or not re.search(r"[-/.'_=]", word):
            return word
        return re.sub(r"\w+", self._part, word)

    def _part(self, found: re.Match[str]) -> str:
        return self.thing("tool", found[0]) if found[0] in self.terms else found[0]

    def _addressed(self, text: str) -> str:
        """With names in front written alike, ``bo: text``: one platform has mentions there, another commas."""
        known = "|".join(map(re.escape, self.people.values()))
        return re.sub(rf"^({known})(?:[ :,]+)(?=[^ :,])", r"\1: ", text) if known else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0]
