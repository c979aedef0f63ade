"""Drills for the tests of the debrief, played by orders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from slackincidents.drills import happenings as show
from slackincidents.drills.happenings import Happening
from slackincidents.drills.session import Session
from slackincidents.pipeline import Workshop, drawn_start
from slackincidents.schema import seat
from slackincidents.schema.plan import Plan, Request
from slackincidents.schema.seat import Order

CREW = {"postgresql": ("alice", "bob", "charlie")}
LONG_S = 3 * 3600.0
TRAIL = ("cpu-full", "long-queries", "bi-login", "seq-scan", "tool-update", "cause")


@cache
def workshop() -> Workshop:
    """The library that ships, read once."""
    return Workshop.open()


class Drill:
    """A session with the few things that every test does."""

    def __init__(self, scenario: str = "database-failure", seed: str = "3", crew: Mapping[str, tuple[str, ...]] = CREW):
        """Nothing has happened yet."""
        request = Request(
            scenario=scenario, seed=seed, start_time=drawn_start(seed).isoformat(), pace="real", engineers=dict(crew)
        )
        self.session = Session(workshop().skeleton(scenario), workshop().stage, request)

    def until(self, *kinds: type[Happening], limit: float = LONG_S) -> bool:
        """Let time pass until one of these happens."""
        end = self.session.now + limit
        while self.session.now < end and not self.session.over:
            if any(isinstance(one, kinds) for one in self.session.step(end)):
                return True
        return False

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.session.advance(self.session.now + seconds)

    def do(self, order: Order) -> float:
        """Give an order that must be taken; when it was."""
        at = self.session.now
        why, _ = self.session.order(order)
        assert why is None, why
        return at

    def answered(self, after: float = 45.0) -> Drill:
        """Let it ring for a while, then answer."""
        self.until(show.Rang)
        self.wait(after)
        self.do(seat.Acknowledge())
        return self

    def look(self, clue: str) -> float:
        """Look for a clue until it is found; when that was."""
        self.do(seat.Look(clue=clue))
        self.until(show.Found)
        assert clue in self.session.known()
        return self.session.now

    def diagnose(self) -> Drill:
        """Walk the way to the cause, and tell it."""
        for clue in TRAIL:
            if clue not in self.session.known():
                self.look(clue)
        self.do(seat.Tell(clue="cause"))
        self.wait(30)
        return self

    def act(self, action: str) -> float:
        """Do something, whatever others say, until it takes effect; when it did."""
        while self.session.world.trouble.acting:
            self.wait(60)
        self.do(seat.Attempt(action=action))
        while not any(key == action for _, key in self.session.world.effects):
            assert self.until(show.Took, show.Objected)
            if self.session.chair.objection:
                self.do(seat.Attempt(action=action))
        return next(at for at, key in self.session.world.effects if key == action)

    def resolve(self) -> Drill:
        """Call it over, and let it end."""
        cue = self.session.cue
        self.do(seat.Take() if cue and cue.line.act == "resolve" else seat.Resolve())
        self.until(show.Over)
        return self

    @property
    def plan(self) -> Plan:
        """Its course so far."""
        return self.session.plan()

    @property
    def alert(self) -> int:
        """When the first alert fired, in the plan's seconds."""
        return next(beat.at for beat in self.plan.beats if beat.alert)

    def since(self, at: float) -> int:
        """A moment of the session on the debrief's clock."""
        return round(at - next(beat.at for beat in self.session.world.beats if beat.alert))


def good(after: float = 45.0) -> Drill:
    """Answers, finds the cause, does the right thing, calls it over."""
    drill = Drill().answered(after).diagnose()
    drill.act("kill-queries")
    drill.until(show.Expected, limit=1500)
    return drill.resolve()
