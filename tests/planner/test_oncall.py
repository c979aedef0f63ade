"""Who is paged, by rotation and hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from slackincidents.planner.oncall import at_night, at_work, on_call
from slackincidents.schema.people import Persona

BERLIN = Persona(name="B", style="plain", timezone="Europe/Berlin")
ANGELES = Persona(name="A", style="plain", timezone="America/Los_Angeles")
PEOPLE = {"berta": BERLIN, "anna": ANGELES, "anton": ANGELES}


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text + "+00:00")


def test_those_at_work_are_paged_first() -> None:
    """At nine in Berlin it is midnight in Los Angeles: Berlin is paged first, and the other way round."""
    assert on_call(("anna", "anton", "berta"), PEOPLE, at("2024-12-11T09:00"))[0] == "berta"
    assert on_call(("berta", "anna", "anton"), PEOPLE, at("2024-12-11T19:00"))[-1] == "berta"


def test_the_rotation_moves_each_week() -> None:
    """Two people of one place take turns by the week."""
    weeks = [on_call(("anna", "anton"), PEOPLE, at(f"2024-12-{day:02d}T19:00"))[0] for day in (4, 11, 18)]
    assert weeks[0] == weeks[2] != weeks[1]


def test_weekends_are_nobody_s_working_hours() -> None:
    """On a Saturday noon nobody is at work, and nobody is asleep."""
    assert not at_work(BERLIN, at("2024-12-14T11:00"))
    assert not at_night(BERLIN, at("2024-12-14T11:00"))


@given(st.permutations(["anna", "anton", "berta"]), st.integers(0, 10 * 365 * 24 * 60))
def test_everybody_is_on_the_list_once(crew: list[str], minutes: int) -> None:
    """Whatever the hour, the order holds each engineer once."""
    moment = at("2020-01-01T00:00") + timedelta(minutes=minutes)
    assert sorted(on_call(tuple(crew), PEOPLE, moment)) == sorted(crew)
