"""The pager, told stories: the lab's two scenarios, the unanswered outage, and what lies around them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

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
from slackincidents.drills.escalation import Level, Policy, ladder
from slackincidents.drills.events import Event, MajorOutage, Refused
from slackincidents.drills.handoff import note
from slackincidents.drills.pager import Events, Fate, Pager, Stage, advance, possible, replay

LAB = ladder(["alice", "bob", "charlie"], timeout_s=300)
ALERT = Trigger(details="Database Connection Failed")
COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


def told(*commands: tuple[float, Command], policy: Policy = LAB) -> tuple[Pager, list[str]]:
    """The state after some commands, and the events in short: the moment, what, and to or by whom."""
    state, events = replay(policy, commands)
    return state, [short(event) for event in events]


def short(event: Event) -> str:
    """One event as a line."""
    fields = event.model_dump()
    who = next(
        (str(fields[name]) for name in ("person", "by", "severity", "level") if fields.get(name) is not None), ""
    )
    return f"{event.at:g} {event.kind} {who}".rstrip()


def refusal(events: Events) -> Refused:
    """The one event of a refused command."""
    (event,) = events
    assert isinstance(event, Refused)
    return event


def test_scenario_a_alice_answers_and_restarts() -> None:
    """The lab's happy path: Alice is paged, acknowledges, and what she does resolves it. Nobody else hears of it."""
    state, lines = told((0, ALERT), (40, Acknowledge(by="alice")), (160, Resolve(by="alice")))
    assert lines == ["0 triggered", "0 paged alice", "40 acknowledged alice", "160 resolved alice"]
    assert (state.stage, state.owner) == (Stage.RESOLVED, "alice")


def test_scenario_b_alice_sleeps_and_bob_answers() -> None:
    """The lab's escalation: Alice ignores it, Bob is paged at once, and has it."""
    state, lines = told((0, ALERT), (30, Ignore(by="alice")), (75, Acknowledge(by="bob")))
    assert lines == [
        "0 triggered",
        "0 paged alice",
        "30 expired alice",
        "30 escalated 1",
        "30 paged bob",
        "75 acknowledged bob",
    ]
    assert (state.stage, state.owner) == (Stage.ACKNOWLEDGED, "bob")


def test_three_times_ignored_is_the_major_outage() -> None:
    """The lab's end without an answer: after the last one who ignores it there is nobody left."""
    state, lines = told((0, ALERT), (1, Ignore(by="alice")), (2, Ignore(by="bob")), (3, Ignore(by="charlie")))
    assert lines[-2:] == ["3 expired charlie", "3 major-outage"]
    assert state.stage is Stage.UNANSWERED
    assert {page.fate for page in state.pages} == {Fate.EXPIRED}


def test_silence_ends_the_same_way_after_every_time_out() -> None:
    """Nobody does anything for an hour: each level has its five minutes, each escalation its own moment."""
    state, events = replay(LAB, [(1000.0, ALERT), (4600.0, Tick())])
    assert [short(event) for event in events[2:]] == [
        "1300 expired alice",
        "1300 escalated 1",
        "1300 paged bob",
        "1600 expired bob",
        "1600 escalated 2",
        "1600 paged charlie",
        "1900 expired charlie",
        "1900 major-outage",
    ]
    assert events[-1] == MajorOutage(at=1900.0, people=("alice", "bob", "charlie"))
    assert state.at == 4600
    assert LAB.patience_s == 900


def test_a_policy_can_be_gone_through_again() -> None:
    """With one repeat everybody is paged twice before it is an outage."""
    _, lines = told((0, ALERT), (10_000, Tick()), policy=ladder(["alice", "bob"], timeout_s=60, repeats=1))
    assert [line for line in lines if "paged" in line] == [
        "0 paged alice",
        "60 paged bob",
        "120 paged alice",
        "180 paged bob",
    ]
    assert lines[-1] == "240 major-outage"


def test_one_answer_stops_every_other_page() -> None:
    """Two people of one level are paged at once; the first to answer has it, the other page is cancelled."""
    both = Policy(levels=(Level(people=("alice", "bob")), Level(people=("charlie",))))
    state, lines = told((0, ALERT), (9, Acknowledge(by="bob")), (9000, Tick()), policy=both)
    assert lines == ["0 triggered", "0 paged alice", "0 paged bob", "9 acknowledged bob", "9 cancelled alice"]
    assert [page.fate for page in state.pages] == [Fate.CANCELLED, Fate.ANSWERED]


def test_of_two_at_one_level_both_must_ignore_it() -> None:
    """The level waits for the other one when only one lets it ring."""
    both = Policy(levels=(Level(people=("alice", "bob")), Level(people=("charlie",))))
    state, _ = told((0, ALERT), (5, Ignore(by="alice")), policy=both)
    assert state.level == 0
    assert told((0, ALERT), (5, Ignore(by="alice")), (6, Ignore(by="bob")), policy=both)[0].level == 1


def test_an_answer_at_the_last_moment_is_too_late_but_counts() -> None:
    """At the very second of the time-out the page has expired and Bob is paged; Alice can still take it from him."""
    state, lines = told((0, ALERT), (300, Acknowledge(by="alice")))
    assert lines[2:] == [
        "300 expired alice",
        "300 escalated 1",
        "300 paged bob",
        "300 acknowledged alice",
        "300 cancelled bob",
    ]
    assert state.owner == "alice"


def test_somebody_may_turn_up_after_the_outage() -> None:
    """An hour too late is still better than never: the incident is in somebody's hands again."""
    state, lines = told((0, ALERT), (3600, Acknowledge(by="bob")))
    assert lines[-2:] == ["900 major-outage", "3600 acknowledged bob"]
    assert (state.stage, state.owner) == (Stage.ACKNOWLEDGED, "bob")


def test_escalating_by_hand_takes_the_page_away() -> None:
    """Who escalates does not wait for the time-out; the page before is cancelled."""
    _, lines = told((0, ALERT), (20, Escalate(by="alice")))
    assert lines[2:] == ["20 cancelled alice", "20 escalated alice", "20 paged bob"]


def test_the_whole_way_through_and_back() -> None:
    """Triage, mitigation that does not hold, a handover, the end, and a relapse that pages from the start."""
    state, lines = told(
        (0, ALERT),
        (10, Acknowledge(by="alice")),
        (20, Triage(severity="SEV-3")),
        (30, Mitigate(by="alice")),
        (40, Triage(severity="SEV-1")),
        (50, HandOver(by="alice", to="dave")),
        (60, Mitigate(by="dave")),
        (70, Resolve(by="dave")),
        (80, Reopen(reason="errors are back")),
    )
    assert lines[3:] == [
        "20 triaged SEV-3",
        "30 mitigated alice",
        "40 triaged SEV-1",
        "50 handed-over alice",
        "60 mitigated dave",
        "70 resolved dave",
        "80 reopened",
        "80 paged alice",
    ]
    assert (state.stage, state.owner, state.severity) == (Stage.REOPENED, None, "SEV-1")


def test_help_is_called_in_without_escalating() -> None:
    """Who was called in joins; the incident stays with the one who acknowledged, and silence moves no level."""
    state, lines = told(
        (0, ALERT),
        (10, Acknowledge(by="alice")),
        (20, CallIn(by="alice", person="nina")),
        (21, CallIn(by="alice", person="bob")),
        (60, Acknowledge(by="nina")),
        (1000, Tick()),
    )
    assert lines[3:] == ["20 paged nina", "21 paged bob", "60 joined nina", "321 expired bob"]
    assert (state.owner, state.joined, state.level) == ("alice", ("nina",), 0)
    assert note(state) == (
        "no severity yet, acknowledged, with alice",
        "also on it: nina",
        "did not answer: bob",
    )


def test_alerts_of_an_open_incident_are_grouped() -> None:
    """The same alert again pages nobody; it is counted."""
    state, lines = told((0, ALERT), (10, ALERT), (20, ALERT))
    assert lines[2:] == ["10 grouped", "20 grouped"]
    assert state.alerts == 3


@pytest.mark.parametrize(
    ("before", "command", "reason", "among"),
    [
        ((), Acknowledge(by="alice"), "acknowledge makes no sense while the incident is quiet", "trigger"),
        ((ALERT,), Ignore(by="bob"), "no page to bob is open; it rings at alice", "acknowledge"),
        ((ALERT,), Mitigate(by="alice"), "mitigate makes no sense while the incident is triggered", "ignore"),
        ((ALERT, Acknowledge(by="alice")), Acknowledge(by="bob"), "alice has acknowledged it", "triage"),
        ((ALERT, Acknowledge(by="alice")), Escalate(by="alice"), "nothing left to escalate", "call-in"),
        ((ALERT, Acknowledge(by="alice")), CallIn(by="alice", person="alice"), "alice is on it already", "resolve"),
        ((ALERT, Acknowledge(by="alice")), HandOver(by="bob", to="eve"), "alice has it", "hand-over"),
        ((ALERT, Acknowledge(by="alice")), HandOver(by="alice", to="alice"), "alice has it already", "hand-over"),
        ((ALERT, Resolve(by="Monitoring Bot")), ALERT, "while the incident is resolved", "reopen"),
        ((ALERT, Escalate(by="alice"), Escalate(by="bob")), Escalate(by="charlie"), "nobody is left", "acknowledge"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_does(
    before: tuple[Command, ...], command: Command, reason: str, among: str
) -> None:
    """A refused command changes nothing, says why, and names what is possible; as an error it is the user's own."""
    state, _ = replay(LAB, [(float(moment), each) for moment, each in enumerate(before)])
    after, events = advance(state, command, 10.0)
    refused = refusal(events)
    assert after is state
    assert reason in refused.reason
    assert refused.possible == possible(state)
    assert among in refused.possible
    assert refused.error().exit_code == 2
    assert among in str(refused.error())


@pytest.mark.parametrize("now", [9.0, float("nan"), float("inf"), float("-inf")])
def test_time_runs_forward(now: float) -> None:
    """A moment before the last one, or none at all, is refused."""
    state, _ = replay(LAB, [(10.0, ALERT)])
    after, events = advance(state, Tick(), now)
    assert after is state
    assert "time runs forward" in refusal(events).reason


def test_a_refused_command_lets_no_time_pass() -> None:
    """Time-outs that came due are told by the next command that is taken, each at its own moment."""
    state, _ = replay(LAB, [(0.0, ALERT)])
    after, events = advance(state, Triage(severity="SEV-1"), 500.0)
    assert (after, refusal(events).at) == (state, 500.0)
    assert [short(event) for event in advance(after, Tick(), 500.0)[1]] == [
        "300 expired alice",
        "300 escalated 1",
        "300 paged bob",
    ]


def test_commands_and_events_are_stored_as_json() -> None:
    """What is written down reads back as the same values, told apart by kind: a drill can be played again."""
    commands: list[Command] = [ALERT, Ignore(by="alice"), Acknowledge(by="bob"), Triage(severity="SEV-2"), Tick()]
    assert [COMMANDS.validate_json(COMMANDS.dump_json(each)) for each in commands] == commands
    _, events = replay(LAB, [(float(moment), each) for moment, each in enumerate(commands)])
    assert tuple(EVENTS.validate_json(EVENTS.dump_json(event)) for event in events) == events
