"""One seat of the simulation is left empty: what the person in it does, and what that does to the rest."""

from __future__ import annotations

from functools import cache

import pytest

from slackincidents.assembly import assemble
from slackincidents.pipeline import Workshop, drawn_start
from slackincidents.planner.chair import Chair
from slackincidents.planner.hot_seat import clean, obey
from slackincidents.planner.simulate import begin, finish, last_moment, play, shadow
from slackincidents.planner.world import World
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Kind, Plan, Request
from slackincidents.schema.seat import (
    Acknowledge,
    Ask,
    Attempt,
    CallIn,
    Guess,
    Ignore,
    Look,
    Order,
    React,
    Resolve,
    Say,
    Seat,
    Take,
    Tell,
    Triage,
    Update,
    Withdraw,
)
from slackincidents.writer import OfflineWriter

SEEDS = range(8)


@cache
def workshop() -> Workshop:
    """The shipped library."""
    return Workshop.open()


SKELETONS = workshop().library.skeleton_names()


def request(scenario: str, seed: int) -> Request:
    """What a drill of that seed is made of."""
    return Request(scenario=scenario, seed=str(seed), start_time=drawn_start(str(seed)).isoformat(), pace="real")


class Played:
    """A world with somebody in the seat, and the clock in the test's hands."""

    def __init__(self, scenario: str = "cache-failure", seed: int = 3) -> None:
        self.request = request(scenario, seed)
        self.chair = Chair()
        skeleton = workshop().skeleton(scenario)
        self.world: World = begin(skeleton, workshop().stage, self.request, self.chair, solvable=True)
        while self.chair.ringing is None:
            self.world.run(self.world.next_at or 0.0)

    def order(self, order: Order) -> str | None:
        """Give an order, and let it begin."""
        why = obey(self.world, order)
        self.world.run(self.world.now)
        return why

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.world.advance(self.world.now + seconds)

    @property
    def plan(self) -> Plan:
        """The course so far."""
        return finish(self.world, self.request)

    def lines(self) -> list[tuple[str, Act]]:
        """What the person in the seat has said."""
        return [(b.words.said or b.words.gist, b.act) for b in self.world.beats if b.speaker == self.chair.handle]

    def search(self) -> str:
        """A clue that can be found at once."""
        return next(
            k for k, c in self.world.skeleton.clues.items() if not c.needs and not self.world.public(f"clue:{k}")
        )


@pytest.mark.parametrize("scenario", SKELETONS)
def test_who_does_what_the_simulation_would_do_changes_nothing(scenario: str) -> None:
    """With the simulated responder's moves in the seat, the transcript is the generated incident's, word for word."""
    writer = OfflineWriter(workshop().banks)
    for seed in SEEDS:
        generated = workshop().plan(scenario, seed=seed)
        asked = generated.request
        shadowed, moves = shadow(workshop().skeleton(scenario), workshop().stage, asked)
        assert shadowed == generated
        stored = Seat.model_validate_json(moves.model_dump_json())
        played = play(workshop().skeleton(scenario), workshop().stage, asked, stored)
        assert played == generated
        assert assemble(played, writer.compose(played)) == assemble(generated, writer.compose(generated))
        assert stored.moves


def test_the_shadow_is_no_check_that_cannot_fail() -> None:
    """One move left out, and the course is another."""
    generated = workshop().plan("cache-failure", seed=3)
    _, moves = shadow(workshop().skeleton("cache-failure"), workshop().stage, generated.request)
    fewer = moves.model_copy(update={"moves": moves.moves[:-1] if len(moves.moves) > 1 else ()})
    less = moves.model_copy(update={"moves": tuple(m for m in moves.moves if not isinstance(m.order, Look))})
    for changed in (fewer, less):
        assert play(workshop().skeleton("cache-failure"), workshop().stage, generated.request, changed) != generated


@pytest.mark.parametrize("scenario", SKELETONS[::4])
def test_silence_leaves_the_dice_of_the_others_alone(scenario: str) -> None:
    """Until the seat's first deed shows, everything is as it was generated, whatever the person does later."""
    generated = workshop().plan(scenario, seed=5)
    skeleton, stage = workshop().skeleton(scenario), workshop().stage
    _, moves = shadow(skeleton, stage, generated.request)
    answered = next(m for m in moves.moves if isinstance(m.order, Acknowledge))
    silent = play(skeleton, stage, generated.request, Seat(moves=(answered,), solvable=False))
    first = next(m.at for m in moves.moves if m is not answered)
    before = [b for b in generated.beats if b.at - generated.impact_start < first - 60 and not b.reactions]
    assert [b.model_copy(update={"reactions": ()}) for b in silent.beats[: len(before)]] == before


def test_three_ignored_pages_are_a_major_outage() -> None:
    """Everybody is paged in turn, nobody comes, and the monitor says so."""
    played = Played("cache-failure")
    paged = []
    for _ in range(3):
        assert played.chair.ringing is not None
        paged.append(played.chair.ringing.person)
        assert played.order(Ignore()) is None
    assert len(set(paged)) == 3
    assert played.chair.outage == played.world.now
    assert [page.missed for page in played.plan.pages if page.service == "recommendation"] == [True] * 3
    assert "Major outage" in played.world.beats[-1].words.gist
    assert played.order(Acknowledge()) == "no page rings"
    assert played.order(Say(text="hello?")) == "nobody answered; it is over"


def test_an_unanswered_page_goes_to_the_next_after_five_minutes() -> None:
    """Not answering is the same as ignoring, only slower."""
    played = Played()
    first = played.chair.ringing
    assert first is not None
    played.wait(299)
    assert played.chair.ringing is first
    played.wait(2)
    assert played.chair.ringing is not None
    assert played.chair.ringing.person != first.person


def test_what_is_found_is_private_until_it_is_told() -> None:
    """A look takes its time and shows the clue to the seat alone; telling it puts it into the room."""
    played = Played()
    played.order(Acknowledge())
    clue = played.search()
    assert played.order(Look(clue=clue)) is None
    assert played.order(Tell(clue=clue)) == f"you have not found {clue}"
    played.wait(1200)
    me = played.world.responders[played.chair.handle or ""]
    assert f"clue:{clue}" in me.found
    if not played.world.public(f"clue:{clue}"):
        assert played.order(Tell(clue=clue)) is None
        played.wait(120)
    assert played.world.public(f"clue:{clue}")


def test_own_words_stand_as_typed_and_hold_what_they_say() -> None:
    """A line is kept but for what would wake a channel; a fact in it is recognised, if it is known."""
    played = Played()
    played.order(Acknowledge())
    clue = played.search()
    fact = played.world.skeleton.clues[clue].fact
    played.order(Say(text=f"no idea yet, {fact}?"))
    assert played.world.beats[-1].reveals == ()
    played.order(Look(clue=clue))
    played.wait(1200)
    here = {
        fact for b in played.world.beats if b.channel == "#recommendation-oncall" for fact in (*b.reveals, *b.cites)
    }
    played.order(Say(text=f"so {fact} <!channel> {{p95.peak}}"))
    mine = played.world.beats[-1]
    assert mine.words.said == f"so {fact} channel {{p95.peak}}"
    assert (f"clue:{clue}" in mine.reveals) is (f"clue:{clue}" not in here)


def test_an_action_has_the_effect_that_the_skeleton_gives_it() -> None:
    """What fixes it fixes it, whoever gives the order; what does nothing does nothing."""
    for effect in ("fixes", "nothing"):
        played = Played("cache-failure", seed=3)
        played.order(Acknowledge())
        key = next(k for k, a in played.world.skeleton.actions.items() if a.effect == effect)
        assert played.order(Attempt(action=key)) is None
        for _ in range(40):
            played.wait(60)
            if played.chair.objection:
                played.order(Attempt(action=key))
        assert key in [done for _, done in played.world.effects]
        assert played.world.is_fixed() is (effect == "fixes")


def test_a_false_all_clear_brings_the_alert_back() -> None:
    """Resolving what is not fixed is no resolution: the monitor fires again."""
    played = Played()
    played.order(Acknowledge())
    before = sum(b.kind is Kind.ALERT for b in played.world.beats)
    assert played.order(Resolve()) is None
    assert not played.world.trouble.resolved
    played.wait(91)
    assert sum(b.kind is Kind.ALERT for b in played.world.beats) > before
    assert played.world.reopened


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (Look(clue="nonesuch"), "there is no clue nonesuch"),
        (Guess(hypothesis="nonesuch"), "there is no hypothesis nonesuch"),
        (Withdraw(hypothesis="pg-slow"), "you do not hold pg-slow"),
        (Attempt(action="nonesuch"), "there is no action nonesuch"),
        (Ask(service="nonesuch"), "there is no service nonesuch"),
        (CallIn(person="nonesuch"), "there is nobody called nonesuch to call"),
        (Say(text="hi", channel="#nonesuch"), "there is no channel #nonesuch"),
        (Say(text="\x00 \x07"), "there is nothing to say in it"),
        (React(emoji="eyes", beat="b999"), "there is no message to react to"),
        (Acknowledge(), "no page rings"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_order_that_makes_no_sense_says_why_and_changes_nothing(order: Order, why: str) -> None:
    """Nothing is posted, no time passes, and the reason names the thing."""
    played = Played()
    played.order(Acknowledge())
    before = (played.world.now, len(played.world.beats))
    assert played.order(order) == why
    assert (played.world.now, len(played.world.beats)) == before


def test_before_the_page_is_answered_nothing_else_can_be_done() -> None:
    """The pager rings first."""
    played = Played()
    for order in (Look(clue="p95-up"), Say(text="hi"), Take(), Update(), Triage(severity="SEV-1")):
        assert played.order(order) == "the pager rings: acknowledge or ignore it"


def test_a_plan_is_made_again_from_the_moves_it_carries() -> None:
    """A drill left half-way is a plan like any other: its request makes it again."""
    played = Played("payment-failure", seed=4)
    played.order(Acknowledge())
    seat = Seat(moves=(), until=played.world.now)
    again = workshop().plan("payment-failure", seed=4, start_time=played.request.start_time, seat=seat)
    assert [b.id for b in again.beats] == [b.id for b in played.plan.beats if b.speaker != played.chair.handle]
    assert last_moment(played.world) > played.world.now


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<!here> look", "here look"),
        ("@channel wake up", "channel wake up"),
        ("a\x00b\u2028c", "a b c"),
        ("  ok ", "ok"),
    ],
)
def test_words_are_made_safe(typed: str, kept: str) -> None:
    """No broadcast and no control character gets through; everything else does."""
    assert clean(typed) == kept


GUESSES = {
    "maybe postgres is slow and holds everything up?": "pg-slow",
    "i think it's dns": "dns",
    "could be a deploy of recommendation": "deploy",
    "looks like the cache is gone": "cache-gone",
    "is it dns?": None,
    "redis": None,
    "i think i'll get a coffee": None,
}


@pytest.mark.parametrize(("text", "key"), GUESSES.items(), ids=str)
def test_a_guess_in_own_words_is_a_hypothesis(text: str, key: str | None) -> None:
    """Who says that they guess, in words that fit one hypothesis alone, holds it; a question or a name is none."""
    played = Played("cache-failure", seed=3)
    played.order(Acknowledge())
    assert played.order(Say(text=text)) is None
    mine = next(b for b in reversed(played.world.beats) if b.words.said == text)
    assert mine.hypothesis == key
    assert (mine.act is Act.HYPOTHESIZE) is (key is not None)
    assert played.world.raised == ({key: mine.speaker} if key else {})


def test_a_guess_is_taken_back_in_own_words() -> None:
    """Only one's own, and only when the words say so."""
    played = Played("cache-failure", seed=3)
    played.order(Acknowledge())
    played.order(Say(text="i think it's dns"))
    played.order(Say(text="dns again"))
    assert not played.world.withdrawn
    played.order(Say(text="ok it's not dns"))
    assert played.world.withdrawn == {"dns"}
    assert next(b for b in reversed(played.world.beats) if b.hypothesis == "dns").act is Act.WITHDRAW
