"""A room talks like people who hear each other: turns, answers, reactions, and what everybody knows already."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from slackincidents.pipeline import Workshop, drawn_start
from slackincidents.planner import floor, places
from slackincidents.planner.line import Place
from slackincidents.planner.simulate import begin
from slackincidents.planner.world import Responder, World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Kind, Plan, Request, Words

WORKSHOP = Workshop.open()
SEEDS = range(8)
OPENING = floor.BEGINNING - floor.ASKING
TAKEN_UP_S = 300


@cache
def plans() -> tuple[Plan, ...]:
    """Eight seeds of every skeleton."""
    return tuple(WORKSHOP.plan(name, seed=seed) for name in WORKSHOP.library.skeleton_names() for seed in SEEDS)


def rooms(plan: Plan) -> Iterator[list[Beat]]:
    """What people say in each channel, in order."""
    said = [beat for beat in plan.beats if beat.speaker in plan.people]
    for channel in dict.fromkeys(beat.channel for beat in said):
        yield [beat for beat in said if beat.channel == channel]


def replies(plan: Plan) -> Iterator[tuple[Beat, Beat, list[Beat]]]:
    """Each answer to somebody else, with what it answers and what was said in between."""
    for room in rooms(plan):
        places_of = {beat.id: index for index, beat in enumerate(room)}
        for index, beat in enumerate(room):
            asked = places_of.get(beat.answers or "")
            if asked is not None and room[asked].speaker != beat.speaker:
                yield room[asked], beat, room[asked + 1 : index]


def told(plan: Plan, bank: str) -> Iterator[tuple[int, Beat]]:
    """The beats whose words come from a bank, with their places."""
    return ((index, beat) for index, beat in enumerate(plan.beats) if beat.words.bank == bank)


class Quiet:
    """A world in which nothing has happened, with two people at one desk."""

    def __init__(self) -> None:
        start = drawn_start("1").isoformat()
        request = Request(scenario="cache-failure", seed="1", start_time=start, pace="real")
        self.world: World = begin(WORKSHOP.skeleton("cache-failure"), WORKSHOP.stage, request)
        crew = self.world.setting.engineers["recommendation"]
        self.one, self.other = (self._person(handle) for handle in crew[:2])
        self.place = Place(places.work_channel(self.world, self.one))

    def _person(self, handle: str) -> Responder:
        person = self.world.person(handle)
        person.desk = "recommendation"
        return person

    def say(self, who: Responder, act: Act, answers: str | None = None) -> Beat:
        """Put a line into the channel."""
        return self.world.post(who.handle, act, self.place, Words(gist="a line"), answers=answers)

    def waits(self, who: Responder) -> bool:
        """Whether this person would wait for an open question."""
        return floor.open_question(self.world, who, self.place.channel)


def test_a_question_keeps_the_floor_until_it_is_answered() -> None:
    """Others wait three quarters of a minute for the answer, whoever asked waits longer; an answer frees the floor."""
    quiet = Quiet()
    assert not quiet.waits(quiet.other)
    asked = quiet.say(quiet.one, Act.ASK)
    assert quiet.waits(quiet.one)
    assert quiet.waits(quiet.other)
    quiet.world.now += floor.OTHERS_WAIT_S
    assert quiet.waits(quiet.one)
    assert not quiet.waits(quiet.other)
    quiet.say(quiet.other, Act.ANSWER, asked.id)
    assert not quiet.waits(quiet.one)


def test_an_answer_is_late_after_a_while_or_after_a_third_person() -> None:
    """Two people alone need no names within a minute and a half; a line in between by somebody else makes it late."""
    quiet = Quiet()
    asked = quiet.say(quiet.one, Act.ASK)
    assert not floor.is_late(quiet.world, quiet.other, asked)
    quiet.world.now += floor.LATE_S + 1
    assert floor.is_late(quiet.world, quiet.other, asked)
    again = quiet.say(quiet.one, Act.ASK)
    third = quiet.world.person(next(h for h in quiet.world.setting.people if h not in quiet.world.responders))
    quiet.say(third, Act.REPORT)
    assert floor.is_late(quiet.world, quiet.other, again)


def test_few_begin_something_between_a_question_and_its_answer() -> None:
    """Hardly any answered question is cut off by something new while others wait, and later one in twenty at most."""
    answered = [(asked, reply, between) for p in plans() for asked, reply, between in replies(p)]
    questions = [(asked, between) for asked, _, between in answered if asked.act in floor.ASKING]
    cut = [
        beat.at - asked.at
        for asked, between in questions
        for beat in between
        if beat.act in OPENING and not beat.answers and not beat.continues
    ]
    assert len(questions) > 500
    assert sum(after < floor.OTHERS_WAIT_S for after in cut) < 0.01 * len(questions)
    assert len(cut) < 0.06 * len(questions)


def test_late_answers_say_whom_they_answer_and_prompt_ones_seldom_do() -> None:
    """After 90 s most answers name the asker or stand below the question; at once between two few do."""
    late, prompt = [], []
    for plan in plans():
        for asked, reply, between in replies(plan):
            if (
                asked.speaker not in plan.people
                or reply.words.literal
                or reply.kind not in {Kind.MESSAGE, Kind.MENTION}
            ):
                continue
            named = f"@{asked.speaker}" in reply.mentions or reply.thread == asked.id
            if reply.at - asked.at > floor.LATE_S:
                late.append(named)
            elif len({b.speaker for b in between} | {asked.speaker, reply.speaker}) == 2:
                prompt.append(named)
    assert sum(late) > 0.75 * len(late)
    assert sum(prompt) < 0.3 * len(prompt)


def test_no_exchange_starts_in_the_middle() -> None:
    """The first line of an exchange is its first turn, so that what answers it has something to answer."""
    shared = {x.id: x for x in WORKSHOP.stage.exchanges}
    for plan in plans():
        own = shared | {x.id: x for x in plan.skeleton.exchanges}
        firsts = {beat.exchange: beat for beat in reversed(plan.beats) if beat.exchange}
        for name, beat in firsts.items():
            assert name is not None
            assert beat.words.tellings == own[name].turns[0].tellings, (plan, name)


def test_nobody_answers_themselves() -> None:
    """An answer or an agreement is to what somebody else said."""
    for plan in plans():
        speakers = {beat.id: beat.speaker for beat in plan.beats}
        for beat in plan.beats:
            if beat.act in {Act.ANSWER, Act.AGREE, Act.APPROVE} and beat.answers:
                assert speakers[beat.answers] != beat.speaker, (plan, beat.id)


def test_outsiders_are_answered_or_ask_again() -> None:
    """Support, a director, a helper or a late joiner who says something is seldom left in the air."""
    left, all_of_them = 0, 0
    for plan in plans():
        for room in rooms(plan):
            for index, beat in enumerate(room):
                if beat.act not in {Act.SUPPORT, Act.EXEC, Act.GREET, Act.RECAP_REQUEST} or beat.exchange:
                    continue
                all_of_them += 1
                after = room[index + 1 :]
                left += not any(
                    b.answers == beat.id or (b.speaker == beat.speaker and b.act is beat.act) for b in after
                )
    assert all_of_them > 80
    assert left < 0.15 * all_of_them


def test_a_deed_is_taken_up_by_those_who_are_there() -> None:
    """Where somebody else has spoken in the last half hour, three of five deeds get a word or an emoji."""
    taken = []
    for plan in plans():
        for room in rooms(plan):
            for index, beat in enumerate(room):
                near = {
                    b.speaker
                    for b in room[:index]
                    if beat.at - b.at < 1800 and plan.people[b.speaker].role == "engineer"
                }
                if beat.act is not Act.EXECUTE or not near - {beat.speaker}:
                    continue
                after = (b for b in room[index + 1 :] if b.at - beat.at < TAKEN_UP_S and b.speaker != beat.speaker)
                taken.append(bool(beat.reactions) or any(b.answers == beat.id or b.at - beat.at < 60 for b in after))
    assert sum(taken) > 0.6 * len(taken)


def test_the_cause_comes_minutes_after_its_parts() -> None:
    """In nine of ten incidents the last thing that the cause rests on was told two minutes before, or longer."""
    gaps = []
    for plan in plans():
        cause = next((beat for beat in plan.beats if beat.act is Act.CAUSE), None)
        keys = [fact.partition(":")[2] for fact in cause.reveals] if cause else []
        needs = {f"clue:{need}" for key in keys for need in plan.skeleton.clues[key].needs}
        parts = [beat.at for beat in plan.beats if cause and beat.at <= cause.at and needs & set(beat.reveals)]
        if cause and parts:
            gaps.append(cause.at - parts[-1])
    assert sum(gap >= 120 for gap in gaps) > 0.85 * len(gaps)


def test_the_end_says_the_cause_only_where_it_is_news() -> None:
    """Fewer than half of the explained ends say it again; the short ones are said to people who were all there."""
    explained = [plan for plan in plans() if plan.ending == "explained"]
    ends = [(plan, beat) for plan in explained for beat in plan.beats if beat.kind is Kind.RESOLUTION]
    assert sum(bool(beat.cites) for _, beat in ends) < 0.6 * len(ends)
    for plan, beat in ends:
        if beat.words.bank != "resolve_short":
            continue
        causes = {f"clue:{key}" for key, clue in plan.skeleton.clues.items() if clue.states_cause}
        stated = next(b.at for b in plan.beats if b.channel == beat.channel and causes & {*b.reveals, *b.cites})
        assert all(p.at <= stated or p.at > beat.at - 60 for p in plan.presence if p.channel == beat.channel), plan


def test_thanks_and_releases_are_for_people_who_spoke_there() -> None:
    """Nobody thanks an empty room, and nobody is let go where they never were."""
    for plan in plans():
        for room in rooms(plan):
            for index, beat in enumerate(room):
                others = {b.speaker for b in room[:index]} - {beat.speaker}
                if beat.act is Act.THANKS and not beat.exchange and not beat.answers:
                    assert others, (plan, beat.id)
                if beat.words.bank == "release":
                    assert {p.value for p in beat.particulars if p.name == "you"} <= others, (plan, beat.id)


def test_an_objection_is_not_passed_over() -> None:
    """Whoever goes on after an objection says so first, and so does whoever gives in, if it is not over by then."""
    overruled = given_in = 0
    for plan in plans():
        for index, no in enumerate(plan.beats):
            if no.act is not Act.OBJECT or not no.action or no.exchange:
                continue
            if no.words.tellings != plan.skeleton.actions[no.action].objected:
                continue
            after = plan.beats[index + 1 :]
            words = [b.words.bank for b in after if b.answers == no.id and b.words.bank in {"overrule", "give_in"}]
            done = any(b.act is Act.EXECUTE and b.action == no.action for b in after)
            assert not done or words == ["overrule"], (plan, no.id)
            overruled += words == ["overrule"]
            given_in += words == ["give_in"]
    assert overruled
    assert given_in


def test_after_two_failures_somebody_asks_what_the_next_try_rests_on() -> None:
    """It is asked once in an incident at most, after two things that did not help."""
    asked = 0
    for plan in plans():
        found = list(told(plan, "based_on"))
        assert len(found) <= 1
        for index, _ in found:
            asked += 1
            failed = {b.action for b in plan.beats[:index] if b.act is Act.OUTCOME and b.action}
            assert sum(plan.skeleton.actions[key].effect != "fixes" for key in failed if key) >= 2
    assert asked


@pytest.mark.parametrize("bank", ["second", "ask_again", "still_red", "support_back", "done_ask", "greet_answer"])
def test_each_of_these_happens_now_and_then_and_not_always(bank: str) -> None:
    """A second answer, a question asked again, a stale report after the fix: some incidents have one, most have not."""
    having = sum(any(True for _ in told(plan, bank)) for plan in plans())
    assert 2 <= having < 0.6 * len(plans())


def test_a_second_answer_is_by_a_third_person() -> None:
    """Neither who asked nor who answered puts in the further word."""
    for plan in plans():
        by_id = {beat.id: beat for beat in plan.beats}
        for _, beat in told(plan, "second"):
            answer = by_id[beat.answers or ""]
            assert beat.speaker not in {answer.speaker, by_id[answer.answers or ""].speaker}
