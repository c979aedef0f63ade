"""The pager against a model of it: random commands at random moments, and what must hold after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from slackincidents.drills import events as out
from slackincidents.drills.commands import (
    Acknowledge,
    CallIn,
    Command,
    Escalate,
    HandOver,
    Ignore,
    Mitigate,
    Reopen,
    Resolve,
    Tick,
    Triage,
    Trigger,
)
from slackincidents.drills.escalation import Level, Policy
from slackincidents.drills.pager import Events, Fate, Pager, Stage, advance, possible, replay

PEOPLE = st.sampled_from(["alice", "bob", "charlie", "dave"])
LEVELS = st.builds(Level, people=st.lists(PEOPLE, min_size=1, max_size=2).map(tuple), timeout_s=st.integers(1, 400))
POLICIES = st.builds(Policy, levels=st.lists(LEVELS, min_size=1, max_size=3).map(tuple), repeats=st.integers(0, 2))
STEPS = st.sampled_from([0.0, 0.5, 1.0, 30.0, 60.0, 299.0, 300.0, 301.0, 5000.0]) | st.floats(0, 1000)
SEVERITIES = st.sampled_from(["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
CLOSERS = (out.Acknowledged, out.Joined, out.Expired, out.Cancelled)
BY_ARGUMENT = {"acknowledge", "ignore", "call-in", "hand-over"}
"""Commands that can be possible, and still be refused for whom they name."""

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Trigger, details=st.just("it burns")),
    st.builds(Acknowledge, by=PEOPLE),
    st.builds(Ignore, by=PEOPLE),
    st.builds(Escalate, by=PEOPLE),
    st.builds(CallIn, by=PEOPLE, person=PEOPLE),
    st.builds(Triage, severity=SEVERITIES),
    st.builds(Mitigate, by=PEOPLE),
    st.builds(HandOver, by=PEOPLE, to=PEOPLE),
    st.builds(Resolve, by=PEOPLE),
    st.builds(Reopen),
    st.just(Tick()),
)


class Paging(RuleBasedStateMachine):
    """One pager, and what its events alone say about it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Pager(Policy(levels=(Level(people=("alice",)),)))
        self.told: list[tuple[float, Command]] = []
        self.events: list[out.Event] = []
        self.moment = 0.0
        self.holders: list[str] = []

    @initialize(policy=POLICIES)
    def start(self, policy: Policy) -> None:
        """Any policy."""
        self.state = Pager(policy)

    @rule(command=COMMANDS, step=STEPS)
    def anything(self, command: Command, step: float) -> None:
        """Any command, sensible or not, some time later."""
        self.take(command, step)

    @precondition(lambda self: self.state.stage is Stage.QUIET)
    @rule(step=STEPS)
    def trigger(self, step: float) -> None:
        """Off it goes; chance alone would leave too many pagers quiet."""
        self.take(Trigger(details="it burns"), step)

    @precondition(lambda self: self.state.open_pages)
    @rule(data=st.data(), step=st.floats(0, 200))
    def answer(self, data: st.DataObject, step: float) -> None:
        """Somebody who was paged answers, or does not want to."""
        page = self.state.pages[data.draw(st.sampled_from(self.state.open_pages))]
        answers: list[Command] = [Acknowledge(by=page.person), Ignore(by=page.person)]
        self.take(data.draw(st.sampled_from(answers)), step)

    @precondition(lambda self: self.state.due is not None)
    @rule()
    def wait_to_the_second(self) -> None:
        """Time passes up to the very moment at which a page expires."""
        assert self.state.due is not None
        self.take(Tick(), self.state.due - self.state.at)

    @rule(command=COMMANDS, back=st.floats(0.001, 1000))
    def backwards(self, command: Command, back: float) -> None:
        """No command is taken from the past."""
        after, events = advance(self.state, command, self.state.at - back)
        assert after is self.state
        assert [event.kind for event in events] == ["refused"]

    def take(self, command: Command, step: float) -> None:
        """Advance, twice, and watch that nothing but the answer comes of it."""
        before, shown, now = self.state, repr(self.state), self.state.at + step
        after, events = advance(before, command, now)
        assert advance(before, command, now) == (after, events)
        assert repr(before) == shown
        if isinstance(events[-1] if events else None, out.Refused):
            self.refused(before, after, command, events)
            return
        self.told.append((now, command))
        self.events += events
        assert after.at == now
        self.follow(events)
        self.state = after

    def refused(self, before: Pager, after: Pager, command: Command, events: Events) -> None:
        """A refusal is alone, changes nothing, and is not for what was said to be possible."""
        (refusal,) = events
        assert isinstance(refusal, out.Refused)
        assert after is before
        assert command.kind not in refusal.possible or command.kind in BY_ARGUMENT
        assert "tick" in refusal.possible

    def follow(self, events: Events) -> None:
        """Read the events in order: moments never go back, one holder at a time, no escalation past an answer."""
        for event in events:
            assert event.at >= self.moment
            self.moment = event.at
            match event:
                case out.Acknowledged(by=by):
                    assert self.holders == []
                    self.holders = [by]
                case out.HandedOver(by=by, to=to):
                    assert self.holders == [by]
                    self.holders = [to]
                case out.Escalated() | out.MajorOutage():
                    assert self.holders == []
                case out.Paged(called_in_by=None):
                    assert self.holders == []
                case out.Reopened():
                    self.holders = []
                case _:
                    pass

    @invariant()
    def one_holder(self) -> None:
        """The state names whom the events name, and nobody else."""
        assert self.holders == ([self.state.owner] if self.state.owner else [])
        assert self.state.owner not in self.state.joined

    @invariant()
    def every_page_ends_once(self) -> None:
        """A page is open, or ended once: answered, expired, cancelled. None outlives its time or the incident."""
        sent = [event.page for event in self.events if isinstance(event, out.Paged)]
        ended = Counter(event.page for event in self.events if isinstance(event, CLOSERS) and event.page is not None)
        assert sent == list(range(len(self.state.pages)))
        assert set(ended.values()) <= {1}
        assert set(sent) - set(ended) == set(self.state.open_pages)
        assert all(page.due > self.state.at for page in self.state.pages if page.fate is Fate.OPEN)
        if self.state.stage in (Stage.QUIET, Stage.RESOLVED, Stage.UNANSWERED):
            assert self.state.open_pages == ()

    @invariant()
    def fates_are_what_was_told(self) -> None:
        """The state remembers of each page what its last event said, and when."""
        for event in self.events:
            if isinstance(event, CLOSERS) and event.page is not None:
                page = self.state.pages[event.page]
                fates = {"expired": Fate.EXPIRED, "cancelled": Fate.CANCELLED}
                assert page.fate is fates.get(event.kind, Fate.ANSWERED)
                assert page.closed_at == event.at
                assert event.kind != "expired" or event.at <= page.due

    @invariant()
    def somebody_is_always_being_paged(self) -> None:
        """While nobody has it and there is somebody left, a page of the policy is out."""
        policy_pages = [n for n in self.state.open_pages if self.state.pages[n].called_in_by is None]
        assert bool(policy_pages) == self.state.waiting

    def teardown(self) -> None:
        """Played again from what was stored, it ends the same."""
        assert replay(self.state.policy, self.told) == (self.state, tuple(self.events))


TestPaging = Paging.TestCase


def test_every_stage_can_be_reached() -> None:
    """From a quiet pager some commands lead to every stage, and out of each but none is a dead end."""
    policy = Policy(levels=(Level(people=("alice",)), Level(people=("bob",))))
    seen = {pager.stage: possible(pager) for pager in reached(Pager(policy))}
    assert set(seen) == set(Stage)
    assert all(len(steps) > 1 for steps in seen.values())


def reached(start: Pager) -> Iterator[Pager]:
    """One pager of each stage that can be reached, breadth first."""
    moves: tuple[Command, ...] = (
        Trigger(details="it burns"),
        Acknowledge(by="alice"),
        Triage(severity="SEV-2"),
        Mitigate(by="alice"),
        Resolve(by="alice"),
        Reopen(),
        Tick(),
    )
    pending, known = [start], {start.stage}
    while pending:
        pager = pending.pop(0)
        yield pager
        for move in moves:
            after, _ = advance(pager, move, pager.at + (10_000 if isinstance(move, Tick) else 1))
            if after.stage not in known:
                known.add(after.stage)
                pending.append(after)
