"""What a reworded line must keep: its figures, mentions, links, code and names, all of them and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGER = 3
"""How many times as long as the original a line may be, and how many characters more at that."""
SLACK = 80

SHORT = 2
"""Words in a line that may come again as it was."""

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)\]]")
_MENTION = re.compile(r"<[@#!][^>\n]*>|(?<![\w.@/<])[@#][A-Za-z](?:[\w.-]*\w)?")
_FIGURE = re.compile(r"(?:[A-Za-z_]+-?)*\d[\w.,:/%-]*")
_IDENTIFIER = re.compile(r"\b(?:[a-z]+[A-Z]\w*|[A-Z]{2,}[a-z]{2,}\w*|[A-Z][a-z]+[A-Z]\w*|[A-Za-z]\w*_\w+)\b")
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    r"|hundred|thousand|million|half|twice|double|doubled|triple|tripled|dozen)\b"
)
_UNIT = re.compile(r"(\d[\d.]*)-[a-z]+")


@dataclass(frozen=True)
class Names:
    """The names of a file that a line may not lose or gain: its services, and its people."""

    services: frozenset[str]
    people: frozenset[str]


@dataclass(frozen=True)
class Pieces:
    """What stands in one line beside plain words."""

    code: frozenset[str]
    links: frozenset[str]
    mentions: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]

    def shown(self) -> tuple[str, ...]:
        """All of them, each as it has to stand in the line."""
        return tuple(sorted({*self.code, *self.links, *self.mentions, *self.figures, *self.names}))


def pieces(text: str, names: Names) -> Pieces:
    """Take a line apart."""
    code, rest = _cut(_CODE, text)
    links, rest = _cut(_LINK, rest)
    mentions, rest = _cut(_MENTION, rest)
    identifiers = frozenset(_IDENTIFIER.findall(rest))
    return Pieces(
        code=code,
        links=links,
        mentions=mentions,
        figures=frozenset(_figures(rest)),
        names=identifiers | frozenset(_named(rest, names.services)),
    )


def complaints(old: str, new: str, names: Names) -> tuple[str, ...]:
    """Everything a new line does that it may not; empty when it can stand in place of the old one."""
    if not new.strip():
        return ("it has no text",)
    return tuple(_complaints(old, new, names))


def _complaints(old: str, new: str, names: Names) -> Iterator[str]:
    before, after = pieces(old, names), pieces(new, names)
    for kind in ("code", "links", "mentions", "figures", "names"):
        here, there = _folded(getattr(before, kind)), _folded(getattr(after, kind))
        lost, gained = sorted(here - there), sorted(there - here)
        if kind == "names":  # a name counts in any capitals
            lost, gained = sorted(set(lost) - set(_named(new, lost))), sorted(set(gained) - set(_named(old, gained)))
        yield from (f"it lacks {piece}" for piece in lost)
        yield from (f"it adds {piece}, which the original does not have" for piece in gained)
    counted = set(_COUNTED.findall(new.lower())) - set(_COUNTED.findall(old.lower()))
    yield from (f"it adds the number {word!r}" for word in sorted(counted))
    strangers = set(_named(new, names.people)) - set(_named(old, names.people))
    yield from (f"it adds {person}, who is not named in the original" for person in sorted(strangers))
    if "\n" in new and "\n" not in old:
        yield "it has several lines, the original one"
    if len(new) > LONGER * len(old) + SLACK:
        yield "it is much longer than the original"
    if plain(new) == plain(old) and not is_short(old):
        yield "it says the same words as the original"


def plain(text: str) -> str:
    """Lower-case words alone, to tell whether two lines are the same."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def is_short(text: str) -> bool:
    """One or two words: there are only so many ways to say them."""
    return len(plain(text).split()) <= SHORT


def _cut(pattern: re.Pattern[str], text: str) -> tuple[frozenset[str], str]:
    return frozenset(match[0] for match in pattern.finditer(text)), pattern.sub(" ", text)


def _figures(text: str) -> Iterator[str]:
    for match in _FIGURE.finditer(text):
        figure = re.sub(r"(?<=\d),(?=\d{3})", "", match[0].rstrip(".,:/-"))
        unit = _UNIT.fullmatch(figure)
        yield unit[1] if unit else figure


def _named(text: str, names: Iterable[str]) -> Iterator[str]:
    lower = text.lower()
    for name in names:
        if re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", lower):
            yield name


def _folded(found: frozenset[str]) -> set[str]:
    return {piece if piece.startswith("`") else piece.lower() for piece in found}
