"""A course with one factor changed: the same until the factor takes effect, and then really so."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from slackincidents.api import generate
from slackincidents.assembly import assemble
from slackincidents.errors import UnknownName
from slackincidents.incident import Incident
from slackincidents.pipeline import Workshop, moment
from slackincidents.planner.changes import bare
from slackincidents.schema.acts import Act, Feature
from slackincidents.schema.change import FACTORS, Change, Changed
from slackincidents.schema.draft import Draft
from slackincidents.schema.plan import Beat, Ending, Kind, Plan
from slackincidents.validator import check
from slackincidents.writer import OfflineWriter

WORKSHOP = Workshop.open()
NAMES = WORKSHOP.library.skeleton_names()
COURSES = [(name, seed) for name in NAMES for seed in range(10)]
CHANGES = [(factor, value) for factor, values in FACTORS.items() for value in values]
COMMANDING = {Act.CLAIM_ROLE, Act.UPDATE, Act.HANDOFF, Act.RELEASE, Act.RECAP}

TYPING_S = 120
"""What is about to be said shows this much earlier at most: while it is typed, others' times already shift."""

EFFECTIVE = {"first_page=answered": 5, "executive=absent": 15, "room=none": 20}
"""Of 130 courses, in how many at least a change shows that only prevents what is rare anyway; 35 for the others."""


@cache
def course(name: str, seed: int) -> tuple[Plan, Draft]:
    """A course as the seed gives it, with its words."""
    plan = WORKSHOP.plan(name, seed=seed)
    return plan, written(plan)


def written(plan: Plan) -> Draft:
    """The offline writer's words."""
    return OfflineWriter(WORKSHOP.banks).compose(plan)


def none_commands(plan: Plan, before: Plan) -> bool:
    """No act of command, no answer to the director or to support, and no card that names a lead."""
    outsiders = {beat.id for beat in plan.beats if beat.act in {Act.EXEC, Act.SUPPORT}}
    return not any(
        beat.act in COMMANDING
        or (beat.act is Act.ANSWER and beat.answers in outsiders)
        or (beat.kind is Kind.SYSTEM and "lead:" in beat.words.gist)
        for beat in plan.beats
    )


def all_on(shift: str) -> Callable[[Plan, Plan], bool]:
    """All engineers say what they say by night, or by day, and so say their clocks."""

    def holds(plan: Plan, before: Plan) -> bool:
        start = moment(plan.request.start_time)
        team = {handle: person for handle, person in plan.people.items() if person.role == "engineer"}
        hours = {start.astimezone(ZoneInfo(person.timezone)).hour for person in team.values()}
        awake = {beat.night for beat in plan.beats if beat.speaker in team} == {shift == "night"}
        moved = plan.change is None or plan.change.at is None or hours == {1 if shift == "night" else 10}
        return awake and moved

    return holds


def first_page(*, missed: bool) -> Callable[[Plan, Plan], bool]:
    """The page sent first is missed, or not; who is alone on call always answers."""

    def holds(plan: Plan, before: Plan) -> bool:
        page = min(plan.pages, key=lambda page: page.at)
        return page.missed is missed or (missed and len(plan.engineers[page.service]) == 1)

    return holds


def first_guess(*, true: bool) -> Callable[[Plan, Plan], bool]:
    """The first guess in the room is a true one, or a false one; there may be none."""

    def holds(plan: Plan, before: Plan) -> bool:
        first = next((beat.hypothesis for beat in plan.beats if beat.hypothesis), None)
        return first is None or plan.skeleton.hypotheses[first].true is true

    return holds


def nags(plan: Plan, before: Plan) -> bool:
    """The director asks more often than without the change, or neither course has room for it."""
    asked, usual = (sum(beat.act is Act.EXEC for beat in p.beats) for p in (plan, before))
    return asked > usual or (asked == usual and plan.change == Changed())


def lacks(*acts: Act) -> Callable[[Plan, Plan], bool]:
    """Nobody does any of this; users' reports stay where nothing else pages."""

    def holds(plan: Plan, before: Plan) -> bool:
        unpaged = not plan.skeleton.alerts
        return not any(b.act in acts and not (unpaged and b.act is Act.USER_REPORT) for b in plan.beats)

    return holds


def declared(plan: Plan) -> bool:
    """A channel was declared for it."""
    return any(Feature.DECLARED_CHANNEL in beat.features for beat in plan.beats)


def fix_fails_first(plan: Plan, before: Plan) -> bool:
    """Before a fix is done, its command has failed once."""
    failed: set[str] = set()
    for beat in plan.beats:
        if beat.act is Act.TROUBLE and beat.action:
            failed.add(beat.action)
        elif beat.act is Act.EXECUTE and beat.action and plan.skeleton.actions[beat.action].effect == "fixes":
            return beat.action in failed
    return True


IS_SO: dict[tuple[str, str], Callable[[Plan, Plan], bool]] = {
    ("commander", "none"): none_commands,
    ("shift", "night"): all_on("night"),
    ("shift", "day"): all_on("day"),
    ("first_page", "missed"): first_page(missed=True),
    ("first_page", "answered"): first_page(missed=False),
    ("first_hypothesis", "wrong"): first_guess(true=False),
    ("first_hypothesis", "right"): first_guess(true=True),
    ("executive", "noisy"): nags,
    ("executive", "absent"): lacks(Act.EXEC),
    ("support", "absent"): lacks(Act.SUPPORT, Act.USER_REPORT),
    ("room", "declared"): lambda plan, before: declared(plan) or plan.change == Changed(),
    ("room", "none"): lambda plan, before: not declared(plan),
    ("fix", "fails-first"): fix_fails_first,
    ("ending", "unexplained"): lambda plan, before: plan.ending is Ending.UNEXPLAINED,
    ("ending", "open"): lambda plan, before: plan.ending is Ending.OPEN,
}


def assert_same_until(plan: Plan, before: Plan, where: Changed) -> None:
    """Beats before the place are equal, and so is all that happened before the time."""
    assert where.at is not None
    assert plan.beats[: where.beat] == before.beats[: where.beat]
    assert where.beat is None or plan.beats[where.beat :][:1] != before.beats[where.beat :][:1]
    earlier, usual = ([bare(beat) for beat in p.beats if beat.at < (where.at or 0)] for p in (plan, before))
    assert earlier == usual
    assert earlier == [bare(beat) for beat in plan.beats[: len(earlier)]]


def signs(factor: str, plan: Plan) -> list[int]:
    """When a course shows the factor, as far as it shows in one place."""
    if factor in {"first_page", "shift"}:
        return [page.at for page in plan.pages]
    acts = {"executive": {Act.EXEC}, "support": {Act.SUPPORT, Act.USER_REPORT}}.get(factor, set())
    fixes = {key for key, action in plan.skeleton.actions.items() if action.effect == "fixes"}

    def shows(beat: Beat) -> bool:
        if factor == "fix":
            return beat.action in fixes and beat.act in {Act.TROUBLE, Act.EXECUTE}
        if factor == "room":
            return Feature.DECLARED_CHANNEL in beat.features or beat.act is Act.SEVERITY
        return beat.hypothesis is not None if factor == "first_hypothesis" else beat.act in acts

    return [beat.at for beat in plan.beats if shows(beat)]


def swept(factor: str, value: str, courses: list[tuple[str, int]]) -> int:
    """In how many courses the change takes effect, after seeing to it that each is as it must be."""
    effective = 0
    for name, seed in courses:
        before, words = course(name, seed)
        plan = WORKSHOP.plan(name, seed=seed, change={factor: value})
        assert plan.change is not None
        assert IS_SO[factor, value](plan, before), (name, seed)
        if plan.change.at is None:
            assert plan.beats == before.beats
            continue
        effective += 1
        assert_same_until(plan, before, plan.change)
        if shown := signs(factor, plan) + signs(factor, before):
            assert plan.change.at >= min(shown) - TYPING_S, (name, seed)
        draft = written(plan)
        for beat in plan.beats[: plan.change.beat]:
            assert draft.texts.get(beat.id) == words.texts.get(beat.id), (name, seed, beat.id)
        stage = WORKSHOP.stage
        report = check(assemble(plan, draft), catalogue=stage.catalogue, people=stage.people, plan=plan)
        assert report.clean, (name, seed, report.findings[0])
    return effective


@pytest.mark.parametrize(("factor", "value"), CHANGES)
def test_a_change_is_really_so_and_nothing_before_it_differs(factor: str, value: str) -> None:
    """Two seeds of each skeleton: one course up to the effect, words too; then the factor holds, without a finding."""
    swept(factor, value, COURSES[::10] + COURSES[5::10])


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "value"), CHANGES)
def test_a_change_takes_effect_in_a_fair_share_of_courses(factor: str, value: str) -> None:
    """The same over 13 skeletons and 10 seeds, and the change shows in many of them."""
    effective = swept(factor, value, COURSES)
    print(f"{factor}={value} takes effect in {effective} of {len(COURSES)}")  # noqa: T201 - the share is worth reading
    assert effective >= EFFECTIVE.get(f"{factor}={value}", 35)


@pytest.mark.parametrize(("factor", "value"), CHANGES)
def test_a_changed_file_is_made_again_from_its_provenance(factor: str, value: str) -> None:
    """The file says what was changed; read back, it gives the same plan and the same bytes, and no rule is skipped."""
    for seed, name in enumerate(NAMES[::3]):
        plan = WORKSHOP.plan(name, seed=seed, change={factor: value})
        made = assemble(plan, written(plan))
        read = Incident.model_validate_json(made.to_json())
        assert read.provenance is not None
        assert read.provenance.change == Change.of({factor: value})
        again = WORKSHOP.replan(read)
        assert again == plan
        assert again is not None
        assert assemble(again, written(again)).to_json() == made.to_json()
        assert WORKSHOP.validate(read).skipped == ()


def test_without_a_change_no_file_knows_of_changes() -> None:
    """Neither plan nor provenance has the field; an empty change is none."""
    plan, draft = course("cache-failure", 7)
    assert WORKSHOP.plan("cache-failure", seed=7, change={}) == plan
    assert WORKSHOP.plan("cache-failure", seed=7, change=Change()) == plan
    origin = assemble(plan, draft).provenance
    assert origin is not None
    assert "change" not in {*plan.model_dump(), *plan.model_dump()["request"], *origin.model_dump()}


def test_several_factors_part_where_the_first_of_them_would() -> None:
    """Two changes together leave the course alone until the earlier of them takes effect."""
    changes = ({"commander": "none"}, {"executive": "noisy"}, {"fix": "fails-first"}, {"room": "none"})
    for name, seed in COURSES[::15]:
        before, _ = course(name, seed)
        alone = [WORKSHOP.plan(name, seed=seed, change=change).change or Changed() for change in changes]
        for (one, first), (other, second) in combinations(zip(changes, alone, strict=True), 2):
            both = WORKSHOP.plan(name, seed=seed, change=one | other)
            assert both.change is not None
            times = [where.at for where in (first, second) if where.at is not None]
            assert both.change.at == min(times, default=None), (name, seed, one, other)
            if both.change.at is not None:
                assert_same_until(both, before, both.change)


def test_the_night_keeps_the_time_and_the_rota() -> None:
    """The incident's own clock and who is paged first stay; only the responders' zones move."""
    for name, seed in COURSES[::6]:
        before, _ = course(name, seed)
        night = WORKSHOP.plan(name, seed=seed, change={"shift": "night"})
        assert night.request.start_time == before.request.start_time
        first, usual = (min(plan.pages, key=lambda page: page.at) for plan in (night, before))
        assert (first.person, first.service, first.at) == (usual.person, usual.service, usual.at)
        assert {h for h, p in night.people.items() if p.role != "engineer" and p != WORKSHOP.stage.people[h]} == set()


def test_the_night_answers_more_slowly() -> None:
    """People take longer to answer a page at night than by day, and miss more of them."""
    waits: dict[str, list[int]] = {"night": [], "day": []}
    missed = {"night": 0, "day": 0}
    for name, seed in (place for place in COURSES if place[1] < 4):
        for shift in waits:
            pages = WORKSHOP.plan(name, seed=seed, change={"shift": shift}).pages
            missed[shift] += sum(page.missed for page in pages)
            waits[shift] += [p.acknowledged_at - p.at for p in pages if p.acknowledged_at is not None]
    night, day = (sorted(waits[shift])[len(waits[shift]) // 2] for shift in ("night", "day"))
    assert night > 1.2 * day
    assert missed["night"] > missed["day"]


def test_every_factor_is_known_with_its_values() -> None:
    """The table of factors is the model's fields, and each value makes a change."""
    assert list(FACTORS) == list(Change.model_fields)
    assert set(IS_SO) == set(CHANGES)
    for factor, value in CHANGES:
        assert Change.of({factor: value}).model_dump() == {factor: value}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"comander": "none"}, 'no factor to change "comander". Did you mean "commander"?'),
        ({"commander": "non"}, 'no value of commander "non". Did you mean "none"?'),
        ({"fix": "fails first"}, 'no value of fix "fails first". Did you mean "fails-first"?'),
        ({"shift": "3am"}, 'no value of shift "3am". List: night, day'),
    ],
)
def test_a_misspelt_change_gets_the_nearest(change: dict[str, str], said: str) -> None:
    """Factors and values that are not there are named, with those that are near."""
    with pytest.raises(UnknownName) as caught:
        generate("cache-failure", seed=7, change=change)
    assert str(caught.value).startswith(said)


def test_a_change_is_frozen_and_strict() -> None:
    """It cannot be altered, and a file with a factor we do not have is refused."""
    change = Change.of({"commander": "none"})
    assert change is not None
    with pytest.raises(ValidationError):
        change.commander = None  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Change.model_validate({"weather": "bad"})


def test_generate_takes_a_change() -> None:
    """What `generate` makes with a change validates clean, differs, and says what was changed."""
    usual, changed = generate("cache-failure", seed=7), generate("cache-failure", seed=7, change={"ending": "open"})
    assert WORKSHOP.validate(changed).clean
    assert changed.provenance is not None
    assert changed.provenance.change == Change(ending="open")
    assert changed.timeline != usual.timeline
    assert changed.timeline[0] == usual.timeline[0]
    assert changed.labels is not None
    assert changed.labels.ending is Ending.OPEN
