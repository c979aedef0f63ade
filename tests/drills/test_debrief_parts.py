"""What was looked at, guessed, done, said and skipped: each worked out here from the orders and the plan."""

from __future__ import annotations

import pytest

from slackincidents.drills import happenings as show
from slackincidents.drills.debrief import Glance, Hint, Notes, debrief
from slackincidents.drills.debrief.moments import acknowledged_at, known_at
from slackincidents.drills.debrief.signals import level
from slackincidents.drills.debrief.values import Debrief, Deed
from slackincidents.schema import seat
from slackincidents.schema.acts import Act
from slackincidents.schema.skeleton import Severity
from slackincidents.stats import Measure
from tests.drills.debriefs import TRAIL, Drill, good

RECOVERS_HALF = "cache-failure"
"""Its redis keeps half of the memory after the fix, and that is fine."""


def only(found: Debrief, action: str) -> Deed:
    """The seat's one attempt at an action."""
    (deed,) = [deed for deed in found.deeds if deed.own and deed.action == action]
    return deed


def state(found: Debrief, name: str) -> str:
    """The state of the first step that begins so."""
    return next(step.state for step in found.steps if step.name.startswith(name))


# looks


def test_a_clue_is_found_told_or_missed() -> None:
    """What the seat found stands with its moments; the rest is told by somebody or missed."""
    drill = Drill().answered()
    started = drill.session.now
    found_at = drill.look("cpu-full")
    found = {one.clue: one for one in debrief(drill.session).clues}
    cpu, cause = found["cpu-full"], found["cause"]
    assert (cpu.how, cpu.by, cpu.trail) == ("found", drill.session.chair.handle, True)
    assert (cpu.looked_at, cpu.known_at) == (drill.since(started), drill.since(found_at))
    assert (cause.how, cause.trail, cause.open_from, cause.looked_at) == ("missed", True, None, None)
    assert set(TRAIL) == {one.clue for one in found.values() if one.trail}


def test_a_clue_is_open_once_all_it_needs_is_known() -> None:
    """`long-queries` can be looked for from the moment `cpu-full` was found."""
    drill = Drill().answered()
    found_at = drill.look("cpu-full")
    found = next(one for one in debrief(drill.session).clues if one.clue == "long-queries")
    assert found.open_from == drill.since(found_at)


def test_what_others_tell_is_told() -> None:
    """Who waits learns from colleagues, and the debrief says from whom."""
    drill = Drill().answered()
    drill.wait(2 * 3600)
    told = [one for one in debrief(drill.session).clues if one.how == "told"]
    speakers = {fact: b.speaker for b in reversed(drill.plan.beats) for fact in (*b.reveals, *b.cites)}
    assert told
    assert {one.by for one in told} <= set(speakers.values()) - {drill.session.chair.handle}


def test_a_look_that_found_nothing_counts_as_a_look() -> None:
    """A glance without a clue opens its source; one with a clue is not counted twice."""
    drill = Drill().answered()
    at = drill.do(seat.Look(clue="cpu-full"))
    drill.until(show.Found)
    glances = (
        Glance(at=at, where="dashboard", service="postgresql", clue="cpu-full"),
        Glance(at=drill.session.now, where="traces", service="checkout"),
        Glance(at=drill.session.now, where="flags", service="checkout"),
    )
    places = {(p.where, p.service): p for p in debrief(drill.session, Notes(glances=glances)).places}
    assert [len(places[p].looks) for p in (("dashboard", "postgresql"), ("traces", "checkout"))] == [1, 1]
    assert (places["traces", "checkout"].empty, places["dashboard", "postgresql"].empty) == (1, 0)
    assert (places["flags", "checkout"].clues, places["traces", "checkout"].clues) == (0, 1)
    assert places["logs", "product-reviews"].looks == ()


def test_nothing_is_known_before_the_seat_is_filled() -> None:
    """The alert stood there for 200 s; the seat knows it from the answer on."""
    drill = Drill().answered(200)
    world, me = drill.session.world, drill.session.chair.handle
    fact = next(fact for beat in world.beats for fact in beat.reveals if fact.startswith("alert:"))
    assert known_at(world, me, fact) == acknowledged_at(world, me)
    assert known_at(world, "bob", fact) is None


def test_signals_are_normal_again_after_the_fix() -> None:
    """What counts as recovered is good enough once the fault is gone, and is off while it is there."""
    drill = Drill(RECOVERS_HALF, crew={}).answered()
    drill.wait(1500)
    fixed = drill.act(next(key for key, one in drill.session.skeleton.actions.items() if one.effect == "fixes"))
    drill.wait(1800)
    found = debrief(drill.session)
    assert found.signals[-1].until == found.ends
    assert level(found.signals[-1].worst) == 0
    assert level(next(one.worst for one in found.signals if one.at <= drill.since(fixed) - 600 <= one.until)) >= 2


# hypotheses


def held(withdraw_after: float) -> tuple[Drill, Debrief, float]:
    """A false guess, then the evidence against it, then so long until it is taken back."""
    drill = Drill().answered()
    drill.do(seat.Guess(hypothesis="traffic"))
    against = drill.look("traffic-same")
    drill.wait(withdraw_after)
    drill.do(seat.Withdraw(hypothesis="traffic"))
    drill.wait(400)
    return drill, debrief(drill.session), against


@pytest.mark.parametrize("seconds", [0, 120, 500])
def test_a_guess_is_held_against_the_evidence_until_it_is_taken_back(seconds: int) -> None:
    """The time counts from the moment the seat found what refutes it to the withdrawal."""
    drill, found, against = held(seconds)
    (guess,) = [one for one in found.guesses if one.own]
    assert (guess.hypothesis, guess.true, guess.against_at) == ("traffic", False, drill.since(against))
    assert guess.against_s == pytest.approx(seconds, abs=1)
    assert guess.withdrawn_at == drill.since(drill.session.moves[-1].at)


def test_evidence_that_was_there_before_the_guess_counts_from_the_guess() -> None:
    """Nobody holds a guess before voicing it."""
    drill = Drill().answered()
    drill.look("traffic-same")
    drill.wait(300)
    drill.do(seat.Guess(hypothesis="traffic"))
    drill.wait(200)
    (guess,) = [one for one in debrief(drill.session).guesses if one.own]
    assert guess.against_at is not None
    assert guess.against_at < guess.at
    assert guess.against_s == pytest.approx(drill.since(drill.session.now) - guess.at, abs=1)


def test_nothing_is_held_against_a_true_guess_or_without_evidence() -> None:
    """Without a refuting fact known to the seat there is nothing to hold against anybody."""
    drill = Drill().answered()
    drill.look("cpu-full")
    drill.do(seat.Guess(hypothesis="slow-queries"))
    drill.do(seat.Guess(hypothesis="vacuum"))
    drill.wait(60)
    own = {one.hypothesis: one for one in debrief(drill.session).guesses if one.own}
    assert {(one.against_at, one.against_s) for one in own.values()} == {(None, 0)}
    assert own["slow-queries"].true


# actions


def test_an_action_that_makes_it_worse_costs_until_the_fix() -> None:
    """Scaling up first adds impact from its effect to the fix; the fix adds none."""
    drill = Drill(seed="5").answered()
    drill.look("cat-500")
    worse = drill.act("scale-catalog")
    fixed = drill.act("kill-queries")
    drill.wait(600)
    found = debrief(drill.session)
    undone = [b.at for b in drill.session.world.beats if b.act is Act.CORRECTION and b.action == "scale-catalog"]
    assert only(found, "scale-catalog").added_s == pytest.approx(min([fixed, *undone]) - worse, abs=1)
    assert only(found, "kill-queries").added_s == 0
    assert only(found, "scale-catalog").effect == "worse"


def test_an_action_in_vain_costs_the_time_spent_on_it() -> None:
    """Restarting the wrong thing costs from the order to its effect; without it the fix is sooner."""
    drill = Drill().answered()
    ordered = drill.session.now
    took = drill.act("restart-catalog")
    deed = only(debrief(drill.session), "restart-catalog")
    assert (deed.effect, deed.took_s, deed.added_s) == ("nothing", *[pytest.approx(took - ordered, abs=1)] * 2)
    drill.act("kill-queries")
    straight = Drill().answered()
    straight.act("kill-queries")
    later, sooner = (debrief(one.session).times[Measure.MITIGATE].seconds for one in (drill, straight))
    assert later is not None
    assert sooner is not None
    assert later > sooner


def approved() -> tuple[Drill, str]:
    """A drill in which a colleague says yes to the fix, and who."""
    for number in range(20):
        drill = Drill(seed=str(number)).answered()
        drill.do(seat.CallIn(person="bob"))
        drill.wait(600)
        if drill.session.world.trouble.acting or "cause" in drill.session.known():
            continue
        drill.do(seat.Attempt(action="kill-queries"))
        drill.until(show.Took, show.Objected)
        yes = [b for b in drill.session.world.beats if b.act is Act.APPROVE and b.action == "kill-queries"]
        if yes:
            return drill, yes[0].speaker
    raise AssertionError("nobody said yes in twenty drills")


def test_an_action_that_others_agree_to() -> None:
    """A yes from a colleague is no objection."""
    drill, voice = approved()
    deed = only(debrief(drill.session), "kill-queries")
    assert voice != drill.session.chair.handle
    assert (deed.agreed, deed.company, deed.objected_by) == (True, True, None)


def test_an_action_without_a_word_counts_too() -> None:
    """An act that nothing was said about before is an attempt like any other, and is told as what it was."""
    drill = Drill().answered()
    drill.act("restart-catalog")
    beats = drill.session.world.beats
    beats[:] = [beat for beat in beats if beat.act is not Act.PROPOSE]
    deed = only(debrief(drill.session), "restart-catalog")
    assert (deed.announced, deed.agreed, deed.effect) == (False, False, "nothing")


def objected() -> Drill:
    """A drill in which somebody objects to what the seat wants to do."""
    for number in range(40):
        drill = Drill(seed=str(number)).answered()
        drill.do(seat.CallIn(person="bob"))
        drill.wait(1200)
        if drill.session.world.trouble.acting or drill.session.world.is_fixed():
            continue
        drill.do(seat.Attempt(action="restart"))
        if drill.until(show.Objected, show.Took, limit=600) and drill.session.chair.objection:
            return drill
    raise AssertionError("nobody objected in forty drills")


def test_an_action_against_an_objection() -> None:
    """Done all the same it says who objected; let be, it was never done."""
    drill = objected()
    voice = next(b.speaker for b in drill.session.world.beats if b.act is Act.OBJECT and b.action == "restart")
    drill.do(seat.Attempt(action="restart"))
    drill.until(show.Took)
    deed = only(debrief(drill.session), "restart")
    assert (deed.objected_by, deed.risky) == (voice, True)
    assert deed.done_at is not None
    assert any("objected" in said for said in debrief(drill.session).cost)
    dropped = objected()
    dropped.do(seat.Take())
    dropped.wait(60)
    deed = only(debrief(dropped.session), "restart")
    assert (deed.done_at, deed.effect, deed.added_s) == (None, None, 0)
    assert not any("objected" in said for said in debrief(dropped.session).cost)


# duties


def due(drill: Drill) -> list[tuple[int, int | None]]:
    """The updates that were due, with how late they came."""
    return [(one.at, one.late_s) for one in debrief(drill.session).updates.due]


def answered_at(drill: Drill) -> int:
    """When the seat was filled, on the debrief's clock."""
    return next(p.answered_at for p in debrief(drill.session).pages if p.seat and p.answered_at is not None)


def quiet(severity: Severity | None = None, hours: float = 1.2) -> Drill:
    """A drill without any updates, by the seat or by others."""
    for seed in ("3", "7", "8", "9", "11", "12"):
        drill = Drill(seed=seed).answered()
        if severity:
            drill.do(seat.Triage(severity=severity))
        drill.wait(hours * 3600)
        if not debrief(drill.session).updates.others and not drill.session.world.trouble.resolved:
            return drill
    raise AssertionError("somebody else gave updates in all of them")


def test_updates_are_due_by_the_runbooks_clock() -> None:
    """SEV-2: every 30 min from the answer on; none came, so all are missing."""
    drill = quiet()
    begun = answered_at(drill)
    assert due(drill) == [(begun + 1800, None), (begun + 3600, None)]


def test_a_worse_severity_makes_updates_due_sooner() -> None:
    """Called SEV-1 at once, an update is due every 15 min."""
    drill = quiet("SEV-1", hours=0.6)
    begun = answered_at(drill)
    assert due(drill) == [(begun + 900, None), (begun + 1800, None)]


def test_an_update_in_time_and_one_that_is_late() -> None:
    """The clock starts again with each update."""
    drill = Drill().answered()
    drill.wait(1500)
    drill.do(seat.Update(text="looking"))
    drill.wait(2000)
    drill.do(seat.Update(text="still looking"))
    drill.wait(60)
    first, second = (beat.at for beat in drill.session.world.beats if beat.kind == "status_update")
    assert debrief(drill.session).updates.others == ()
    assert due(drill) == [(answered_at(drill) + 1800, 0), (drill.since(first) + 1800, second - first - 1800)]


def test_nothing_is_due_after_a_hand_over() -> None:
    """Who has given the lead away owes no updates."""
    drill = Drill().answered()
    drill.wait(600)
    drill.do(seat.HandOver(to="bob"))
    drill.wait(7200)
    found = debrief(drill.session)
    assert found.updates.due == ()
    assert [one.what for one in found.handovers] == ["bob"]


def test_expected_lines_given_taken_and_let_lapse() -> None:
    """Each line the room waited for is counted once, by what became of it."""
    drill = Drill(seed="5").answered()
    answers = iter((seat.Say(text="first things first"), seat.Take()))
    while drill.until(show.Expected, limit=4000):
        if drill.session.cue and (order := next(answers, None)):
            drill.do(order)
    found = debrief(drill.session).expected
    assert [one.answer for one in found[:2]] == ["own words", "as suggested"]
    assert found[0].said == "first things first"
    assert {one.answer for one in found[2:]} <= {"lapsed", "open"}
    assert len(found) == sum(cue.expected for cue in drill.session.chair.cues)


def test_pages_ignored_and_not_answered() -> None:
    """One page is ignored, one times out after 300 s, the third is answered."""
    drill = Drill()
    drill.until(show.Rang)
    drill.wait(10)
    drill.do(seat.Ignore())
    drill.until(show.Rang)
    drill.wait(5)
    drill.do(seat.Acknowledge())
    pages = [page for page in debrief(drill.session).pages if page.seat]
    assert [(page.person, page.fate) for page in pages] == [
        ("alice", "ignored"),
        ("bob", "not answered"),
        ("charlie", "acknowledged"),
    ]
    assert [page.at - pages[0].at for page in pages] == [0, 10, 310]
    assert pages[2].answered_at == pages[2].at + 5


def test_a_false_all_clear() -> None:
    """Calling it over while it is not is told with its moment; calling it over when it is, is not."""
    drill = Drill().answered()
    at = drill.do(seat.Resolve(text="all good"))
    drill.wait(200)
    found = debrief(drill.session)
    assert found.false_all_clears == (drill.since(at),)
    assert found.fired_again
    assert debrief(good().session).false_all_clears == ()


def test_hints_runbook_severity_and_calls() -> None:
    """What was noted and ordered stands in it, on the debrief's clock."""
    drill = Drill().answered()
    at = drill.do(seat.Triage(severity="SEV-1"))
    drill.do(seat.CallIn(person="bob"))
    found = debrief(drill.session, Notes(hints=(Hint(at=at, text="the logs"),), runbook=(at + 60,)))
    assert [(one.at, one.what) for one in found.hints] == [(drill.since(at), "the logs")]
    assert found.runbook_opened == (drill.since(at + 60),)
    assert [(one.at, one.what) for one in found.severities] == [(drill.since(at), "SEV-1")]
    assert [one.what for one in found.called] == ["called bob"]


# runbook


def test_steps_done_and_skipped() -> None:
    """A good drill answers in time, mitigates, and needs no more checks once the cause is known."""
    found = debrief(good().session)
    assert state(found, "Answer the page") == "done"
    assert state(found, "Say how severe") == "skipped"
    assert state(found, "Check 1: dashboard of postgresql") == "done"
    assert state(found, "Mitigate") == "done"
    assert {step.state for step in found.steps if step.section == "2. First checks"} <= {
        "done",
        "by others",
        "not needed",
    }


def test_a_late_answer_skips_the_first_step() -> None:
    """Five minutes is the runbook's limit, from the first alert."""
    drill = Drill()
    drill.until(show.Rang)
    drill.wait(290)
    drill.do(seat.Ignore())
    drill.wait(20)
    drill.do(seat.Acknowledge())
    assert state(debrief(drill.session), "Answer the page") == "skipped"
    assert state(debrief(Drill().answered(20).session), "Answer the page") == "done"


def test_checks_are_skipped_while_the_cause_is_unknown() -> None:
    """Who knows no cause has skipped what was not looked at."""
    drill = Drill().answered()
    drill.look("cpu-full")
    found = debrief(drill.session)
    checks = [step for step in found.steps if step.section == "2. First checks"]
    assert {step.state for step in checks} == {"done", "skipped"}
    assert sum(step.state == "done" for step in checks) == 1


def test_looking_again_before_the_end_is_a_step() -> None:
    """A glance between the fix and the all-clear verifies."""
    drill = Drill().answered().diagnose()
    fixed = drill.act("kill-queries")
    drill.wait(960)
    look = Notes(glances=(Glance(at=fixed + 60, where="dashboard", service="postgresql"),))
    assert state(debrief(drill.session, look), "Look again") == "done"
    assert state(debrief(drill.session), "Look again") == "skipped"
    assert state(debrief(drill.session), "Let it hold") == "done"
