"""The clock of a simulation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slackincidents.planner.kernel import Kernel, Process

Log = list[tuple[str, float]]


def steps(kernel: Kernel, log: Log, name: str, waits: list[float]) -> Process:
    """A process that notes the time at each waking."""
    log.append((name, kernel.now))
    for wait in waits:
        yield wait
        log.append((name, kernel.now))


def test_a_process_wakes_when_it_said() -> None:
    """Waits add up from the moment of spawning."""
    kernel, log = Kernel(), Log()
    kernel.spawn(steps(kernel, log, "a", [10.0, 5.0]), after=3.0)
    kernel.run(until=100.0)
    assert log == [("a", 3.0), ("a", 13.0), ("a", 18.0)]


def test_processes_take_turns_in_the_order_of_time() -> None:
    """Two processes interleave by their clocks, whichever was spawned first."""
    kernel, log = Kernel(), Log()
    kernel.spawn(steps(kernel, log, "slow", [10.0]))
    kernel.spawn(steps(kernel, log, "fast", [4.0, 4.0]))
    kernel.run(until=100.0)
    assert log == [("slow", 0.0), ("fast", 0.0), ("fast", 4.0), ("fast", 8.0), ("slow", 10.0)]


def test_a_tie_goes_to_the_one_spawned_first() -> None:
    """Equal times keep spawning order, so that no comparison of generators decides."""
    kernel, log = Kernel(), Log()
    for name in "abc":
        kernel.spawn(steps(kernel, log, name, []), after=7.0)
    kernel.run(until=7.0)
    assert [name for name, _ in log] == ["a", "b", "c"]


def test_nothing_wakes_after_the_end() -> None:
    """The end itself belongs to the run; a second run goes on from there."""
    kernel, log = Kernel(), Log()
    kernel.spawn(steps(kernel, log, "a", [5.0, 5.0]))
    kernel.run(until=5.0)
    assert [at for _, at in log] == [0.0, 5.0]
    kernel.run(until=10.0)
    assert [at for _, at in log] == [0.0, 5.0, 10.0]


def test_a_negative_wait_does_not_turn_back_the_clock() -> None:
    """A process that waits less than nothing wakes now."""
    kernel, log = Kernel(), Log()
    kernel.spawn(steps(kernel, log, "a", [-3.0]), after=-1.0)
    kernel.run(until=1.0)
    assert log == [("a", 0.0), ("a", 0.0)]


def test_a_process_can_spawn_another() -> None:
    """The child starts relative to the moment it was spawned."""
    kernel, log = Kernel(), Log()

    def parent() -> Process:
        yield 4.0
        kernel.spawn(steps(kernel, log, "child", []), after=2.0)

    kernel.spawn(parent())
    kernel.run(until=10.0)
    assert log == [("child", 6.0)]


@given(st.lists(st.lists(st.floats(0, 1000), max_size=6), max_size=6))
def test_time_never_runs_backwards(plans: list[list[float]]) -> None:
    """Whatever processes wait, the times of waking never decrease, and all get their turns."""
    kernel, log = Kernel(), Log()
    for number, waits in enumerate(plans):
        kernel.spawn(steps(kernel, log, str(number), waits))
    kernel.run(until=10_000.0)
    times = [at for _, at in log]
    assert times == sorted(times)
    assert len(log) == sum(len(waits) + 1 for waits in plans)
