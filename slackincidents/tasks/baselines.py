"""What one scores without understanding: predictors that read nothing, only the first alert, or only count words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from slackincidents.schema.plan import MONITOR
from slackincidents.seeds import Seed
from slackincidents.tasks.mechanisms import HINTS, Mechanism
from slackincidents.tasks.questions import Asked, Kind, Milestone, Order, Question, Times
from slackincidents.tasks.scoring import perfect
from slackincidents.tasks.serving import Served, SlackMessage
from slackincidents.tasks.words import names, stems

Services = Mapping[str, tuple[str, ...]]
"""Every service with all its names."""

Predictor = Callable[[Served], JsonValue]


def first_option(served: Served) -> JsonValue:
    """Reads nothing: the first choice."""
    return (served.asked.choices or ("",))[0]


def longest_option(served: Served) -> JsonValue:
    """Reads nothing: the longest choice."""
    return max(served.asked.choices or ("",), key=len)


def chance(seed: Seed) -> Predictor:
    """Reads nothing: any choice."""
    return lambda served: seed.child(served.asked.id).rng().choice(served.asked.choices or ("",))


@dataclass
class Prior:
    """Reads nothing, but has seen the gold answers of other scenarios: says what was usual there.

    By choices: the one whose parts (what stands before and after the colon) were right most often among those offered.
    """

    hits: Counter[str] = field(default_factory=Counter)
    offers: Counter[str] = field(default_factory=Counter)
    usual: dict[Kind, Counter[str]] = field(default_factory=dict)
    lists: Counter[tuple[str, ...]] = field(default_factory=Counter)
    offsets: dict[str, list[float]] = field(default_factory=dict)

    def learn(self, questions: Iterable[Question]) -> None:
        """Count the gold answers."""
        for question in questions:
            self._count(question)

    def __call__(self, served: Served) -> JsonValue:
        """The usual answer."""
        asked = served.asked
        if asked.choices:
            return max(asked.choices, key=lambda choice: sum(map(self._rate, _parts(choice))))
        if asked.kind is Kind.AFFECTED:
            return [*max(self.lists, key=lambda one: (self.lists[one], one), default=())]
        if asked.kind is Kind.TIMELINE:
            return {name: sorted(found)[len(found) // 2] for name, found in self.offsets.items()}
        seen = self.usual.get(asked.kind, Counter())
        return max(seen, key=lambda one: (seen[one], one), default="")

    def _count(self, question: Question) -> None:
        gold = question.answer
        if question.choices:
            self.offers.update(part for choice in question.choices for part in _parts(choice))
            self.hits.update(_parts(str(perfect(question))))
        elif isinstance(gold, Order):
            self.lists.update([tuple(service.name for service in gold.services)])
        elif isinstance(gold, Times):
            self._time(gold.milestones)
        else:
            self.usual.setdefault(question.kind, Counter())[str(perfect(question))] += 1

    def _time(self, milestones: Iterable[Milestone]) -> None:
        for one in milestones:
            self.offsets.setdefault(one.name, []).append(one.at)

    def _rate(self, part: str) -> float:
        return self.hits[part] / self.offers[part] if self.offers[part] else 0.0


def first_alert(services: Services) -> Predictor:
    """Reads the first alert and nothing else; what begins with the same one, or fires in its channel, is related."""

    def predict(served: Served) -> JsonValue:
        posted = served.transcripts[0]
        alert = _first_alert(posted)
        if served.asked.kind is Kind.RELATED:
            return _yes(_title(alert) == _title(_first_alert(served.transcripts[-1])))
        if served.asked.kind is Kind.ALERT_RELATED:
            return _yes(len(set(_ROOM.findall(served.asked.prompt))) == 1)
        owner = _named_most([alert], services) or ""
        return _about(served.asked, owner, "", [alert], [owner])

    return predict


def keywords(services: Services) -> Predictor:
    """Counts words: the service named most often, the mechanism whose words occur most often, the last messages."""

    def predict(served: Served) -> JsonValue:
        posted = served.transcripts[0]
        text = "\n".join(f"{one.channel} {one.text}" for one in posted)
        if served.asked.kind is Kind.RELATED:
            return _yes(_overlap(*served.transcripts[:2]) > _ALIKE)
        if served.asked.kind is Kind.ALERT_RELATED:
            return _yes(_talked_of(served) > _SPOKEN)
        if served.asked.kind is Kind.FIRST_TO_KNOW:
            return _first_with_most_words(served)
        asked = [service for service in services if any(one.startswith(f"{service}:") for one in _options(served))]
        pool = {name: services[name] for name in asked} or services
        service = _named_most(posted, pool) or ""
        return _about(served.asked, service, _mechanism(text, _options(served)), posted, _seen(posted, services))

    return predict


def first_mention(services: Services) -> Predictor:
    """Counts words like `keywords`, but whoever first used two words of the question knew first."""
    count = keywords(services)

    def predict(served: Served) -> JsonValue:
        if served.asked.kind is not Kind.FIRST_TO_KNOW:
            return count(served)
        wanted, among = stems(served.asked.prompt), _options(served)
        said = (one.user for one in served.transcripts[0] if one.user in among and len(wanted & stems(one.text)) >= 2)
        return next(said, among[0])

    return predict


def last_words(services: Services) -> Predictor:
    """Counts words like `keywords`, in the last fifth of each transcript only."""
    count = keywords(services)

    def predict(served: Served) -> JsonValue:
        ends = tuple(posted[-max(1, len(posted) // 5) :] for posted in served.transcripts)
        return count(served.model_copy(update={"transcripts": ends}))

    return predict


def _about(
    asked: Asked, service: str, mechanism: str, read: list[SlackMessage] | tuple[SlackMessage, ...], seen: list[str]
) -> JsonValue:
    """The answer that fits the kind, from a service, a mechanism and the messages that were read."""
    if asked.choices:
        fitting = [one for one in asked.choices if one.startswith(f"{service}:")] or list(asked.choices)
        return next((one for one in fitting if mechanism and one.endswith(mechanism)), fitting[0])
    if asked.kind is Kind.AFFECTED:
        return [*seen]
    if asked.kind is Kind.TIMELINE:
        clock = [_clock(one) for one in read]
        return {"detected": clock[0], "acknowledged": clock[min(1, len(clock) - 1)], "resolved": clock[-1]}
    if asked.kind is Kind.CATCH_UP:
        return "\n".join(one.text for one in read[-_TAIL:])
    return f"{service}: {mechanism} {read[-1].text}"


_TAIL, _ALIKE, _SPOKEN = 12, 0.35, 0.3
_ROOM = re.compile(r'" in (\S+) at ')
_ASKED = re.compile(r'Is the alert "(.*)" in (\S+) at ')


def _yes(it_is: bool) -> str:
    return "yes" if it_is else "no"


def _first_alert(posted: Sequence[SlackMessage]) -> SlackMessage:
    return next((one for one in posted if _is_alert(one)), posted[0])


def _title(alert: SlackMessage) -> str:
    return alert.text.partition("] ")[2].partition("\n")[0]


def _talked_of(served: Served) -> float:
    """The share of the words of the alert that is asked about which people use."""
    found = _ASKED.search(served.asked.prompt)
    title, room = found.groups() if found else ("", "")
    posted = served.transcripts[0]
    alert = next((one for one in posted if one.channel == room and _title(one) == title), posted[0])
    words = stems(f"{alert.text} {room}")
    said = frozenset[str]().union(*(stems(one.text) for one in posted if one.user != MONITOR))
    return len(words & said) / max(len(words), 1)


def _options(served: Served) -> tuple[str, ...]:
    return served.asked.choices or ()


def _parts(choice: str) -> list[str]:
    return [part.strip() for part in choice.split(":", 1)]


def _is_alert(message: SlackMessage) -> bool:
    return message.text.startswith("[firing")


def _named_most(posted: Iterable[SlackMessage], services: Services) -> str | None:
    counts: Counter[str] = Counter()
    for one in posted:
        counts.update(service for service, words in services.items() if names(f"{one.channel} {one.text}", words))
    return max(counts, key=lambda name: (counts[name], name), default=None)


def _seen(posted: Iterable[SlackMessage], services: Services) -> list[str]:
    """Services that had an alert, in the order of those."""
    alerts = [one for one in posted if _is_alert(one)]
    found = (_named_most([one], services) for one in alerts)
    return list(dict.fromkeys(name for name in found if name))


def _mechanism(text: str, options: Iterable[str]) -> str:
    """The mechanism whose words occur most often, among those on offer."""
    offered = {_parts(option)[-1] for option in options}
    found = [one for one in Mechanism if not offered or one.value in offered]
    counts = {one: len(re.findall(rf"\b(?:{HINTS[one]})\b", text, re.IGNORECASE)) for one in found}
    return max(counts, key=lambda one: counts[one]).value if counts else ""


def _first_with_most_words(served: Served) -> JsonValue:
    """The person whose message shares most words with the question."""
    wanted = stems(served.asked.prompt)
    among = [one for one in served.transcripts[0] if one.user in _options(served)]
    return max(among, key=lambda one: len(wanted & stems(one.text))).user if among else ""


def _overlap(one: Iterable[SlackMessage], other: Iterable[SlackMessage]) -> float:
    left, right = (frozenset().union(*(stems(message.text) for message in posted)) for posted in (one, other))
    return len(left & right) / max(min(len(left), len(right)), 1)


def _clock(message: SlackMessage) -> str:
    seconds = int(float(message.ts)) % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
