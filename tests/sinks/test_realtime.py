"""Real time: on the minute, at any speed, also after a nap of the machine."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackincidents.clock import FakeClock
from slackincidents.schema.delivery import PostingOptions
from slackincidents.sinks.memory import Fault, MemoryWorkspace, Store
from slackincidents.sinks.pacing import Course
from slackincidents.sinks.poster import deliver, deliver_all
from tests.sinks.stage import LIVE, Notebook, incident, message, shop

HOUR = [message(at, "#cache" if at % 80 else "#shop", f"at {at}") for at in range(0, 3601, 40)]


def realtime(speed: float) -> PostingOptions:
    """Live, in real time."""
    return LIVE.model_copy(update={"realtime": True, "speed": speed})


def ideal(offsets: list[tuple[float, str]], speed: float) -> list[float]:
    """When each message should come: at its time, but a second after the one before in its channel."""
    last: dict[str, float] = {}
    times = []
    for at, channel in offsets:
        last[channel] = max(at / speed, last.get(channel, -1.0) + 1.0)
        times.append(last[channel])
    return times


@pytest.mark.parametrize("speed", [1.0, 10.0, 600.0])
def test_an_hour_drifts_by_less_than_a_second(tmp_path: Path, speed: float) -> None:
    """At each speed every message of an hour comes within a second of its time, the last one too."""
    place = shop(tmp_path, HOUR)
    began = place.now
    assert place.post(realtime(speed)).complete
    came = {kept.message.marker.index: kept.at - began for kept in place.store.messages}
    due = ideal([(event.offset_seconds, event.channel) for event in place.record.timeline], speed)
    late = [came[index] - at for index, at in enumerate(due)]
    assert min(late) >= -0.01
    assert max(late) < 1.0


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 3600), st.sampled_from(["#cache", "#shop"])), min_size=1, max_size=15),
    st.sampled_from([1.0, 10.0, 600.0]),
)
def test_no_timeline_drifts(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[int, str]], speed: float
) -> None:
    """Any timeline, any speed: nothing early, nothing a second late, counted from the first event."""
    lines = sorted(lines)
    place = shop(tmp_path_factory.mktemp("run"), [message(at, channel) for at, channel in lines])
    began = place.now
    place.post(realtime(speed))
    due = ideal([(at - lines[0][0], channel) for at, channel in lines], speed)
    came = {kept.message.marker.index: kept.at - began for kept in place.store.messages}
    assert all(-0.01 <= came[index] - at < 1.0 for index, at in enumerate(due))


class Napping(FakeClock):
    """A machine that sleeps for ten minutes, once, at a moment; its monotonic clock stands still meanwhile."""

    def __init__(self, nap_at: float, counted: bool) -> None:
        """Sleep `nap_at` seconds from now."""
        super().__init__()
        self._nap_at = self.now() + nap_at
        self._counted = counted
        self._asleep = 0.0

    def monotonic(self) -> float:
        """Seconds awake, or all of them."""
        return super().monotonic() - (0.0 if self._counted else self._asleep)

    async def sleep(self, seconds: float) -> None:
        """Wait; the lid is closed meanwhile if it is time for that."""
        if not self._asleep and self.now() + seconds >= self._nap_at:
            self._asleep = 600.0
            self.advance(600.0)
        await super().sleep(seconds)


@pytest.mark.parametrize("counted", [True, False], ids=["monotonic-goes-on", "monotonic-stands"])
def test_after_ten_minutes_asleep_it_catches_up_and_is_on_time_again(tmp_path: Path, counted: bool) -> None:
    """What was due meanwhile follows a second apart, in order; from then on everything is on time."""
    record = incident([message(at, text=f"at {at}") for at in range(0, 3601, 60)])

    async def work() -> list[tuple[float, float]]:
        clock = Napping(1000.0, counted)
        began, store = clock.now(), Store.of(["cache"])
        bot = MemoryWorkspace(clock, store)
        await deliver(record, bot, clock=clock, run_folder=tmp_path / "run", options=realtime(1.0))
        return [(record.timeline[kept.message.marker.index].offset_seconds, kept.at - began) for kept in store.messages]

    times = asyncio.run(work())
    assert [due for due, _ in times] == sorted(due for due, _ in times)
    caught = [came for due, came in times if 1020 <= due <= 1560]
    assert all(0.99 <= after - before <= 1.5 for before, after in pairwise(caught))
    assert all(-0.1 <= came - due < 1.0 for due, came in times if due < 1000 or due > 1700)


def test_a_clock_set_back_delays_nothing() -> None:
    """When somebody sets the wall clock back by an hour, all comes in time; a nap after that is still noticed."""

    class SetBack(FakeClock):
        back = 0.0
        asleep = 0.0

        def now(self) -> float:
            return super().now() - self.back

        def monotonic(self) -> float:
            return super().monotonic() - self.asleep

    async def work() -> tuple[float, float]:
        clock = SetBack()
        course = Course(clock, 1.0, 0.0)
        await course.until(100)
        clock.back = 3600.0
        await course.until(200)
        awake = clock.monotonic()
        clock.asleep = 600.0
        clock.advance(600.0)
        return awake, course.left(1000)

    awake, left = asyncio.run(work())
    assert awake == pytest.approx(200, abs=0.1)
    assert left == pytest.approx(200, abs=0.1)


def test_going_on_in_real_time_does_not_rush(tmp_path: Path) -> None:
    """A run that is taken up later goes on at the event it stopped at, with the same gaps."""
    place = shop(tmp_path, [message(at) for at in (0, 100, 200, 300)])
    with pytest.raises(Exception, match="posted: 2 events"):
        place.post(
            realtime(1.0),
            faults={(method, nth): Fault.SERVER_ERROR for method in ("post", "history") for nth in range(3, 40)},
        )
    place.now += 86400
    began = place.now
    place.post(realtime(1.0))
    assert [round(kept.at - began) for kept in place.store.messages[2:]] == [pytest.approx(0, abs=4), 100]


def test_progress_says_what_comes_next_and_when(tmp_path: Path) -> None:
    """An observer hears how many stand, which event follows, and at what time it is due; at the end it hears that."""
    place, book = shop(tmp_path, [message(0), message(90), message(300)]), Notebook()
    began = place.now
    place.post(realtime(10.0), observer=book)
    waits = [one for one in book.heard if one.state == "waiting" and one.posted == 1]
    assert waits[0].following is not None
    assert (waits[0].following.index, waits[0].total) == (1, 3)
    assert waits[0].due == pytest.approx(began + 9, abs=0.1)
    assert (book.heard[-1].state, book.heard[-1].posted, book.heard[-1].following) == ("done", 3, None)


@pytest.mark.parametrize("realtime", [False, True])
def test_several_incidents_start_an_interval_apart(tmp_path: Path, realtime: bool) -> None:
    """Each starts its interval after the one before, side by side when they overlap."""
    records = [incident([message(0), message(5000)], scenario_id=f"cache-{number}") for number in range(3)]
    options = LIVE.model_copy(update={"interval": 3600.0, "realtime": realtime})

    async def work() -> list[tuple[str, float]]:
        clock = FakeClock()
        began, store = clock.now(), Store.of(["cache"])
        made = await deliver_all(
            records, MemoryWorkspace(clock, store), clock=clock, run_folder=tmp_path, options=options
        )
        assert all(one.complete for one in made)
        return [(kept.message.marker.incident, kept.at - began) for kept in store.messages]

    times = asyncio.run(work())
    starts = {name: min(at for other, at in times if other == name) for name, _ in times}
    assert [round(starts[f"cache-{number}"]) for number in range(3)] == [0, 3600, 7200]
    assert len(times) == 6


def test_a_history_keeps_its_own_starts(tmp_path: Path) -> None:
    """Each incident begins as long after the earliest as it did, by the speed; those that overlapped still do."""
    hours = {"first": 0, "second": 2, "third": 2}
    records = [
        incident([message(0), message(5000)], scenario_id=name).model_copy(
            update={"start_time": f"2025-03-03T{9 + hour:02}:00:00+00:00"}
        )
        for name, hour in hours.items()
    ]
    options = LIVE.model_copy(update={"own_starts": True, "realtime": True, "speed": 10.0})

    async def work() -> list[tuple[str, float]]:
        clock = FakeClock()
        began, store = clock.now(), Store.of(["cache"])
        await deliver_all(records, MemoryWorkspace(clock, store), clock=clock, run_folder=tmp_path, options=options)
        return [(kept.message.marker.incident, kept.at - began) for kept in store.messages]

    times = asyncio.run(work())
    begun = {name: min(at for other, at in times if other == name) for name in hours}
    assert begun["first"] == pytest.approx(0, abs=2)
    assert begun["second"] == pytest.approx(720, abs=3)
    assert begun["third"] == pytest.approx(720, abs=3)
