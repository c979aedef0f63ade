"""The comparison with simulated responders, and with a person's own earlier drills."""

from __future__ import annotations

from pathlib import Path

import pytest

from slackincidents.drills import happenings as show
from slackincidents.drills.debrief import DEBRIEF_FILE, Debrief, Peers, debrief, peers, read_history, to_markdown
from slackincidents.drills.debrief.history import trend
from slackincidents.drills.debrief.moments import four_times
from slackincidents.drills.debrief.notes import Notes
from slackincidents.drills.debrief.others import standing
from slackincidents.schema import seat
from slackincidents.stats import Measure
from tests.drills.debriefs import Drill, good, workshop


def compared(drill: Drill, count: int = 12) -> Peers:
    """The drill beside simulated responders."""
    found = peers(drill.session, workshop().stage, count)
    assert found is not None
    return found


def test_the_same_drill_meets_the_same_peers() -> None:
    """Two comparisons of one drill are equal; a drill of another seed meets others."""
    assert compared(Drill().answered()) == compared(Drill().answered())
    assert compared(Drill().answered()).times != compared(Drill(seed="4").answered()).times


def test_peers_are_of_many_kinds() -> None:
    """Each has a seed of its own, so their times differ."""
    one = compared(Drill().answered()).times[Measure.MITIGATE]
    assert one.q1 is not None
    assert one.q3 is not None
    assert one.q1 < one.q3


def test_peers_change_nothing_in_the_drill() -> None:
    """The session goes on as if nobody had been simulated."""
    drill, other = Drill().answered(), Drill().answered()
    compared(drill, 3)
    drill.wait(1800)
    other.wait(1800)
    assert drill.plan == other.plan


def test_no_peers_and_progress() -> None:
    """None are simulated when none are asked for; progress is told after each."""
    told: list[tuple[int, int]] = []
    drill = Drill().answered()
    assert peers(drill.session, workshop().stage, 0) is None
    peers(drill.session, workshop().stage, 3, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_later_answer_stands_worse() -> None:
    """More simulated responders are ahead of who answers late."""
    early, late = compared(Drill().answered(5)), compared(Drill().answered(280))
    assert early.times[Measure.ACKNOWLEDGE].behind == early.count
    assert late.times[Measure.ACKNOWLEDGE].behind < early.times[Measure.ACKNOWLEDGE].behind
    assert early.times[Measure.ACKNOWLEDGE].median == late.times[Measure.ACKNOWLEDGE].median


def test_standing_among_times() -> None:
    """Median and quartiles are of the known; who never got there took longer; ties count half."""
    one = standing([10, 20, 30, 40, None], 20)
    assert (one.known, one.never, one.median, one.q1, one.q3) == (4, 1, 25, 17.5, 32.5)
    assert (one.behind, one.level, one.percentile) == (3, 1, 70.0)
    never = standing([10, None], None)
    assert (never.behind, never.level, never.percentile) == (0, 1, 25.0)


def test_who_sat_in_the_seat_of_a_finished_drill_is_the_trainee() -> None:
    """The trainee's times in the comparison are those of the debrief."""
    drill = good()
    found = debrief(drill.session)
    assert four_times(drill.session.world, drill.session.chair.handle) == {
        what: time.seconds for what, time in found.times.items()
    }


# earlier drills


def stored(root: Path, name: str, found: Debrief) -> None:
    """A drill's folder with its debrief."""
    (root / name).mkdir(parents=True)
    (root / name / DEBRIEF_FILE).write_text(found.to_json())


def played(after: float, at: str) -> Debrief:
    """A drill that was answered after so long, begun at that moment."""
    return debrief(Drill().answered(after).session, Notes(played_at=at))


def test_earlier_drills_oldest_first(tmp_path: Path) -> None:
    """The trend has the earlier times in order, their median, and how many were longer than this one."""
    for name, after, at in (("b", 200, "2026-01-02"), ("a", 60, "2026-01-03"), ("c", 100, "2026-01-01")):
        stored(tmp_path, name, played(after, at))
    history = read_history(tmp_path, scenario="database-failure")
    assert [drill.folder for drill in history.same] == ["c", "b", "a"]
    now = debrief(Drill().answered(80).session, history=history)
    assert now.history is not None
    one = now.history.same[Measure.ACKNOWLEDGE]
    assert (one.earlier, one.median, one.better) == ((100, 200, 60), 100, 2)
    assert now.history.same[Measure.RESOLVE].earlier == (None, None, None)
    assert "3 drills of database-failure" in to_markdown(now)


def test_other_scenarios_count_apart(tmp_path: Path) -> None:
    """Drills of all scenarios are compared too, and not mixed into this one's."""
    stored(tmp_path, "a", played(60, "2026-01-01"))
    stored(tmp_path, "b", debrief(Drill("cache-failure", crew={}).answered(30).session))
    history = read_history(tmp_path, scenario="database-failure")
    assert ([d.folder for d in history.same], [d.folder for d in history.all]) == (["a"], ["b", "a"])


def test_this_drill_and_later_ones_are_left_out(tmp_path: Path) -> None:
    """A debrief that is made again compares with what was before it, not with itself."""
    stored(tmp_path, "old", played(60, "2026-01-01"))
    stored(tmp_path, "this", played(60, "2026-01-02"))
    stored(tmp_path, "new", played(60, "2026-01-03"))
    history = read_history(tmp_path, scenario="x", leave_out=tmp_path / "this", before="2026-01-02")
    assert [drill.folder for drill in history.all] == ["old"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not a debrief"),
        (b"[]", "not a debrief"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'{"version": 99}', "not a debrief"),
        (b" " * 5_000_001, "MB"),
        (None, "no debrief yet"),
    ],
)
def test_broken_folders_are_named(tmp_path: Path, content: bytes | None, why: str) -> None:
    """A folder that cannot be read is left out with the reason, and the others are read."""
    stored(tmp_path, "whole", played(60, "2026-01-01"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "drill.json").write_text("{}")
    if content is not None:
        (tmp_path / "broken" / DEBRIEF_FILE).write_bytes(content)
    (tmp_path / "something else").mkdir()
    (tmp_path / "a file").write_text("x")
    history = read_history(tmp_path, scenario="database-failure")
    assert [drill.folder for drill in history.all] == ["whole"]
    assert list(history.left_out) == ["broken"]
    assert why in history.left_out["broken"]


def test_no_folder_no_history(tmp_path: Path) -> None:
    """A folder that is not there holds no drills."""
    history = read_history(tmp_path / "none", scenario="x")
    assert (history.all, history.left_out) == ((), {})


def test_a_drill_that_never_got_there_took_longer() -> None:
    """An earlier drill without the time counts as longer; without a time now nothing is compared."""
    assert trend([None, 100, 50], 60).better == 2
    assert trend([None, 100, 50], None).better is None
    assert trend([], 60).median is None


def test_nobody_answered_beside_others() -> None:
    """An outage has no time, and stands below everybody."""
    drill = Drill()
    drill.until(show.Rang)
    for _ in range(3):
        drill.do(seat.Ignore())
    one = compared(drill, 4).times[Measure.ACKNOWLEDGE]
    assert (one.behind, one.percentile) == (0, 0.0)
