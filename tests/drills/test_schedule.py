"""Who is on call: shifts, turns, overrides, quiet hours, and what a schedule lacks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from slackincidents.drills.commands import Acknowledge, Command, HandOver, Resolve, Trigger
from slackincidents.drills.escalation import ladder
from slackincidents.drills.handoff import Handoff, hand_over, handoffs
from slackincidents.drills.pager import Pager, replay
from slackincidents.drills.rota import DAYS, Hours, Override, Rota, Schedule, Shift, Turns, default_schedule
from slackincidents.drills.schedule import Watch, Why, faults, on_call, policy, spans, until
from slackincidents.library import Library
from tests.drills.test_wall import CLOCK_TIMES, MOMENTS, ZONES, utc

WEEK, YEAR = timedelta(days=7), timedelta(days=366)
WORKDAYS = DAYS[:5]


def hours(starts: str, ends: str, days: tuple[str, ...] = DAYS) -> tuple[Hours, ...]:
    """One stretch."""
    return (Hours.model_validate({"days": days, "starts": starts, "ends": ends}),)


def rota(*primary: Shift, zone: str = "UTC", **more: object) -> Rota:
    """A rota of one service."""
    return Rota.model_validate({"services": ("checkout",), "timezone": zone, "primary": primary, **more})


LAB = rota(
    Shift(people=("alice",), hours=hours("09:00", "17:00")),
    Shift(people=("bob",), hours=hours("17:00", "09:00")),
    zone="America/Los_Angeles",
    then=("charlie",),
)
TEAM = st.lists(st.sampled_from(["alice", "bob", "charlie", "dave"]), min_size=1, max_size=4, unique=True).map(tuple)
TURNS = st.builds(Turns, every_days=st.integers(1, 21), time=CLOCK_TIMES)


@st.composite
def complete(draw: st.DrawFn) -> Rota:
    """A rota that leaves no moment out: the day is cut at some times, and each part has a shift."""
    cuts = sorted(draw(st.sets(CLOCK_TIMES, min_size=1, max_size=4)))
    parts = list(pairwise([*cuts, cuts[0]]))
    shifts = [Shift(people=draw(TEAM), hours=hours(a, b), turns=draw(TURNS)) for a, b in parts]
    backup = [Shift(people=draw(TEAM), turns=draw(TURNS))] if draw(st.booleans()) else []
    return rota(*draw(st.permutations(shifts)), zone=draw(st.sampled_from(ZONES)), backup=backup)


@pytest.mark.parametrize(
    ("at", "primary"),
    [
        ("2026-07-01T16:00", "alice"),  # nine o'clock in Los Angeles
        ("2026-07-01T15:59", "bob"),
        ("2026-07-02T00:00", "bob"),  # five in the afternoon
        ("2026-01-01T17:00", "alice"),  # nine o'clock in winter
        ("2026-01-01T16:59", "bob"),
    ],
)
def test_the_lab_s_challenge(at: str, primary: str) -> None:
    """Alice from nine to five, Bob from five to nine, on the wall of Los Angeles; the other one is the backup."""
    watch = on_call(LAB, utc(at))
    assert (watch.primary, watch.backup) == (primary, {"alice": "bob", "bob": "alice"}[primary])
    assert faults(LAB, utc(at), utc(at) + YEAR) == ()


def test_a_page_goes_to_whoever_is_on_call() -> None:
    """The policy at three in the morning starts with Bob and has everybody once; the lab's order by day."""
    night, day = policy(LAB, utc("2026-07-01T10:00")), policy(LAB, utc("2026-07-01T18:00"))
    assert night == ladder(["bob", "alice", "charlie"])
    assert day == ladder(["alice", "bob", "charlie"])


@given(complete(), MOMENTS)
def test_exactly_one_primary_at_every_moment(made: Rota, moment: datetime) -> None:
    """Where hours leave nothing out there is one primary, no rival, no fault, whatever the clocks do."""
    watch = on_call(made, moment)
    assert watch.primary is not None
    assert watch.rivals == ()
    assert watch.backup != watch.primary
    assert faults(made, moment, moment + WEEK) == ()


@given(complete(), MOMENTS)
def test_spans_are_what_is_asked_moment_by_moment(made: Rota, moment: datetime) -> None:
    """Spans meet without a hole, differ from their neighbours, and hold at their first, middle and last minute."""
    found = list(spans(made, moment, moment + WEEK))
    assert (found[0].starts, found[-1].ends) == (moment, moment + WEEK)
    for span in found:
        middle = span.starts + (span.ends - span.starts) / 2
        for at in (span.starts, middle, span.ends - timedelta(seconds=1)):
            assert on_call(made, at) == span.watch
    for one, other in pairwise(found):
        assert one.ends == other.starts
        assert one.watch != other.watch


@given(complete(), MOMENTS)
def test_until_is_the_first_handoff(made: Rota, moment: datetime) -> None:
    """Up to `until` it is the same primary, from it on another one, and the list of handoffs agrees."""
    change = until(made, moment)
    if change is None:
        assert len({person for shift in made.primary for person in shift.people}) == 1
        return
    first = next(handoffs(made, moment, change + timedelta(seconds=1)))
    assert first.at == change
    assert first.outgoing == on_call(made, change - timedelta(seconds=1)).primary == on_call(made, moment).primary
    assert first.incoming == on_call(made, change).primary != first.outgoing


@pytest.mark.parametrize("zone", ZONES)
def test_each_change_of_the_clock_gives_one_handoff(zone: str) -> None:
    """A handoff at half past two, in the hour that is skipped or comes twice, takes place once a day all year."""
    night = rota(
        Shift(people=("alice",), hours=hours("14:30", "02:30")),
        Shift(people=("bob",), hours=hours("02:30", "14:30")),
        zone=zone,
    )
    start = utc("2026-01-01T12:00")
    found = list(handoffs(night, start, start + timedelta(days=365)))
    assert len(found) in (729, 730, 731)
    assert all(one.incoming == other.outgoing for one, other in pairwise(found))
    assert {(each.outgoing, each.incoming) for each in found} == {("alice", "bob"), ("bob", "alice")}
    lengths = {other.at - one.at for one, other in pairwise(found)}
    assert timedelta(hours=9.5) < min(lengths)
    assert max(lengths) < timedelta(hours=14.5)


def test_weeks_are_taken_in_turn() -> None:
    """Three people, a week each, from Monday nine o'clock; the next in turn is the backup."""
    weekly = rota(Shift(people=("alice", "bob", "charlie")))
    found = list(handoffs(weekly, utc("2024-01-01T09:00"), utc("2024-01-29T09:00")))
    assert [(str(each.at)[:16], each.outgoing, each.incoming) for each in found] == [
        ("2024-01-08 09:00", "alice", "bob"),
        ("2024-01-15 09:00", "bob", "charlie"),
        ("2024-01-22 09:00", "charlie", "alice"),
    ]
    assert on_call(weekly, utc("2024-01-16T00:00")) == Watch("charlie", "alice", Why.SHIFT)


def test_an_override_counts_for_its_time_only() -> None:
    """Dave sits in for Alice from ten to twelve; she is away, so she is not his backup. Of two the later one counts."""
    base = Shift(people=("alice", "bob"))
    sits = Override(person="dave", starts=utc("2024-01-02T10:00"), ends=utc("2024-01-02T12:00"), reason="dentist")
    made = rota(base, overrides=(sits,))
    assert on_call(made, utc("2024-01-02T09:59")) == Watch("alice", "bob", Why.SHIFT)
    assert on_call(made, utc("2024-01-02T10:00")) == Watch("dave", "bob", Why.OVERRIDE)
    assert on_call(made, utc("2024-01-02T12:00")) == Watch("alice", "bob", Why.SHIFT)
    assert until(made, utc("2024-01-02T11:00")) == utc("2024-01-02T12:00")
    assert on_call(rota(Shift(people=("alice",)), overrides=(sits,)), utc("2024-01-02T11:00")).backup is None
    both = rota(base, overrides=(sits, sits.model_copy(update={"person": "eve"})))
    assert on_call(both, utc("2024-01-02T11:00")) == Watch("eve", "bob", Why.OVERRIDE, rivals=("dave",))
    assert [fault.people for fault in faults(both, utc("2024-01-01T00:00"), utc("2024-01-08T00:00"))] == [
        ("eve", "dave")
    ]


def test_an_override_of_the_backup_leaves_the_primary() -> None:
    """Only the seat it names changes hands."""
    sits = Override(person="dave", seat="backup", starts=utc("2024-01-02T10:00"), ends=utc("2024-01-02T12:00"))
    made = rota(Shift(people=("alice", "bob")), overrides=(sits,))
    assert on_call(made, utc("2024-01-02T11:00")) == Watch("alice", "dave", Why.SHIFT)


def test_a_backup_of_their_own() -> None:
    """A backup shift has its own turns; whoever is primary already is never their own backup."""
    made = rota(Shift(people=("alice",)), backup=(Shift(people=("bob", "alice")),))
    assert on_call(made, utc("2024-01-02T00:00")).backup == "bob"
    assert on_call(made, utc("2024-01-09T00:00")).backup is None


def test_a_gap_is_found_and_named() -> None:
    """Office hours on weekdays: five evenings alike, a weekend, and both come back each week."""
    office = rota(Shift(people=("alice",), hours=hours("09:00", "17:00", WORKDAYS)), zone="Europe/Berlin")
    weekday, weekend = faults(office, utc("2026-06-01T07:00"), utc("2026-06-29T07:00"))
    assert (weekday.kind, weekday.people, weekday.times) == ("gap", (), 16)
    assert (weekday.starts, weekday.ends) == (utc("2026-06-01T15:00"), utc("2026-06-02T07:00"))
    assert (weekend.starts, weekend.ends, weekend.times) == (utc("2026-06-05T15:00"), utc("2026-06-08T07:00"), 4)
    assert weekend.last == utc("2026-06-26T15:00")
    assert on_call(office, utc("2026-06-06T00:00")) == Watch(None, None, Why.GAP)
    assert policy(office, utc("2026-06-06T00:00")) is None
    assert until(office, utc("2026-06-06T00:00")) == utc("2026-06-08T07:00")


def test_a_declared_gap_is_no_fault() -> None:
    """The same hours, with nights and weekends declared quiet, have no fault; nobody is on call then."""
    office = rota(
        Shift(people=("alice",), hours=hours("09:00", "17:00", WORKDAYS)),
        zone="Europe/Berlin",
        quiet=hours("17:00", "09:00") + hours("00:00", "00:00", ("sat", "sun")),
    )
    assert faults(office, utc("2026-06-01T00:00"), utc("2027-06-01T00:00")) == ()
    assert on_call(office, utc("2026-06-06T12:00")) == Watch(None, None, Why.QUIET)


def test_zones_that_change_apart_leave_an_hour_bare() -> None:
    """London and New York hand over at noon in London, but for the weeks between their changes of the clock."""
    sun = rota(
        Shift(people=("quinn",), timezone="Europe/London", hours=hours("00:00", "12:00")),
        Shift(people=("dave",), timezone="America/New_York", hours=hours("07:00", "19:00")),
        zone="Europe/London",
    )
    found = faults(sun, utc("2026-01-01T00:00"), utc("2027-01-01T00:00"))
    assert [(f.kind, f.people, str(f.starts)[:16], f.times, str(f.last)[:10]) for f in found] == [
        ("overlap", ("quinn", "dave"), "2026-03-08 11:00", 28, "2026-10-31"),
        ("gap", (), "2026-03-08 23:00", 28, "2026-10-31"),
    ]
    assert on_call(sun, utc("2026-03-10T11:30")) == Watch("quinn", "dave", Why.SHIFT, rivals=("dave",))


def test_the_default_is_the_catalogue_s_engineers_by_the_week(library: Library) -> None:
    """A year of weeks: every engineer in turn is primary, another one backup, and there is no fault."""
    made = default_schedule(library.catalogue())
    assert made.services == tuple(library.catalogue().services)
    for name, service in library.catalogue().services.items():
        mine = made.rota(name)
        assert mine is not None
        weeks = [on_call(mine, utc("2026-01-01T12:00") + week * WEEK) for week in range(52)]
        assert {watch.primary for watch in weeks} == set(service.engineers)
        assert all(watch.backup in service.engineers and watch.backup != watch.primary for watch in weeks)
        assert faults(mine, utc("2026-01-01T00:00"), utc("2026-01-01T00:00") + YEAR) == ()


def test_a_handoff_takes_an_open_incident_along() -> None:
    """At five Alice's incident becomes Bob's. Before five, unowned, or over, there is nothing to give."""
    began = utc("2026-07-01T23:00").timestamp()
    opened: list[tuple[float, Command]] = [(began, Trigger(details="it burns")), (began + 60, Acknowledge(by="alice"))]
    state, _ = replay(ladder(["alice", "bob"]), opened)
    assert next(handoffs(LAB, utc("2026-07-01T23:00"), utc("2026-07-02T00:01"))) == Handoff(
        utc("2026-07-02T00:00"), "alice", "bob", Why.SHIFT
    )
    assert hand_over(state, LAB, utc("2026-07-02T00:00")) == HandOver(by="alice", to="bob")
    assert hand_over(state, LAB, utc("2026-07-01T23:59")) is None
    assert hand_over(Pager(ladder(["alice"])), LAB, utc("2026-07-02T00:00")) is None
    over, _ = replay(ladder(["alice", "bob"]), [*opened, (began + 90, Resolve(by="alice"))])
    assert hand_over(over, LAB, utc("2026-07-02T00:00")) is None


def test_what_contradicts_itself_is_no_schedule() -> None:
    """A service with two rotas, an override that ends before it starts, a shift of nobody, a clock beyond 24."""
    with pytest.raises(ValidationError, match="checkout would have two rotas"):
        Schedule(rotas=(LAB, LAB))
    with pytest.raises(ValidationError, match="ends after it starts"):
        Override(person="alice", starts=datetime(2026, 1, 2, tzinfo=UTC), ends=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValidationError):
        Shift(people=())
    with pytest.raises(ValidationError):
        Hours(starts="24:00")
