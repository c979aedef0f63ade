"""Grounding: every figure and name in a text must come from a fact its speaker could know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from slackincidents.schema.incident import ActionEvent, AlertEvent, EventBase, IncidentRecord, Spoken, SystemEvent
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import Beat, Fact, Plan
from slackincidents.schema.skeleton import Skeleton
from slackincidents.tellings import SLOT
from slackincidents.validator.cone import Cone
from slackincidents.validator.words import guarded, is_number, telling_words, words

CHANNEL = re.compile(r"(?<![\w&/])#([a-z][a-z0-9_-]{2,})")
EVERYDAY = frozenset({"k8s"})
"""Words with the shape of an identifier that are plain speech."""


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """One word in the event at `index` that its speaker could not know."""

    index: int
    word: str
    number: bool
    person: bool = False


@dataclass(slots=True)
class Room:
    """What stands in one channel so far."""

    words: set[str] = field(default_factory=set)
    facts: dict[Fact, None] = field(default_factory=dict)


class Lexicon:
    """The words that go with each fact of a plan, worked out when first asked for."""

    def __init__(self, plan: Plan) -> None:
        """Nothing is worked out yet."""
        self._plan = plan
        self._facts: dict[Fact, frozenset[str]] = {}

    def of_fact(self, fact: Fact) -> frozenset[str]:
        """The words somebody who knows the fact can use."""
        if fact not in self._facts:
            self._facts[fact] = self._words(fact_texts(self._plan.skeleton, fact), self._plan.figures)
        return self._facts[fact]

    def of_beat(self, beat: Beat) -> frozenset[str]:
        """The words the plan itself hands to one beat."""
        values = {**self._plan.figures, **{p.name: p.value for p in beat.particulars}}
        spoken = self._words((*beat.words.tellings, *beat.words.more, beat.words.gist, beat.words.link or ""), values)
        return spoken.union(*(words(p.value) for p in beat.particulars), *map(self.of_fact, beat_facts(beat)))

    def _words(self, tellings: Iterable[str], values: Mapping[str, str]) -> frozenset[str]:
        found: set[str] = set()
        for telling in tellings:
            filled = SLOT.sub(lambda m: values.get(m[1], " "), telling) if "{" in telling else telling
            found |= telling_words(filled)
        return frozenset(found)


def beat_facts(beat: Beat) -> tuple[Fact, ...]:
    """The facts a beat is about; a guess or an action it names counts as one."""
    guess = (f"hypothesis:{beat.hypothesis}",) if beat.hypothesis else ()
    action = (f"action:{beat.action}",) if beat.action else ()
    alert = (f"alert:{beat.alert}",) if beat.alert else ()
    return (*beat.reveals, *beat.cites, *guess, *action, *alert)


def fact_texts(skeleton: Skeleton, fact: Fact) -> tuple[str, ...]:
    """Every telling of one fact, slots still open; nothing for a fact that is not in the skeleton.

    A clue's paste is not among them: of its many forms only the one that was posted is known.
    """
    kind, _, name = fact.partition(":")
    if kind == "clue" and (clue := skeleton.clues.get(name)):
        return (clue.fact, *clue.tellings.terse, *clue.tellings.casual, *clue.tellings.formal)
    if kind == "alert" and (alert := skeleton.alerts.get(name)):
        return (alert.title, alert.details, *(f"{{{signal}.peak}}" for signal in alert.signals))
    if kind == "hypothesis" and (guess := skeleton.hypotheses.get(name)):
        return (guess.claim, guess.component, *guess.raised, *guess.doubted, *guess.withdrawn)
    if kind == "action" and (action := skeleton.actions.get(name)):
        return (
            action.label,
            action.command,
            action.output,
            action.details,
            *action.proposed,
            *action.objected,
            *action.done,
        )
    if kind == "outcome" and (action := skeleton.actions.get(name)):
        return (action.output, *action.outcome)
    if kind == "task":
        return tuple(t for f in skeleton.follow_ups if f.task == name for t in (f.task, *f.tellings))
    if kind == "past":
        return tuple(t for p in skeleton.past_incidents if p.ref == name for t in (p.ref, p.when, p.what, *p.tellings))
    return ()


def ungrounded(
    incident: IncidentRecord, plan: Plan, catalogue: Catalogue, people: Mapping[str, Persona], cone: Cone
) -> Iterator[Ungrounded]:
    """Walk the timeline once; every word that needs a fact and has none the speaker could know."""
    walk = _Walk(plan, catalogue, people, cone)
    for index, (event, beat) in enumerate(zip(incident.timeline, plan.beats, strict=False)):
        if isinstance(event, Spoken) and not isinstance(event, SystemEvent):
            yield from walk.check(index, event, beat)
        walk.hear(event, beat)


class _Walk:
    """One pass over a timeline: what stands in each room, and what a speaker may draw on."""

    def __init__(self, plan: Plan, catalogue: Catalogue, people: Mapping[str, Persona], cone: Cone) -> None:
        self._cone = cone
        self._lexicon = Lexicon(plan)
        self._beats = {beat.id: beat for beat in plan.beats}
        self._rooms: dict[str, Room] = {}
        self._named = _names(people)
        self._present = {p.person for p in plan.presence}
        self._free = EVERYDAY | _common(catalogue) | {p.channel.lstrip("#") for p in plan.presence}
        self._options = frozenset(_options(plan))

    def hear(self, event: EventBase, beat: Beat) -> None:
        """The event now stands in its channel."""
        room = self._rooms.setdefault(event.channel, Room())
        room.words |= words(event.text)
        if isinstance(event, AlertEvent):
            for metric, value in event.metrics.items():
                room.words |= words(f"{metric} {metric.replace('_', ' ')} {value}")
        elif isinstance(event, ActionEvent):
            room.words |= words(event.action_details)
        for value in (event.metrics_after or {}).values():
            room.words |= words(str(value))
        room.facts.update(dict.fromkeys((*beat.reveals, *beat.cites)))

    def check(self, index: int, event: Spoken, beat: Beat) -> Iterator[Ungrounded]:
        """The words of one text that its speaker could not know."""
        said = words(event.content)
        doubtful = [*guarded(event.content), *sorted(said & self._options)]
        doubtful += CHANNEL.findall(event.content) if "#" in event.content else []
        own: frozenset[str] | None = None
        for word in dict.fromkeys(doubtful):
            if word in self._free or self._read(word, event):
                continue
            own = self._own(beat) if own is None else own
            if word not in own and not self._known(word, event):
                yield Ungrounded(index, word, is_number(word))
        for word in sorted(said & self._named.keys()):
            if self._named[word] in self._present or f"@{word}" in event.content:
                continue
            own = self._own(beat) if own is None else own
            if word not in own and not self._read(word, event):
                yield Ungrounded(index, word, number=False, person=True)

    def _open_rooms(self, event: Spoken) -> Iterator[Room]:
        for channel, room in self._rooms.items():
            if self._cone.reads(event.user, channel, event.offset_seconds):
                yield room

    def _read(self, word: str, event: Spoken) -> bool:
        return any(word in room.words for room in self._open_rooms(event))

    def _known(self, word: str, event: Spoken) -> bool:
        facts = [f for room in self._open_rooms(event) for f in room.facts]
        facts += [f for f, end in self._cone.found.get(event.user, {}).items() if end <= event.offset_seconds]
        return any(word in self._lexicon.of_fact(fact) for fact in facts)

    def _own(self, beat: Beat) -> frozenset[str]:
        before = self._beats.get(beat.continues) if beat.continues else None
        own = self._lexicon.of_beat(beat)
        return own | self._lexicon.of_beat(before) if before else own


def _names(people: Mapping[str, Persona]) -> dict[str, str]:
    named = {persona.name.split()[0].lower(): handle for handle, persona in people.items()}
    return named | {handle.lower(): handle for handle in people}


def _common(catalogue: Catalogue) -> frozenset[str]:
    found: set[str] = set()
    for name, service in catalogue.services.items():
        found.update(*map(words, (name, service.channel, service.oncall_group, service.technology, *service.aliases)))
    return frozenset(found)


def _options(plan: Plan) -> Iterator[str]:
    """Names made up for one seed: those chosen and those that were not."""
    for options in plan.skeleton.particulars.values():
        for option in options:
            if " " not in option and any(sign in option for sign in "-._/"):
                yield option.lower()
