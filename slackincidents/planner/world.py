"""The state of one simulated response: who is there, what stands in which channel, what is known."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slackincidents.planner.chair import Chair
from slackincidents.planner.kernel import Kernel, Process, Strand
from slackincidents.planner.line import Place
from slackincidents.planner.oncall import at_night, on_call
from slackincidents.planner.pace import Tempo
from slackincidents.schema.acts import Act, Feature, Phase
from slackincidents.schema.change import Change
from slackincidents.schema.exchange import Exchange
from slackincidents.schema.people import Catalogue, Persona
from slackincidents.schema.plan import (
    Beat,
    Edit,
    Ending,
    Kind,
    Look,
    Page,
    Particular,
    Presence,
    Reaction,
    Words,
)
from slackincidents.schema.seat import React
from slackincidents.schema.skeleton import Skeleton
from slackincidents.seeds import Seed


@dataclass
class Responder:
    """A person in the incident: what they are doing and what they have seen themselves."""

    handle: str
    persona: Persona
    services: tuple[str, ...]
    night: bool
    desk: str = ""
    active: bool = False
    drive: float = 1.0
    found: set[str] = field(default_factory=set)
    rooms: dict[str, float] = field(default_factory=dict)
    free_at: float = 0.0
    raised: set[str] = field(default_factory=set)
    spoken: int = 0


@dataclass
class Trouble:
    """The state of the fault itself, and of what has been done about it."""

    fixed_at: float | None = None
    confirmed: bool = False
    resolved: bool = False
    closing: bool = False
    acting: str | None = None


@dataclass
class Setting:
    """What does not change during a run."""

    skeleton: Skeleton
    skeleton_sha256: str
    catalogue: Catalogue
    people: Mapping[str, Persona]
    rota: Mapping[str, Persona]
    """the people as the paging order sees them, whatever the change made of their hours"""
    engineers: Mapping[str, tuple[str, ...]]
    exchanges: tuple[Exchange, ...]
    figures: Mapping[str, str]
    particulars: Mapping[str, str]
    named: frozenset[str]
    """services whose engineers the caller named: they are paged in that order"""
    tempo: Tempo
    ending: Ending
    start: datetime
    brief: bool
    change: Change
    weary: Mapping[str, float]
    """who answers pages that much slower, after how many of them"""


class World(Kernel):
    """One run of the simulation. Processes read it, wait, and post beats through `post`."""

    def __init__(self, setting: Setting, seed: Seed, routine: Callable[[World, Responder], Process]) -> None:
        """An empty room at the moment of the first failure; `routine` is what responders do."""
        super().__init__()
        self._routine = routine
        self.setting = setting
        self.skeleton = setting.skeleton
        self.tempo = setting.tempo
        self.change = setting.change
        self.chair: Chair | None = None
        self.trouble = Trouble()
        self.beats: list[Beat] = []
        self.looks: list[Look] = []
        self.presence: list[Presence] = []
        self.pages: list[Page] = []
        self.responders: dict[str, Responder] = {}
        self.posted: dict[str, dict[str, float]] = {}
        self.reactions: dict[str, list[tuple[str, str]]] = {}
        self.parted: set[str] = set()
        self.marks: dict[str, list[Feature]] = {}
        self.edits: dict[str, int] = {}
        self.alert_roots: dict[str, str] = {}
        self.raised: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.tried: dict[str, float] = {}
        self.effects: list[tuple[float, str]] = []
        self.undone: list[tuple[float, str]] = []
        self.reopened: list[float] = []
        self.used: set[str] = set()
        self.floor: dict[str, Strand | None] = {}
        self.minted: dict[tuple[str, tuple[str, ...]], str] = {}
        self.paged = False
        self.called: set[str] = set()
        self.lead: str | None = None
        self.room: str | None = None
        self.severity = setting.skeleton.severity
        self._seed = seed
        self._rngs: dict[str, random.Random] = {}
        self.exchanges = 0
        self.told_at_update = -1
        self.guessing = 4.0 if self.chance("guessing", 0.15) else 1.0
        self.quiet_until = 0.0
        self.luck = 180.0 * math.exp(self.rng("luck").gauss(0.0, 0.8))
        self.causes = tuple(f"clue:{key}" for key, clue in setting.skeleton.clues.items() if clue.states_cause)
        self.trail = _trail(setting.skeleton)
        self.telling = frozenset(n for a in setting.skeleton.actions.values() if a.effect == "fixes" for n in a.needs)
        self.idle = self.rng("talkative").uniform(0.5, 1.6)

    def rng(self, name: str) -> random.Random:
        """The generator of one concern of whoever acts; neither concerns nor people disturb each other."""
        key = f"{name}/{self.owner}" if self.owner else name
        if key not in self._rngs:
            self._rngs[key] = self._seed.child(key).rng()
        return self._rngs[key]

    def steady(self, name: str) -> random.Random:
        """A generator that begins anew each time: the same choice whenever and by whomever it is made."""
        return self._seed.child(name).rng()

    def chance(self, name: str, share: float) -> bool:
        """True in `share` of the cases."""
        return self.rng(name).random() < share

    # who

    def person(self, handle: str) -> Responder:
        """The responder of that handle, made on first sight; owners can read their channels."""
        if handle not in self.responders:
            persona = self.setting.people[handle]
            services = tuple(s for s, crew in self.setting.engineers.items() if handle in crew)
            self.responders[handle] = Responder(handle, persona, services, self.is_night(persona))
            for service in services:
                self.enter(self.responders[handle], self.channel_of(service), "owner")
        return self.responders[handle]

    def start(self, person: Responder, service: str, drive: float, after: float = 0.0) -> None:
        """From now on the person works on the incident, at the desk of a service."""
        person.desk = person.desk or service
        person.drive = drive
        if not person.active:
            person.active = True
            self.spawn(self._routine(self, person), after, owner=person.handle)

    def is_night(self, persona: Persona) -> bool:
        """True when it is between 22 and 7 for that person."""
        return at_night(persona, self.clock)

    @property
    def clock(self) -> datetime:
        """The moment as a date."""
        return self.setting.start + timedelta(seconds=self.now)

    def enter(self, person: Responder, channel: str, reason: str) -> None:
        """From now on the person can read a channel, history included."""
        if channel not in person.rooms:
            person.rooms[channel] = self.now
            self.presence.append(Presence(person=person.handle, channel=channel, at=round(self.now), reason=reason))

    def present(self, channel: str | None = None) -> list[Responder]:
        """Active responders, those who can read `channel` if one is named."""
        return [r for r in self.responders.values() if r.active and (channel is None or channel in r.rooms)]

    @property
    def led(self) -> bool:
        """True unless the change is that nobody takes the lead; `lead` is then just the first who came."""
        return self.change.commander is None

    # what is known

    def knows(self, person: Responder, fact: str) -> bool:
        """True when the person found the fact or can read it in a channel they are in."""
        return fact in person.found or any(fact in self.posted.get(room, ()) for room in person.rooms)

    def public(self, fact: str) -> bool:
        """True when the fact stands in any channel."""
        return any(fact in facts for facts in self.posted.values())

    # what is said

    def post(
        self,
        speaker: str,
        act: Act,
        place: Place,
        words: Words,
        *,
        kind: Kind = Kind.MESSAGE,
        reveals: Iterable[str] = (),
        cites: Iterable[str] = (),
        mentions: tuple[str, ...] = (),
        answers: str | None = None,
        continues: str | None = None,
        hypothesis: str | None = None,
        action: str | None = None,
        alert: str | None = None,
        exchange: str | None = None,
        particulars: Mapping[str, str] | None = None,
        features: tuple[Feature, ...] = (),
        slip: bool = False,
    ) -> Beat:
        """Put a beat on the timeline now. Facts become readable in its channel."""
        beat = Beat(
            id=f"b{len(self.beats) + 1:03d}",
            at=round(self.now),
            kind=kind,
            channel=place.channel,
            speaker=speaker,
            act=act,
            phase=self.phase,
            thread=place.thread,
            answers=answers,
            continues=continues,
            reveals=tuple(reveals),
            cites=tuple(cites),
            hypothesis=hypothesis,
            action=action,
            alert=alert,
            exchange=exchange,
            mentions=mentions,
            words=words,
            particulars=tuple(Particular(name=k, value=v) for k, v in sorted((particulars or {}).items())),
            slip=slip,
            night=speaker in self.responders and self.responders[speaker].night,
            features=features,
        )
        self.beats.append(beat)
        for fact in (*beat.reveals, *beat.cites):
            self.posted.setdefault(place.channel, {}).setdefault(fact, self.now)
        if speaker in self.responders:
            self.responders[speaker].spoken += 1
        return beat

    def react(self, beat: Beat, emoji: str, handle: str, *, ordered: bool = False) -> None:
        """Somebody reacts to a beat with an emoji; the person in the seat only when they order it."""
        if self.chair and not ordered and not (self.strand and self.strand.ordered):
            if self.chair.decides(handle):
                return
            self.chair.note(handle, React(emoji=emoji, beat=beat.id), self.now)
        if (emoji, handle) not in self.reactions.setdefault(beat.id, []):
            self.reactions[beat.id].append((emoji, handle))

    def mark(self, beat: Beat, *features: Feature) -> None:
        """Label a beat with room features found out later."""
        self.marks.setdefault(beat.id, []).extend(features)

    def finished_beats(self) -> tuple[Beat, ...]:
        """The beats with the reactions, marks and edits that came after them."""
        return tuple(self._finished(beat) for beat in self.beats)

    def _finished(self, beat: Beat) -> Beat:
        features = tuple(dict.fromkeys((*beat.features, *self.marks.get(beat.id, ()))))
        grouped: dict[str, list[str]] = {}
        for emoji, handle in sorted(self.reactions.get(beat.id, ())):
            grouped.setdefault(emoji, []).append(handle)
        reactions = tuple(Reaction(emoji=e, users=tuple(users)) for e, users in grouped.items())
        edit = Edit(after_s=self.edits[beat.id]) if beat.id in self.edits else None
        later = {"features": features, "reactions": reactions, "edit": edit, "parted": beat.id in self.parted}
        return beat.model_copy(update=later)

    # where things stand

    def channel_of(self, service: str) -> str:
        """The on-call channel of a service."""
        return self.setting.catalogue.services[service].channel

    def on_call(self, service: str) -> tuple[str, ...]:
        """The people of a service in the order they are paged now."""
        crew = self.setting.engineers[service]
        return crew if service in self.setting.named else on_call(crew, self.setting.rota, self.clock)

    def group_of(self, service: str) -> str:
        """The on-call group of a service."""
        return self.setting.catalogue.services[service].oncall_group

    @property
    def primary(self) -> str:
        """The service where the trouble comes from."""
        return self.skeleton.root_cause.service

    def causes_known_to(self, person: Responder) -> tuple[str, ...]:
        """The facts that state the cause, as far as the person knows them."""
        return tuple(fact for fact in self.causes if self.knows(person, fact))

    @property
    def cause_known(self) -> bool:
        """True when a clue that states the cause stands in a channel."""
        return any(self.public(fact) for fact in self.causes)

    def is_over(self) -> bool:
        """True when nobody works on it any more."""
        return self.trouble.closing

    def is_pressing(self) -> bool:
        """True when the cause is known and nobody is doing anything about it yet."""
        return self.cause_known and not self.is_fixed() and self.trouble.acting is None

    def is_fixed(self) -> bool:
        """True when the fault itself is gone, known or not."""
        return self.trouble.fixed_at is not None

    @property
    def phase(self) -> Phase:
        """Where the response stands."""
        trouble = self.trouble
        if trouble.resolved or trouble.closing:
            return Phase.WIND_DOWN
        if trouble.fixed_at is not None:
            return Phase.VERIFY
        if self.tried or self.cause_known:
            return Phase.MITIGATE
        if self.raised or any(b.reveals and b.kind is not Kind.ALERT for b in self.beats[-12:]):
            return Phase.INVESTIGATE
        return Phase.TRIAGE if any(r.active for r in self.responders.values()) else Phase.DETECT


def _trail(skeleton: Skeleton) -> frozenset[str]:
    """The clues that state the cause, and all that must be known before them."""
    trail = {key for key, clue in skeleton.clues.items() if clue.states_cause}
    pending = list(trail)
    while pending:
        for need in skeleton.clues[pending.pop()].needs:
            if need in skeleton.clues and need not in trail:
                trail.add(need)
                pending.append(need)
    return frozenset(trail)
