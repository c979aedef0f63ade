"""The four times, worked out here from the plan, and what moves them."""

from __future__ import annotations

import pytest

from slackincidents.assembly import assemble
from slackincidents.drills import happenings as show
from slackincidents.drills.debrief import debrief, transcript
from slackincidents.drills.debrief.moments import four_times
from slackincidents.planner.chair import Chair
from slackincidents.planner.simulate import begin, finish, last_moment
from slackincidents.schema import seat
from slackincidents.schema.plan import Kind
from slackincidents.stats import Measure
from slackincidents.stats import measure as measured
from slackincidents.writer import OfflineWriter
from tests.drills.debriefs import Drill, good, workshop


def times(drill: Drill) -> dict[str, int | None]:
    """The four times in seconds."""
    return {str(what): time.seconds for what, time in debrief(drill.session).times.items()}


def test_the_four_times_are_those_of_the_plan() -> None:
    """From the first alert: page answered, cause found, impact over, last word that it is over."""
    drill = good()
    plan = drill.plan
    answered = next(page.acknowledged_at for page in plan.pages if page.acknowledged_at is not None)
    cause = next(look.end for look in plan.looks if look.clue == "cause")
    over = [beat.at for beat in plan.beats if beat.kind is Kind.RESOLUTION][-1]
    assert plan.impact_end is not None
    assert times(drill) == {
        "acknowledge": answered - drill.alert,
        "diagnose": cause - drill.alert,
        "mitigate": plan.impact_end - drill.alert,
        "resolve": over - drill.alert,
    }
    assert debrief(drill.session).outcome == show.RESOLVED


def test_a_later_answer_takes_longer() -> None:
    """A page that rings 100 s longer is acknowledged 100 s later."""
    early, late = Drill().answered(20), Drill().answered(120)
    first, second = times(early)["acknowledge"], times(late)["acknowledge"]
    assert first is not None
    assert second == first + 100


def test_the_cause_can_be_read() -> None:
    """Who does nothing knows the cause as soon as somebody states it where they can read it."""
    drill = Drill().answered()
    drill.wait(4 * 3600)
    plan, me = drill.plan, drill.session.chair.handle
    rooms = {one.channel: one.at for one in plan.presence if one.person == me}
    told = [b for b in plan.beats if "clue:cause" in (*b.reveals, *b.cites) and b.channel in rooms]
    found = debrief(drill.session).times[Measure.DIAGNOSE]
    assert found.seconds == min(max(beat.at, rooms[beat.channel]) for beat in told) - drill.alert
    assert found.person == told[0].speaker != me


def test_nobody_answers() -> None:
    """Three times ignored: no time at all, and the reason."""
    drill = Drill()
    drill.until(show.Rang)
    for _ in range(3):
        drill.do(seat.Ignore())
    drill.until(show.Over)
    found = debrief(drill.session)
    assert found.outcome == show.OUTAGE
    assert {(time.seconds, time.why) for time in found.times.values()} == {(None, "nobody answered the pager")}
    assert [page.fate for page in found.pages if page.seat] == ["ignored"] * 3


def test_a_drill_that_was_left() -> None:
    """What had not happened when it was left has no time, and says so."""
    drill = Drill().answered()
    drill.look("cpu-full")
    found = debrief(drill.session)
    assert found.outcome == "left"
    assert found.times[Measure.ACKNOWLEDGE].why is None
    assert [found.times[what].why for what in (Measure.DIAGNOSE, Measure.MITIGATE, Measure.RESOLVE)] == [
        "you did not learn the cause before the drill was left",
        "the fault was not gone before the drill was left",
        "it was not resolved before the drill was left",
    ]


def test_before_anything_has_gone_off() -> None:
    """A drill that was left at once has a debrief too."""
    found = debrief(Drill().session)
    assert {time.why for time in found.times.values()} == {"nothing had gone off yet"}
    assert (found.steps, found.pages, found.deeds, found.guesses) == ((), (), (), ())


def test_without_an_alert_the_first_report_starts_the_clock() -> None:
    """The page of a user's report is timed from the report."""
    drill = Drill("llm-inaccuracy", crew={}).answered(50)
    plan = drill.plan
    report = next(beat.at for beat in plan.beats if beat.act == "user_report")
    answered = next(page.acknowledged_at for page in plan.pages if page.acknowledged_at is not None)
    assert times(drill)["acknowledge"] == answered - report
    assert debrief(drill.session).no_alert


@pytest.mark.parametrize("scenario", ["database-failure", "cache-failure", "payment-failure"])
def test_the_same_definitions_as_the_statistics(scenario: str) -> None:
    """On the file of a simulated course, mitigated and resolved are those of `stats`; the rest never contradicts it."""
    request = Drill(scenario, crew={}).session.request
    chair = Chair(shadow=True)
    world = begin(workshop().skeleton(scenario), workshop().stage, request, chair)
    world.run(last_moment(world))
    plan = finish(world, request)
    told = measured(assemble(plan, OfflineWriter(workshop().banks).compose(plan))).moments
    ours = four_times(world, chair.handle)
    for what in (Measure.MITIGATE, Measure.RESOLVE):
        assert ours[what] == told[what].seconds
    answered, said = ours[Measure.ACKNOWLEDGE], told[Measure.ACKNOWLEDGE].seconds
    assert answered is not None
    assert said is None or answered <= said


def test_the_transcript_is_an_incident_file() -> None:
    """It validates, and its times are those of the debrief."""
    drill = good()
    incident = transcript(drill.session, OfflineWriter(workshop().banks).compose(drill.plan))
    told = measured(incident).moments
    assert workshop().validate(incident).clean
    assert told[Measure.MITIGATE].seconds == times(drill)["mitigate"]
    assert told[Measure.RESOLVE].seconds == times(drill)["resolve"]


def test_the_same_drill_gives_the_same_bytes() -> None:
    """A drill that is played again from its moves has the same debrief, to the byte."""
    drill = good()
    session = drill.session
    again, _ = type(session).again(session.skeleton, workshop().stage, session.request, session.record)
    assert debrief(again).to_json() == debrief(session).to_json()
