"""The drill, played in a real terminal and read off its screen."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from slackincidents import load
from slackincidents.library import Library
from tests.cli.conftest import Cli
from tests.cli.pty import Terminal
from tests.source import ROOT

SCRIPTS = ROOT / "examples" / "drills"
NAMES = Library().skeleton_names()
QUICK = ("database-failure", "cache-failure")
"""The two that are played in every run of the tests; the others are as long and no different."""

EACH = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]


def opened(folder: Path, *words: object, columns: int = 100) -> Terminal:
    """A drill in a terminal, without the simulated others to compare with."""
    return Terminal.of(folder, ("drill", *words, "-o", "kept", "--peers", 0), columns)


def test_the_labs_happy_path(tmp_path: Path) -> None:
    """Scenario A at the prompt: ack, restart, Enter until it has held, resolve; Alice has resolved it."""
    drill = opened(tmp_path)
    drill.answer("alice?>", "ack")
    drill.until("Incident acknowledged by Alice")
    drill.answer("alice>", "restart")
    drill.until("Service restarted")
    drill.answer("alice>", "")
    drill.until("they wait for your all-clear")
    drill.answer("alice>", "resolve")
    assert drill.close() == 0
    assert "Incident resolved by Alice" in drill.flat
    assert "Debrief" in drill.flat


def test_two_lines_of_script_play_the_happy_path(tmp_path: Path) -> None:
    """Just ack and restart: when the input has ended, what is fixed is said to be over by whoever sits there."""
    (tmp_path / "lab.txt").write_text("ack\nrestart\n", encoding="utf-8")
    drill = opened(tmp_path, "--script", "lab.txt", "--no-debrief")
    assert drill.close() == 0
    assert "Incident acknowledged by Alice" in drill.flat
    assert "Service restarted" in drill.flat
    assert "Incident resolved by Alice" in drill.flat


def test_emoji_of_colleagues_are_on_the_screen(cli: Cli) -> None:
    """Who reacts with an emoji instead of a word is seen to do so, under which message; one's own is not repeated."""
    script = SCRIPTS / "good" / "database-failure.txt"
    ran = cli("drill", "--script", script, "-o", "kept", "--no-debrief")
    incident = load("kept/incident.json")
    shown = re.findall(r"\* (\w+) puts :(\S+): under", ran.out + ran.err)
    given = {(user, one.emoji) for event in incident.timeline for one in event.reactions for user in one.users}
    assert given > {("alice", "ack")}
    assert set(shown) == given - {("alice", "ack")}


def test_the_labs_escalation(tmp_path: Path) -> None:
    """Scenario B: Alice lets it ring, Bob answers."""
    drill = opened(tmp_path, "--no-debrief")
    drill.answer("alice?>", "ignore")
    drill.until("Alice Chen did not answer. Escalating.")
    drill.answer("bob?>", "ack")
    drill.until("Incident acknowledged by Bob")
    drill.answer("bob>", "quit")
    assert drill.close() == 1
    assert "The incident is still active" in drill.flat


def test_nobody_answers(tmp_path: Path) -> None:
    """Three times ignore, and it is the major outage of the lab."""
    drill = opened(tmp_path)
    for name in ("alice", "bob", "charlie"):
        drill.answer(f"{name}?>", "i")
    assert drill.close() == 1
    assert "Charlie Novak did not answer. Major outage: nobody answered." in drill.flat.replace("* ", "")


def test_a_narrow_terminal_is_enough(tmp_path: Path) -> None:
    """With 60 columns nothing is cut off: every word of the alert can be read."""
    drill = opened(tmp_path, "--no-debrief", columns=60)
    drill.answer("alice?>", "help")
    drill.answer("alice?>", "quit")
    assert drill.close() == 1
    assert "New connections are refused" in drill.flat
    assert all(len(line) <= 60 for line in drill.text.splitlines())


def test_nonsense_gets_the_nearest_and_costs_no_time(tmp_path: Path) -> None:
    """A mistyped command, place, name: the nearest ones are offered, and the clock stands."""
    drill = opened(tmp_path, "--no-debrief")
    drill.answer("alice?>", "ack")
    drill.answer("alice>", "restat")
    before = drill.text.splitlines()[-1]
    for typed in ("look dashbord", "look logs postgresq", "do kill-querys", "handover bbo", "frobnicate"):
        drill.answer("alice>", typed)
    for offered in ('"restart"', '"dashboard"', '"postgresql"', '"kill-queries"', '"bob"', 'no command "frobnicate"'):
        drill.until(offered)
    drill.answer("alice>", "quit")
    assert drill.close() == 1
    clocks = {line.split()[0] for line in drill.text.splitlines() if " SEV-2 alice>" in line}
    assert clocks == {before.split()[0]}


@pytest.mark.parametrize("name", EACH)
def test_a_good_trainee_resolves_it(name: str, tmp_path: Path) -> None:
    """Whoever looks before they leap ends it: what they do helps, and they say that it is over."""
    drill = opened(tmp_path, name, "--script", SCRIPTS / "good" / f"{name}.txt", "--no-debrief")
    assert drill.close() == 0, drill.text
    assert "It helped: the figures recover." in drill.flat
    assert "Incident resolved by" in drill.flat
    assert drill.flat.count("for your eyes only") >= 2


@pytest.mark.parametrize("name", EACH)
def test_a_bad_trainee_does_not(name: str, tmp_path: Path) -> None:
    """Whoever acts first and calls it over too early makes it worse, and leaves it open."""
    drill = opened(tmp_path, name, "--script", SCRIPTS / "bad" / f"{name}.txt", "--no-debrief")
    assert drill.close() == 1, drill.text
    assert "It made things worse." in drill.flat
    assert "The incident is still active." in drill.flat
    assert "Incident resolved by" not in drill.flat


def test_time_runs_while_one_thinks(tmp_path: Path) -> None:
    """With --speed the next alert comes above the prompt although nobody types, and quit ends the drill."""
    drill = opened(tmp_path, "--speed", 300, "--no-debrief")
    drill.until("SEV-2 alice?>")
    drill.enter("ack")
    drill.until("Incident acknowledged by Alice")
    drill.until("Database unresponsive")
    drill.enter("quit")
    assert drill.close() == 1
    assert json.loads((tmp_path / "kept" / "incident.json").read_text(encoding="utf-8"))["timeline"]


def test_ctrl_c_leaves_a_drill_to_be_taken_up(tmp_path: Path, cli: Cli) -> None:
    """The exit code is 130, the way on is named, and going on shows what was and ends it."""
    drill = opened(tmp_path, "--no-debrief")
    drill.answer("alice?>", "ack")
    drill.answer("alice>", "look logs")
    drill.until("for your eyes only")
    drill.child.sendintr()
    assert drill.close() == 130
    assert "slackincidents drill --resume kept goes on" in drill.flat
    again = Terminal.of(tmp_path, ("drill", "--resume", "kept", "--no-debrief"))
    again.until("for your eyes only")
    again.answer("alice>", "restart")
    again.answer("alice>", "")
    again.answer("alice>", "resolve")
    assert again.close() == 0
    assert cli("validate", "kept/incident.json").code == 0


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL, signal.SIGTERM])
def test_a_closed_terminal_leaves_a_drill_to_be_taken_up(number: signal.Signals, tmp_path: Path) -> None:
    """Whatever ends the program, the next one begins where it was: same clock, same finding, same pager."""
    drill = opened(tmp_path, "--no-debrief")
    drill.answer("alice?>", "ack")
    drill.answer("alice>", "look logs")
    drill.answer("alice>", "status")
    stood = drill.text.splitlines()[-1]
    while not stood.endswith("alice>"):
        drill.read()
        stood = drill.text.splitlines()[-1]
    drill.child.kill(number)
    assert drill.close() != 0
    again = Terminal.of(tmp_path, ("drill", "--resume", "kept", "--no-debrief"))
    again.until("for your eyes only")
    again.answer("alice>", "quit")
    assert again.close() == 1
    assert f"{stood} quit" in again.text
