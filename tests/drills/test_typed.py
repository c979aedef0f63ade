"""The language of the prompt: what a line means, and what is offered when it means nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.drills.lines import Gaze, Hinted, Meaning, Mistyped, Opened, Ordered, Quit, Show, Wait
from slackincidents.drills.sight import Sight, Spot
from slackincidents.drills.typed import VERBS, parse
from slackincidents.library import Library
from slackincidents.schema import seat
from slackincidents.schema.acts import Act

LIBRARY = Library()
QUEUE, DISK = "a queue is full", "the disk is slow"
SEATED = Sight(
    me="alice",
    desk="postgresql",
    people={handle: persona.name for handle, persona in LIBRARY.people().items()},
    services=LIBRARY.catalogue().services,
    actions={"kill-queries": "kill the long-running queries", "restart": "reboot the database", "scale": "scale up"},
    guesses={"disk": DISK, "queue": QUEUE, "slow-queries": "long-running queries keep the database busy"},
    spots=(Spot("cpu", "dashboard", "postgresql"), Spot("redis-log", "logs", "redis"), Spot("fe", "logs", "frontend")),
    finds=("cpu-high", "conns"),
    untold=("conns",),
    next_person="bob",
)
RINGING = replace(SEATED, me=None, ringing="alice")


def ordered(order: seat.Order) -> Ordered:
    """What orders something."""
    return Ordered(order=order)


MEANT: dict[str, Meaning] = {
    "": None,
    "   ": None,
    "ack": ordered(seat.Acknowledge()),
    "ACK": ordered(seat.Acknowledge()),
    "acknowledge": ordered(seat.Acknowledge()),
    "ignore": ordered(seat.Ignore()),
    "escalate": ordered(seat.CallIn(person="bob")),
    "escalate charlie": ordered(seat.CallIn(person="charlie")),
    "page @charlie": ordered(seat.CallIn(person="charlie")),
    "severity SEV-2": ordered(seat.Triage(severity="SEV-2")),
    "severity sev1": ordered(seat.Triage(severity="SEV-1")),
    "sev 3": ordered(seat.Triage(severity="SEV-3")),
    "SEV-4": ordered(seat.Triage(severity="SEV-4")),
    "look": Show("places"),
    "look dashboard": Gaze(where="dashboard", service="postgresql", clue="cpu"),
    "look at the dashboard": Gaze(where="dashboard", service="postgresql", clue="cpu"),
    "look logs": Gaze(where="logs", service="redis", clue="redis-log"),
    "look logs frontend": Gaze(where="logs", service="frontend", clue="fe"),
    "look logs fe": Gaze(where="logs", service="frontend", clue="fe"),
    "look frontend": Gaze(where="dashboard", service="frontend"),
    "look frontend logs": Gaze(where="logs", service="frontend", clue="fe"),
    "look traces": Gaze(where="traces", service="postgresql"),
    "logs": Gaze(where="logs", service="redis", clue="redis-log"),
    "db": Gaze(where="database", service="postgresql"),
    "ask @redis-oncall": ordered(seat.Ask(service="redis")),
    "ask redis": ordered(seat.Ask(service="redis")),
    "ask redis is it up?": ordered(seat.Say(text="@redis-oncall is it up?")),
    "ask bob anything odd?": ordered(seat.Say(text="@bob anything odd?")),
    "say looking at it": ordered(seat.Say(text="looking at it")),
    "say #redis-oncall is it you?": ordered(seat.Say(text="is it you?", channel="#redis-oncall")),
    "say #1 cause of pain": ordered(seat.Say(text="#1 cause of pain")),
    "tell": ordered(seat.Tell(clue="conns")),
    "tell 1": ordered(seat.Tell(clue="cpu-high")),
    "tell #redis-oncall": ordered(seat.Inform(channel="#redis-oncall", fact="clue:conns")),
    "tell 1 #redis-oncall": ordered(seat.Inform(channel="#redis-oncall", fact="clue:cpu-high")),
    "take": ordered(seat.Take()),
    "hypothesise": Show("guesses"),
    "hypothesise disk": ordered(seat.Guess(hypothesis="disk")),
    "hypothesize 2": ordered(seat.Guess(hypothesis="queue")),
    "guess slow queries": ordered(seat.Guess(hypothesis="slow-queries")),
    "do": Show("actions"),
    "do restart": ordered(seat.Attempt(action="restart")),
    "restart": ordered(seat.Attempt(action="restart")),
    "kill-queries": ordered(seat.Attempt(action="kill-queries")),
    "do kill queries": ordered(seat.Attempt(action="kill-queries")),
    "reboot the database": ordered(seat.Attempt(action="restart")),
    "do 3": ordered(seat.Attempt(action="scale")),
    "update": ordered(seat.Update()),
    "update no news": ordered(seat.Update(text="no news")),
    "handover bob": ordered(seat.HandOver(to="bob")),
    "handover to Bob": ordered(seat.HandOver(to="bob")),
    "resolve": ordered(seat.Resolve()),
    "resolve all good": ordered(seat.Resolve(text="all good")),
    "react :eyes:": ordered(seat.React(emoji="eyes")),
    "chat": ordered(seat.Chat()),
    "back": ordered(seat.Back()),
    "wait": Wait(),
    "wait done": Wait(done=True),
    "wait 5m": Wait(seconds=300),
    "wait 1h 30m": Wait(seconds=5400),
    "wait for 90 seconds": Wait(seconds=90),
    "wait 5": Wait(seconds=300),
    "hint": Hinted(),
    "runbook": Opened(),
    "finds": Show("finds"),
    "summary": Show("summary"),
    "status": Show("status"),
    "rooms": Show("rooms"),
    "help": Show("help"),
    "help look": Show("help", "look"),
    "?": Show("help"),
    "quit": Quit(),
}


@pytest.mark.parametrize("line", MEANT)
def test_a_line_means_one_thing(line: str) -> None:
    """Every command in its forms, for somebody who has the incident."""
    assert parse(line, SEATED) == MEANT[line]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("restat", '"restart"'),
        ("akc", '"ack"'),
        ("look dashbord", '"dashboard"'),
        ("look logs postgresq", '"postgresql"'),
        ("do kill-querys", '"kill-queries"'),
        ("handover bbo", '"bob"'),
        ("escalate chalie", '"charlie"'),
        ("ask redsi", '"redis"'),
        ("guess disc", '"disk"'),
        ("severity SEV-9", "SEV-1 to SEV-4"),
        ("say #redis-oncal hello", '"redis-oncall"'),
        ("tell 3", "You have 2"),
        ("wait soon", "wait 5m"),
        ("wait 0", "wait 5m"),
        ("wait 25h", "wait 5m"),
        ("react two words", "react eyes"),
        ("help serverity", '"severity"'),
        ("frobnicate", "help"),
        ("a", "ack"),
        ("say", "say TEXT"),
        ("handover", "handover PERSON"),
    ],
)
def test_what_means_nothing_gets_the_nearest(line: str, offered: str) -> None:
    """A typing slip is named, and what was probably meant is offered; nothing is done."""
    meaning = parse(line, SEATED)
    assert isinstance(meaning, Mistyped)
    assert offered in str(meaning)


def test_a_slip_in_an_action_does_nothing() -> None:
    """Half of an action's words is not enough to run it."""
    assert isinstance(parse("do kill the database", SEATED), Mistyped)
    assert isinstance(parse("do the queries of redis", SEATED), Mistyped)


@pytest.mark.parametrize(
    ("line", "order"), [("a", seat.Acknowledge()), ("i", seat.Ignore()), ("escalate", seat.Ignore())]
)
def test_a_letter_answers_the_pager(line: str, order: seat.Order) -> None:
    """While it rings, and only then; to escalate is to let the page go on to the next one."""
    assert parse(line, RINGING) == ordered(order)


@pytest.mark.parametrize(("line", "due"), [("update", Act.UPDATE), ("resolve", Act.RESOLVE)])
def test_what_is_due_is_said_as_it_is_expected(line: str, due: Act) -> None:
    """The update or all-clear that the room waits for is given once, not twice."""
    assert parse(line, replace(SEATED, expected=due)) == ordered(seat.Take())


def test_insisting_needs_an_objection() -> None:
    """It runs what somebody objected to, and nothing where nobody did."""
    assert parse("insist", replace(SEATED, objection="scale")) == ordered(seat.Attempt(action="scale"))
    assert isinstance(parse("insist", SEATED), Mistyped)


def test_everything_told_is_not_told_again_by_itself() -> None:
    """Without a number only what the others do not know is told."""
    assert isinstance(parse("tell", replace(SEATED, untold=())), Mistyped)
    assert isinstance(parse("tell", replace(SEATED, finds=(), untold=())), Mistyped)


def test_withdrawing_names_what_is_held() -> None:
    """One that is held needs no name; of two it is asked which."""
    assert parse("withdraw", replace(SEATED, held=("disk",))) == ordered(seat.Withdraw(hypothesis="disk"))
    assert "disk, queue" in str(parse("withdraw", replace(SEATED, held=("disk", "queue"))))
    assert isinstance(parse("withdraw", SEATED), Mistyped)


def test_every_command_has_its_help() -> None:
    """Whatever can be typed can be asked about, under each of its names."""
    for name, verb in VERBS.items():
        for word in (name, *verb.others):
            assert parse(f"help {word}", SEATED) == Show("help", word)


@given(st.text(max_size=60), st.sampled_from([*VERBS, ""]), st.sampled_from([SEATED, RINGING, Sight()]))
def test_nothing_that_is_typed_raises(text: str, verb: str, known: Sight) -> None:
    """Any text, alone or after any command, before, while and after it rings, means something or is mistyped."""
    parse(f"{verb} {text}", known)
    parse(text, known)
