"""What a speaker cannot know is in no part of a prompt in which they speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from slackincidents.library import Library
from slackincidents.pipeline import Workshop
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Fact, Plan
from slackincidents.tellings import SLOT, expand
from slackincidents.validator.words import guarded, telling_words
from slackincidents.writer.offline import OfflineWriter
from slackincidents.writer.prompts import Prompts, PromptSession
from slackincidents.writer.scenes import GRANULARITIES

SEEDS = range(20)
SKELETONS = Library().skeleton_names()
ROOM = re.compile(r"^ROOM (#[\w-]+)", re.MULTILINE)
LINE = re.compile(r"^(= )?(b\d{3,}) \d\d:\d\d (.+?)(?: ~\d+w|: )", re.MULTILINE)
LAYOUT = re.compile(r"^(= )?b\d{3,} \d\d:\d\d|~\d+w|\(\d+ min later\)|\bb\d{3,}\b", re.MULTILINE)
"""Ids, clock, lengths and pauses: figures that nobody says."""

FREE = ("past:", "task:", "recovery")


@dataclass(frozen=True)
class Rendered:
    """One room of one prompt: its text, the beats it shows, and those it asks for."""

    channel: str
    text: str
    shown: tuple[Beat, ...]
    asked: tuple[Beat, ...]

    @property
    def speakers(self) -> set[str]:
        """Who is to say something here."""
        return {beat.speaker for beat in self.asked}

    @property
    def end(self) -> Beat:
        """The last beat to be written here."""
        return self.asked[-1]


class Records:
    """What the plan's records say about everybody, worked out the long way round."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.index = {beat.id: place for place, beat in enumerate(plan.beats)}
        self.clue_words = {name: frozenset(_clue_words(plan, name)) for name in plan.skeleton.clues}
        self.doing = {
            (beat.speaker, f"{kind}:{beat.action}"): place
            for place, beat in reversed(list(enumerate(plan.beats)))
            if beat.act is Act.EXECUTE
            for kind in ("action", "outcome")
        }
        services = " ".join(f"{n} {s.model_dump_json()}" for n, s in plan.catalogue.services.items())
        alerts = " ".join(f"{a.title} {a.details} {a.signals}" for a in plan.skeleton.alerts.values())
        self.common = frozenset(guarded(f"{services} {alerts} {' '.join(plan.people)}")) | {"p50", "p95", "p99"}
        self.readable = cache(self._readable)
        self.facts = cache(self._facts)
        self.words = cache(self._words)

    def channels(self, person: str, at: int) -> frozenset[str]:
        """The channels somebody can read at a moment."""
        return frozenset(p.channel for p in self.plan.presence if p.person == person and p.at <= at)

    def _readable(self, person: str, end: str) -> tuple[Beat, ...]:
        place, at = self.index[end], self.plan.beats[self.index[end]].at
        rooms = self.channels(person, at)
        return tuple(beat for beat in self.plan.beats[: place + 1] if beat.channel in rooms)

    def _facts(self, person: str, end: str) -> frozenset[Fact]:
        at = self.plan.beats[self.index[end]].at
        read = {fact for beat in self.readable(person, end) for fact in (*beat.reveals, *beat.cites)}
        found = {f"clue:{look.clue}" for look in self.plan.looks if look.person == person and look.end <= at}
        done = {fact for (who, fact), when in self.doing.items() if who == person and when <= self.index[end]}
        return frozenset(read | found | done)

    def _words(self, person: str, end: str) -> frozenset[str]:
        """The words of everything somebody could have read or found, in any form."""
        known = {fact[5:] for fact in self.facts(person, end) if fact.startswith("clue:")}
        words = set(self.common).union(*(self.clue_words[name] for name in known))
        return frozenset(words.union(*(_beat_words(self.plan, beat) for beat in self.readable(person, end))))


def _clue_words(plan: Plan, name: str) -> Iterator[str]:
    clue = plan.skeleton.clues[name]
    for telling in (clue.fact, *clue.tellings.terse, *clue.tellings.casual, *clue.tellings.formal, *clue.paste):
        for text in expand(SLOT.sub(lambda m: plan.figures.get(m[1], " "), telling), limit=60):
            yield from guarded(text)


@cache
def _told(telling: str) -> frozenset[str]:
    return frozenset(telling_words(telling))


def _beat_words(plan: Plan, beat: Beat) -> frozenset[str]:
    values = {**plan.figures, **{p.name: p.value for p in beat.particulars}}
    spoken = (*beat.words.tellings, *beat.words.more, beat.words.gist, beat.words.link or "", *values_of(beat))
    return frozenset().union(*(_told(SLOT.sub(lambda m: values.get(m[1], " "), telling)) for telling in spoken))


def values_of(beat: Beat) -> tuple[str, ...]:
    """What the plan filled in for one beat."""
    return tuple(p.value for p in beat.particulars)


def rooms(plan: Plan, text: str) -> Iterator[Rendered]:
    """The rooms of a rendered prompt, read back from its text alone."""
    beats = {beat.id: beat for beat in plan.beats}
    starts = [*ROOM.finditer(text)]
    for start, end in zip(starts, [*(m.start() for m in starts[1:]), text.rindex("\nWrite ")], strict=True):
        inside = text[start.start() : end]
        lines = LINE.findall(inside)
        shown = tuple(beats[one] for _, one, _ in lines)
        yield Rendered(start[1], inside, shown, tuple(beats[one] for stands, one, _ in lines if not stands))


def leaks(records: Records, room: Rendered) -> Iterator[str]:
    """Everything in a room that one of its speakers cannot know when the last line is written."""
    end = room.end.id
    last = records.index[end]
    facts = {f for beat in room.shown for f in (*beat.reveals, *beat.cites) if not f.startswith(FREE)}
    texts = {
        name: SLOT.sub(lambda m: records.plan.figures.get(m[1], m[1]), clue.fact).rstrip(".")
        for name, clue in records.plan.skeleton.clues.items()
    }
    facts |= {f"clue:{name}" for name, text in texts.items() if text in room.text}
    words = set(guarded(LAYOUT.sub(" ", room.text)))
    for person in sorted(room.speakers):
        first = next(beat for beat in room.asked if beat.speaker == person)
        if room.channel not in records.channels(person, first.at):
            yield f"{person} cannot read {room.channel} at {first.id}"
        yield from (f"{person} cannot read {b.id}" for b in room.shown if b.channel != room.channel)
        yield from (f"{b.id} comes after the last line" for b in room.shown if records.index[b.id] > last)
        yield from (f"{person} cannot know {f} by {end}" for f in facts - records.facts(person, end))
        for name, own in records.clue_words.items():
            if f"clue:{name}" not in records.facts(person, end):
                yield from (
                    f"{person} cannot know {w!r} of {name} by {end}" for w in (words & own) - records.words(person, end)
                )


def cases(skeleton: str, seeds: Iterable[int]) -> Iterator[tuple[Plan, PromptSession, dict[str, str]]]:
    """Each seed's plan with its prompts and the offline writer's texts."""
    workshop, prompts = Workshop.open(Library()), Prompts.of(Library())
    for seed in seeds:
        plan = workshop.plan(skeleton, seed=seed)
        yield plan, prompts.session(plan), dict(OfflineWriter(workshop.banks).compose(plan).texts)


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_nobody_is_shown_what_they_cannot_know(skeleton: str) -> None:
    """Over 20 seeds and every granularity, all that stands in a room is known to each of its speakers by its end."""
    found = []
    for plan, session, texts in cases(skeleton, SEEDS):
        records = Records(plan)
        for granularity in GRANULARITIES:
            asked = 0
            for scene in session.scenes(granularity):
                for room in rooms(plan, session.scene(scene, texts)[1].content):
                    asked += len(room.asked)
                    found += [f"{plan.request.seed} {granularity}: {leak}" for leak in leaks(records, room)]
            assert asked == sum(len(scene.ids) for scene in session.scenes(granularity))
    assert found == []


@pytest.mark.parametrize("skeleton", SKELETONS[::3])
def test_a_revision_shows_nothing_more(skeleton: str) -> None:
    """Asked to mend any one line, a model sees no fact that its speaker did not know when saying it."""
    found = []
    for plan, session, texts in cases(skeleton, range(2)):
        records = Records(plan)
        for scene in session.scenes("turn"):
            text = session.revision(scene.ids, texts, {scene.ids[0]: ("too long",)})[1].content
            for room in rooms(plan, text):
                later = " ".join(
                    texts.get(b.id, "") for b in room.shown if records.index[b.id] > records.index[room.end.id]
                )
                found += [leak for leak in leaks(records, room) if not _stands_after(leak, later)]
    assert found == []


def _stands_after(leak: str, later: str) -> bool:
    """True for what is only seen in the lines after the one to mend, which are shown as they stand."""
    word = leak.partition("'")[2].partition("'")[0]
    return "comes after" in leak or (word != "" and word in later)
