"""The database incident: its runbook takes the steps of a small-team runbook, and its actions have plain names."""

from __future__ import annotations

from slackincidents.library import Library
from slackincidents.render.runbook import to_runbook

LIBRARY = Library()
SKELETON = LIBRARY.skeleton("database-failure")
STEPS = (
    "# Runbook: Database Connection Failed",
    "500 errors on frontend",
    "CPU utilisation (postgresql): normally 22 %; the alert fires above 90 %",
    "Once check 1 gave you a reason.",
    "SELECT * FROM pg_stat_activity WHERE state = 'active';",
    "SELECT pg_terminate_backend(pid)",
    "#### Action: reboot the database\n\n**When:** the alert “Database unresponsive” fires.",
)


def test_the_runbook_goes_from_cpu_to_queries_to_killing_to_a_reboot() -> None:
    """CPU first, then what is active, then the bad queries killed, then the reboot of what does not answer."""
    text = to_runbook(SKELETON, LIBRARY.catalogue())
    places = [text.find(step) for step in STEPS]
    assert -1 not in places
    assert places == sorted(places)


def test_a_restart_and_killing_the_queries_both_mend_it() -> None:
    """``restart`` and ``kill-queries`` mend it; there is also a half remedy, a useless one and a harmful one."""
    effects = {key: action.effect for key, action in SKELETON.actions.items()}
    assert effects["restart"] == effects["kill-queries"] == "fixes"
    assert {"partly", "nothing", "worse"} <= set(effects.values())


def test_a_busy_cpu_is_found_on_the_way_and_is_not_the_cause() -> None:
    """Everything that states the cause rests on the finding that the CPU is full, which itself states none."""
    causes = [clue for clue in SKELETON.clues.values() if clue.states_cause]
    rests: set[str] = set()
    growing = [need for clue in causes for need in clue.needs]
    while growing:
        name = growing.pop()
        rests.add(name)
        growing += SKELETON.clues[name].needs
    assert "cpu-full" in rests
    assert "CPU is at 100 %" in SKELETON.clues["cpu-full"].fact
    assert not SKELETON.clues["cpu-full"].states_cause
