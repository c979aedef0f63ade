"""One drill: the simulation with a person in the seat. No clock of its own, no output: time is passed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slackincidents.drills import commands
from slackincidents.drills import happenings as show
from slackincidents.drills.escalation import ladder
from slackincidents.drills.events import Event
from slackincidents.drills.happenings import Happening
from slackincidents.drills.pager import Pager, advance, possible
from slackincidents.planner.chair import Chair, Cue
from slackincidents.planner.hot_seat import due_cue, obey
from slackincidents.planner.simulate import Stage, begin, finish, last_moment
from slackincidents.planner.world import Responder, World
from slackincidents.schema import seat
from slackincidents.schema.plan import Beat, Plan, Request
from slackincidents.schema.seat import Move, Order, Seat
from slackincidents.schema.skeleton import Skeleton

LEVELS = 3


@dataclass
class Seen:
    """How far the happenings have been told."""

    beats: set[str] = field(default_factory=set)
    reactions: set[tuple[str, str, str]] = field(default_factory=set)
    clues: set[str] = field(default_factory=set)
    cues: set[int] = field(default_factory=set)
    rings: int = 0
    ring: object = None
    seated: bool = False
    effects: int = 0
    reopened: int = 0
    objection: object = None
    over: bool = False


class Session:
    """A drill from its first alert to its end. Made from a request; played again from its moves."""

    def __init__(self, skeleton: Skeleton, stage: Stage, request: Request, *, solvable: bool = True) -> None:
        """Nothing has happened yet: `advance` or `step` lets it begin."""
        self.skeleton = skeleton
        self.request = request
        self.solvable = solvable
        self.chair = Chair()
        self.moves: list[Move] = []
        self._world = begin(skeleton, stage, request, self.chair, solvable=solvable)
        self._seen = Seen()
        self.pager: Pager | None = None
        self.paging: list[Event] = []

    @classmethod
    def again(cls, skeleton: Skeleton, stage: Stage, request: Request, stored: Seat) -> tuple[Session, list[Happening]]:
        """A stored drill, played up to its last move, with all that has happened in it."""
        session, told = cls(skeleton, stage, request, solvable=stored.solvable), list[Happening]()
        for move in stored.moves:
            told += session._pass(move.at)
            told += session.order(move.order)[1]
        if stored.until is not None:
            told += session._pass(stored.until)
        return session, told

    # time

    @property
    def now(self) -> float:
        """Seconds since the first failure."""
        return self._world.now

    @property
    def clock(self) -> datetime:
        """The moment as the people in it see it."""
        return self.moment(self.now)

    def moment(self, at: float) -> datetime:
        """A number of seconds since the first failure as a date; the request's start is the first event's."""
        first = self._world.beats[0].at if self._world.beats else at
        return self._world.setting.start + timedelta(seconds=at - first)

    def advance(self, to: float) -> tuple[Happening, ...]:
        """Let time pass until `to` seconds; earlier moments are now."""
        self._world.advance(min(max(to, self.now), last_moment(self._world)))
        return self._news()

    def step(self, limit: float) -> tuple[Happening, ...]:
        """Let time pass until something happens that the seat can see, at most until `limit`."""
        limit = min(limit, last_moment(self._world))
        while not (news := self._news()) and (following := self._world.next_at) is not None and following <= limit:
            self._world.run(following)
        return news or self.advance(limit)

    def _pass(self, to: float) -> list[Happening]:
        """Let time pass as it did when the drill was played: happening by happening."""
        told = list[Happening]()
        while self.now < to:
            told += self.step(to)
        return told

    @property
    def over(self) -> bool:
        """True when nothing more will come of it."""
        return self._world.is_over() or self._world.next_at is None or self.now >= last_moment(self._world)

    # what is done

    def order(self, order: Order) -> tuple[str | None, tuple[Happening, ...]]:
        """Do something now: why it cannot be done, or None and what comes of it at once."""
        by = self.ringing or self.chair.handle or ""
        why = obey(self._world, order)
        if why is None:
            self.moves.append(Move(at=self.now, order=order))
            self._tell_pager(_for_pager(order, by), self.now)
            self._world.run(self.now)
        return why, self._news()

    # what is there

    @property
    def me(self) -> Responder | None:
        """The person in the seat, once the page is acknowledged."""
        return self._world.responders.get(self.chair.handle or "")

    @property
    def world(self) -> World:
        """The simulation behind it: to be read, never to be written."""
        return self._world

    @property
    def cue(self) -> Cue | None:
        """The line that is expected of the seat now."""
        waiting = due_cue(self._world, self.chair)
        return waiting if waiting is not None and waiting.expected else None

    @property
    def ringing(self) -> str | None:
        """Whose pager rings."""
        return self.chair.ringing.person if self.chair.ringing else None

    def known(self) -> tuple[str, ...]:
        """The clues that the seat knows, found or read, in the skeleton's order."""
        me = self.me
        return tuple(k for k in self.skeleton.clues if me is not None and self._world.knows(me, f"clue:{k}"))

    def readable(self, beat: Beat) -> bool:
        """True when the seat can read the channel of a beat; before it is filled, those of whoever is paged."""
        reader = self.me or self._world.responders.get(self.ringing or "")
        return reader is not None and beat.channel in reader.rooms

    @property
    def record(self) -> Seat:
        """What was done in it so far."""
        return Seat(moves=tuple(self.moves), solvable=self.solvable, until=self.now)

    def plan(self) -> Plan:
        """The course so far as a plan, from which the same can be made again. Needs a first event."""
        return finish(self._world, self.request.model_copy(update={"seat": self.record}))

    @property
    def outcome(self) -> str | None:
        """How it ended; None while it goes on."""
        trouble = self._world.trouble
        if self.chair.outage is not None:
            return show.OUTAGE
        if trouble.resolved:
            return show.RESOLVED
        return show.LEFT_OPEN if self.over else None

    # the pager beside it

    def _tell_pager(self, command: commands.Command | None, at: float) -> None:
        if self.pager is not None and command is not None and command.kind in (*possible(self.pager), "tick"):
            self.pager, events = advance(self.pager, command, max(self.pager.at, self.moment(at).timestamp()))
            self.paging += events

    def _pager_follows(self, happening: Happening) -> None:
        """What the pager is told of what happened, so that both say the same."""
        if isinstance(happening, show.Rang) and self.pager is None:
            people = self._world.on_call(happening.service)[:LEVELS]
            self.pager = Pager(ladder(people, timeout_s=max(1, round(self._world.tempo.page_timeout_s))))
            started = commands.Trigger(details=self._complaint(), severity=self.skeleton.severity)
            self._tell_pager(started, happening.at)
        for command in self._means(happening):
            self._tell_pager(command, happening.at)

    def _means(self, happening: Happening) -> tuple[commands.Command, ...]:
        me = self.chair.handle or self._world.lead or "nobody"
        match happening:
            case show.Took(effect="fixes"):
                return (commands.Mitigate(by=me),)
            case show.FiredAgain():
                return commands.Reopen(reason="the monitor fired again"), commands.Acknowledge(by=me)
            case show.Over(outcome=show.RESOLVED):
                return (commands.Resolve(by=self._world.lead or me),)
            case _:
                return (commands.Tick(),)

    def _complaint(self) -> str:
        alert = next((beat.alert for beat in self._world.beats if beat.alert), None)
        return self.skeleton.alerts[alert].title if alert else self.skeleton.title

    # what is new

    def _news(self) -> tuple[Happening, ...]:
        news = (
            *(*self._pages(), *self._lines(), *self._reactions(), *self._finds()),
            *(*self._effects(), *self._expectations(), *self._end()),
        )
        for happening in news:
            self._pager_follows(happening)
        return news

    def _pages(self) -> Iterator[Happening]:
        ring = self.chair.ringing
        if ring is not None and ring is not self._seen.ring:
            self._seen.ring = ring
            yield show.Rang(ring.sent, ring.person, ring.service, self._seen.rings)
            self._seen.rings += 1
        if self.chair.handle and not self._seen.seated:
            self._seen.seated = True
            yield show.Seated(self.now, self.chair.handle)

    def _lines(self) -> Iterator[Happening]:
        for beat in self._world.beats:
            if beat.id not in self._seen.beats and self.readable(beat):
                self._seen.beats.add(beat.id)
                yield show.Said(self.now, beat)

    def _reactions(self) -> Iterator[Happening]:
        for beat in self._world.beats if self._world.reactions else ():
            for emoji, by in self._world.reactions.get(beat.id, ()) if beat.id in self._seen.beats else ():
                if (beat.id, emoji, by) not in self._seen.reactions:
                    self._seen.reactions.add((beat.id, emoji, by))
                    yield show.Reacted(self.now, beat, emoji, by)

    def _finds(self) -> Iterator[Happening]:
        found = self.me.found if self.me else set[str]()
        for key in self.skeleton.clues:
            if f"clue:{key}" in found and key not in self._seen.clues:
                self._seen.clues.add(key)
                yield show.Found(self.now, key)

    def _effects(self) -> Iterator[Happening]:
        for at, key in self._world.effects[self._seen.effects :]:
            self._seen.effects += 1
            yield show.Took(at, key, self.skeleton.actions[key].effect)
        for at in self._world.reopened[self._seen.reopened :]:
            self._seen.reopened += 1
            yield show.FiredAgain(at)

    def _expectations(self) -> Iterator[Happening]:
        cue, objection = self.cue, self.chair.objection
        if cue is not None and id(cue) not in self._seen.cues:
            self._seen.cues.add(id(cue))
            yield show.Expected(cue.opened, cue.line.words.gist, cue.line.answers)
        if objection is not None and objection is not self._seen.objection:
            self._seen.objection = objection
            yield show.Objected(self.now, objection.action)

    def _end(self) -> Iterator[Happening]:
        if self.over and not self._seen.over:
            self._seen.over = True
            yield show.Over(self.now, self.outcome or show.LEFT_OPEN)


def _for_pager(order: Order, by: str) -> commands.Command | None:
    """What an order means to the pager; None when it is none of its business."""
    match order:
        case seat.Acknowledge():
            return commands.Acknowledge(by=by)
        case seat.Ignore():
            return commands.Ignore(by=by)
        case seat.Triage(severity=severity):
            return commands.Triage(severity=severity)
        case seat.CallIn(person=person):
            return commands.CallIn(by=by, person=person)
        case seat.HandOver(to=heir):
            return commands.HandOver(by=by, to=heir)
        case seat.Resolve():
            return commands.Resolve(by=by)
        case _:
            return None
