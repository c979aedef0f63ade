"""Exactly once, whatever goes wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from slackincidents.errors import Declined, ServiceFailed, SlackIncidentsError
from slackincidents.sinks.memory import Fault, Kept
from tests.sinks.stage import Killed, Shop, alert, faults_in, message, shop

METHODS = ("identity", "channels", "post", "react", "history", "replies")
STORY: tuple[dict[str, JsonValue], ...] = (
    alert(0, reactions=[{"emoji": "eyes", "users": ["alice"]}]),
    message(10, text="on it", thread_parent=0),
    message(12, "#shop", "checkout is slow"),
    message(20, text="hit rate is 0", thread_parent=0),
    message(30, "#shop", "is it the cache? @cache-oncall", thread_parent=2, mentions=["@cache-oncall"]),
    message(31, text="yes", reactions=[{"emoji": "+1"}, {"emoji": "+1"}]),
    message(40, text="back", type="resolution", metrics_after={"p95_latency": "50ms"}),
)


def until_done(place: Shop, most: int = 12) -> None:
    """Run the same again until it is through."""
    for _ in range(most):
        try:
            if place.post().complete:
                return
        except ServiceFailed:
            continue
    pytest.fail("it never came through")


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("nth", range(1, len(STORY) + 1))
@pytest.mark.parametrize("method", METHODS)
def test_one_fault_anywhere_loses_and_doubles_nothing(tmp_path: Path, method: str, nth: int, fault: Fault) -> None:
    """Each fault at each call of each method: every event stands once, in its thread, in order."""
    place = shop(tmp_path, STORY)
    delivery = place.post(faults={(method, nth): fault})
    assert delivery.complete
    assert faults_in(place.record, place.store.messages) == []
    assert [sorted(kept.reactions) for kept in place.store.messages if kept.reactions] == [["eyes"], ["+1"]]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", range(1, len(STORY) + 1))
def test_killed_at_any_message_the_next_run_goes_on(tmp_path: Path, nth: int, after: bool) -> None:
    """Killed before or after the workspace took a message: the next run adds what is missing and nothing else."""
    place = shop(tmp_path, STORY)
    with pytest.raises(Killed):
        place.post(die_after=nth if after else 0, die_before=0 if after else nth)
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []


timelines = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["#cache", "#shop"]), st.integers(0, 30), st.booleans()),
    min_size=1,
    max_size=12,
)
plans = st.dictionaries(
    st.tuples(st.sampled_from(METHODS), st.integers(1, 14)), st.sampled_from(list(Fault)), max_size=10
)


def told(lines: list[tuple[int, str, int, bool]]) -> list[dict[str, JsonValue]]:
    """A timeline from raw pieces, not in time order; parents come earlier in time, some in another channel."""
    events: list[dict[str, JsonValue]] = []
    for index, (at, channel, parent, threaded) in enumerate(lines):
        earlier = [other for other in range(index) if lines[other][0] <= at]
        more: dict[str, JsonValue] = {"thread_parent": earlier[parent % len(earlier)]} if threaded and earlier else {}
        events.append(message(at, channel, f"event {index} @shop-oncall", **more))
    return events


@given(timelines, plans, st.integers(0, 14), st.integers(0, 14))
def test_any_timeline_under_any_faults_comes_through_once(
    lines: list[tuple[int, str, int, bool]], faults: dict[tuple[str, int], Fault], before: int, after: int
) -> None:
    """Faults, then a kill, then reruns: each event once, right parent, each channel in order."""
    with tempfile.TemporaryDirectory() as folder:
        place = shop(Path(folder), told(lines))
        try:
            place.post(faults=faults, die_before=before, die_after=after)
        except (Killed, ServiceFailed):
            until_done(place)
        assert faults_in(place.record, place.store.messages) == []


def test_a_copy_that_comes_late_is_deleted_again(tmp_path: Path) -> None:
    """A message that arrives after the look and the second try is taken away; the one the thread hangs on stays."""
    place = shop(tmp_path, STORY)
    place.post(faults={("post", 1): Fault.DROP_BEFORE})
    workspace = place.workspace
    assert workspace is not None
    root = next(kept for kept in place.store.messages if kept.message.marker.index == 0)
    late = f"{float(root.ts) + 0.5:.6f}"
    place.store.messages.append(Kept(root.channel_id, late, 0.0, root.message, root.bot))
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []
    assert root in place.store.messages


def test_an_outage_stops_the_run_and_says_how_to_go_on(tmp_path: Path) -> None:
    """When patience ends, the error says what stands, what does not, and which command goes on; and that one does."""
    place = shop(tmp_path, STORY)
    outage = {(method, nth): Fault.SERVER_ERROR for method in ("post", "replies", "history") for nth in range(4, 60)}
    with pytest.raises(ServiceFailed) as caught:
        place.post(faults=outage)
    told_to_user = str(caught.value)
    assert "posted: 3 events" in told_to_user
    assert "not posted: 4 events" in told_to_user
    assert f"slackincidents post with the same files and options and --run {place.folder}" in told_to_user
    assert f"slackincidents unpost {place.folder}" in told_to_user
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []


def test_a_rate_limit_that_does_not_end_stops_the_run(tmp_path: Path) -> None:
    """A workspace that only ever asks to wait is not waited for without end."""
    place = shop(tmp_path, STORY)
    began = place.now
    with pytest.raises(SlackIncidentsError, match="slow down"):
        place.post(faults={("post", nth): Fault.RATE_LIMIT for nth in range(3, 5000)})
    assert 600 < place.now - began < 2400
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []


def test_a_refused_message_stops_everything_and_names_the_event(tmp_path: Path) -> None:
    """A message that is refused for good is not tried again; the error names its event and its channel."""
    place = shop(tmp_path, STORY)
    with pytest.raises(Declined, match=r"event 3 in #cache: .*archived.*posted: 4 events \(0-2, 4\)"):
        place.post(refuse="hit rate is 0")
    assert place.workspace is not None
    assert place.workspace.calls["post"] <= 5
    assert place.post().complete
    assert faults_in(place.record, place.store.messages) == []
