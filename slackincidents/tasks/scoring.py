"""How an answer is scored: 0 to 1, by pure functions. The definitions: docs/tasks.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from slackincidents.tasks.questions import Cause, Choice, FactKey, Facts, Named, Order, Question, Times
from slackincidents.tasks.reading import as_choice, as_list, as_seconds, as_text, as_times
from slackincidents.tasks.words import identifiers, place_of, sentences, stems

MOST_WORDS = {"cause": 60, "facts": 200}
"""More of an answer is not read: naming everything is no answer."""

NEAR = 3.0
"""A time within this many tolerances earns half."""


def score(question: Question, answer: JsonValue) -> float:
    """The score of an answer, 0 to 1. What cannot be read as an answer scores 0."""
    gold = question.answer
    if isinstance(gold, Choice):
        return chosen(gold, question.choices or (), answer)
    if isinstance(gold, Cause):
        return cause(gold, as_text(answer))
    if isinstance(gold, Order):
        return ordered(gold, answer)
    if isinstance(gold, Times):
        return timed(gold, as_times(answer))
    return summed_up(gold, as_text(answer))


def perfect(question: Question) -> JsonValue:
    """An answer that scores 1."""
    gold = question.answer
    if isinstance(gold, Choice):
        return (question.choices or ())[gold.index]
    if isinstance(gold, Cause):
        return f"{gold.service[0]}: {gold.plain}"
    if isinstance(gold, Order):
        return [service.name for service in gold.services]
    if isinstance(gold, Times):
        start = datetime.fromisoformat(gold.start)
        return {one.name: f"{start + timedelta(seconds=one.at):%H:%M:%S}" for one in gold.milestones}
    return "\n".join(fact.statement for fact in gold.known)


def chosen(gold: Choice, choices: Sequence[str], answer: JsonValue) -> float:
    """1 for the right choice, else 0."""
    return float(as_choice(answer, choices, {gold.index: gold.aliases}) == gold.index)


def cause(gold: Cause, answer: str) -> float:
    """Half for the service, if the first one named is right; half for the mechanism.

    The mechanism is named by an identifier of the cause, or by `need` of its words; fewer words earn their share.
    """
    text = _cut(answer, MOST_WORDS["cause"])
    right, wrong = _first(gold.service, text), _first(gold.others, text)
    service = right is not None and (wrong is None or right < wrong)
    found = set(gold.words) & stems(text)
    mechanism = 1.0 if identifiers(text) & set(gold.identifiers) else min(len(found) / gold.need, 1.0)
    return 0.5 * service + 0.5 * mechanism


def ordered(gold: Order, answer: JsonValue) -> float:
    """Half the F1 of the set, half the share of pairs in the right order; an absent one breaks its pairs."""
    said = list(dict.fromkeys(name for name in (_read(gold, word) for word in as_list(answer)) if name is not None))
    optional = {service.name for service in gold.optional}
    wanted = [service.name for service in gold.services]
    given = [name for name in said if name not in optional]
    hits = [name for name in given if name in wanted]
    if not hits:
        return 0.0
    f1 = 2 * len(hits) / (len(given) + len(wanted))
    pairs = [(a, b) for place, a in enumerate(wanted) for b in wanted[place + 1 :]]
    held = sum(a in hits and b in hits and hits.index(a) < hits.index(b) for a, b in pairs)
    return 0.5 * f1 + 0.5 * (held / len(pairs) if pairs else 1.0)


def timed(gold: Times, answer: Mapping[str, JsonValue]) -> float:
    """The mean over the moments: 1 within the tolerance, half within three of them, else 0."""
    start = datetime.fromisoformat(gold.start)
    total = 0.0
    for one in gold.milestones:
        at = as_seconds(answer.get(one.name), start, one.at)
        off = float("inf") if at is None else abs(at - one.at)
        total += 1.0 if off <= gold.tolerance else 0.5 if off <= NEAR * gold.tolerance else 0.0
    return total / len(gold.milestones)


def summed_up(gold: Facts, answer: str) -> float:
    """The share of known facts that it holds, times the share of unknown ones that it leaves alone."""
    text = _cut(answer, MOST_WORDS["facts"])
    told = sum(holds(text, fact) for fact in gold.known) / len(gold.known)
    claimed = sum(holds(text, fact) for fact in gold.unknown) / max(len(gold.unknown), 1)
    return told * (1 - claimed)


def holds(text: str, fact: FactKey) -> bool:
    """Whether a sentence has half of the fact's words, two at least (or its only one)."""
    words = set(fact.words)
    need = max(min(2, len(words)), (len(words) + 1) // 2)
    return any(len(words & stems(sentence)) >= need for sentence in sentences(text)) if words else False


def _first(names: Iterable[str], text: str) -> int | None:
    return min((place for place in (place_of(name, text) for name in names) if place is not None), default=None)


def _read(gold: Order, word: str) -> str | None:
    """The service that a word of the answer stands for; the word itself where it is none of the question's."""
    for service in (*gold.services, *gold.optional):
        if _same(word, service):
            return service.name
    return word.strip().lower() or None


def _same(word: str, service: Named) -> bool:
    plain = re.sub(r"[\s_-]+|service$|^the ", "", word.strip().strip("#`@*\"'.").lower())
    return any(plain == re.sub(r"[\s_-]+|^the ", "", name.lower()) for name in (service.name, *service.aliases))


def _cut(text: str, most: int) -> str:
    """The first words of a text, its lines kept."""
    found = list(re.finditer(r"\S+", text))
    return text if len(found) <= most else text[: found[most - 1].end()]
