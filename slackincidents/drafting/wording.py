"""What is wrong with tellings: words about nothing, broken choices, a manner that is not chat, too little variety."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slackincidents.drafting.answers import Answer, Evidence, Item, Outline, Remedies
from slackincidents.drafting.parts import Parts
from slackincidents.drafting.sayings import Arguing, Around, Talks, Telling
from slackincidents.tellings import SLOT, count

VARIETY = 6
"""How many texts a list must be able to become, at the least; a model that was told to mostly writes far more."""

FEW = {"objected": 3, "tellings": 4}
"""Lists that are seldom drawn from need fewer."""

VERBATIM = frozenset({"paste"})
"""Lists of output, which has its own manners."""

_SPEAKER = re.compile(r"\s*\{(you|lead)\}\s*:")
_WORD = re.compile(r"[a-z]+")
_CHOICE = re.compile(r"\([^()]*\)")


def wording(parts: Parts, stage: str, people: frozenset[str] = frozenset()) -> Iterator[str]:
    """Everything wrong with the tellings of one stage, each with its place. `people` are names nobody may say."""
    for table, said, known in _said(parts, stage):
        yield from (f"{table}.{name}: nothing is said about it yet" for name in known if name not in _names(said))
        for one in said:
            if one.key not in known:
                yield f"{table}.{one.key}: there is no such item"
            yield from _lists(f"{table}.{one.key}", one, people)
    if stage == "around":
        around = parts.get(Around)
        for place, words in (
            ("resolution", around.resolution),
            ("updates", around.updates),
            ("audience", around.audience),
        ):
            yield from [f"{place}: missing"] if words is None else _lists(place, words, people)
    if stage == "talks":
        for talk in parts.get(Talks).talks:
            for index, turn in enumerate(talk.turns):
                yield from _lists(f"talks.{talk.name}.turns.{index}", turn, people)


def _said(parts: Parts, stage: str) -> Iterator[tuple[str, tuple[Item, ...], tuple[str, ...]]]:
    """Table, what was said, and the names that it can be about."""
    evidence, remedies, around = parts.get(Evidence), parts.get(Remedies), parts.get(Around)
    if stage == "telling":
        yield "clues", parts.get(Telling).clues, _names(evidence.clues)
    elif stage == "arguing":
        yield "hypotheses", parts.get(Arguing).hypotheses, _names(evidence.hypotheses)
        yield "actions", parts.get(Arguing).actions, _names(remedies.actions)
    elif stage == "around":
        yield "cascade", around.cascade, _names(parts.get(Outline).cascade)
        yield "follow_ups", around.follow_ups, _names(remedies.follow_ups)
        yield "past_incidents", around.past_incidents, _names(remedies.past_incidents)


def _names(items: tuple[Item, ...]) -> tuple[str, ...]:
    return tuple(one.name for one in items)


def _lists(place: str, words: Answer, people: frozenset[str]) -> Iterator[str]:
    for name in type(words).model_fields:
        tellings = getattr(words, name)
        if not isinstance(tellings, tuple):
            continue
        for telling in tellings:
            if name not in VERBATIM and (wrong := fault(telling, people)):
                yield f"{place}.{name}: {wrong}: {telling!r}"
        texts = sum(count(telling) for telling in tellings)
        if name not in VERBATIM and texts < (wanted := FEW.get(name, VARIETY)):
            yield f"{place}.{name}: can become only {texts} texts; write more choices, at least {wanted} texts in all"


def fault(telling: str, people: frozenset[str] = frozenset()) -> str | None:
    """What is wrong with one telling as a line of chat; None when nothing is."""
    rest = telling
    while _CHOICE.search(rest):
        rest = _CHOICE.sub("", rest)
    if "(" in rest or ")" in rest:
        return "a parenthesis is not closed"
    if "|" in rest:
        return "a bar outside parentheses"
    if set("{}") & set(SLOT.sub("", telling)):
        return "a brace that is no slot"
    if not telling.isascii():
        return "not plain ASCII"
    if "\n" in telling:
        return "a line break"
    return _manner(telling) or _named(telling, people)


def _named(telling: str, people: frozenset[str]) -> str | None:
    if named := sorted(people & set(_WORD.findall(telling.lower()))):
        return f"names {named[0]}, and who is there is not known yet ({{you}}, {{lead}}, or a particular)"
    return None


def _manner(telling: str) -> str | None:
    if not telling.strip():
        return "empty"
    if "**" in telling or "<!" in telling or telling.lstrip().startswith(("#", "- ", "* ")):
        return "formatting or a broadcast"
    if "@" in telling:
        return "a mention; the engine adds those"
    if _SPEAKER.match(telling):
        return "begins with who speaks"
    if telling.rstrip().endswith((".", "!")):
        return "ends with a stop or an exclamation mark; the engine adds those"
    return None
