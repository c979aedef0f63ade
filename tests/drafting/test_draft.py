"""From plain words to a skeleton, with replies written by hand in place of a model's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from pydantic import JsonValue

from slackincidents.chat.base import ChatReply, ChatRequest
from slackincidents.chat.scripted import ScriptedChat
from slackincidents.drafting import draft_scenario
from slackincidents.drafting.draft import MOST_CHARACTERS
from slackincidents.errors import BadSkeleton, CheckFailed, Declined, SlackIncidentsError, UsageError
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.schema.checks import problems
from tests.drafting.recorded import NAMES, Drafted, answers, recording, scripted

Made = Callable[[str], Drafted]
REDIS, MAIL = NAMES
LIBRARY = Library()


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_is_a_sound_skeleton(made: Made, name: str) -> None:
    """What comes out passes the checks of a hand-written one, and twenty seeds of it are planned, written and clean."""
    draft = made(name)
    skeleton = draft.result.skeleton
    assert skeleton.id == draft.recording.id
    assert problems(skeleton, draft.library.catalogue()) == []
    workshop = Workshop.open(draft.library)
    courses = {run(workshop.finish(workshop.plan(skeleton, seed=seed))).model_dump_json() for seed in range(20)}
    assert len(courses) == 20


@pytest.mark.parametrize("name", NAMES)
def test_the_recordings_say_what_they_are(name: str) -> None:
    """Nobody takes replies written by hand for a model's."""
    assert recording(name).about.startswith("Written by hand, standing in for a model")


@pytest.mark.parametrize(
    ("name", "stage", "turn", "told"),
    [
        (REDIS, "outline", 0, "no service 'redis-cart' in the catalogue"),
        (REDIS, "evidence", 0, "clues.few-keys.signals: nothing is called 'keys'"),
        (REDIS, "evidence", 0, "clues.link-down.needs: can never be met (masterauth)"),
        (REDIS, "evidence", 0, "hypotheses.session: is false, but no clue refutes it"),
        (REDIS, "telling", 0, "clues.link-down: slot {keys.peak} is not known here"),
        (REDIS, "telling", 0, "clues.no-expiry: nothing is said about it yet"),
        (MAIL, "outline", 0, "cascade.resets-late: mailer and web do not call each other"),
        (MAIL, "outline", 0, "alerts.queue-depth.threshold.above: 380000 is not between"),
        (MAIL, "outline", 1, "MET002 p50 is above p95 of delay"),
        (MAIL, "evidence", 0, "clues.relay-ok.where: Input should be 'dashboard'"),
        (MAIL, "evidence", 0, "clues.newsletter.needs: nothing is called 'campaign-list'"),
        (MAIL, "evidence", 0, "hypotheses.bulk: is true, yet refuted_by names relay-ok"),
        (MAIL, "remedies", 0, "actions: none fixes it"),
        (MAIL, "remedies", 0, "signals_after: nothing is called 'bounces'"),
        (MAIL, "telling", 0, "the reply holds no JSON object of the form asked for"),
        (MAIL, "telling", 1, "clues.newsletter.formal: can become only 3 texts"),
        (MAIL, "around", 0, "updates: missing"),
    ],
)
def test_a_fault_goes_back_to_the_stage_that_made_it(made: Made, name: str, stage: str, turn: int, told: str) -> None:
    """The model is told what is wrong, with its place, and asked for that stage alone."""
    assert told in made(name).complaints(stage)[turn]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_sound_is_asked_for_twice(made: Made, name: str) -> None:
    """Each stage is asked as often as its recording has replies: once, and once more for every round of faults."""
    draft = made(name)
    assert {stage: len(draft.asked(stage)) for stage in draft.recording.replies} == {
        stage: len(replies) for stage, replies in draft.recording.replies.items()
    }
    assert draft.result.rounds == sum(len(replies) - 1 for replies in draft.recording.replies.values())
    assert draft.result.usage.calls == len(draft.requests)
    assert draft.result.usage.tokens == 110 * len(draft.requests)


def test_every_request_is_another_one(made: Made) -> None:
    """No two requests have the same address, so that no store of replies answers with what was wrong."""
    addresses = [request.address for name in NAMES for request in made(name).requests]
    assert len(set(addresses)) == len(addresses)


def test_what_was_sound_in_a_faulty_reply_is_kept(made: Made) -> None:
    """A correction brings the items that were wrong; the others stay as they were told first."""
    clues = made(REDIS).result.skeleton.clues
    assert list(clues)[:3] == ["orders-fail", "carts-empty", "cart-deploy"]
    assert clues["link-down"].needs == ("store-restarted",)
    assert clues["masterauth"].needs == ("link-down",)
    assert clues["same-session"].refutes == ("session",)
    assert made(MAIL).result.skeleton.cascade[-1].source == "rabbitmq"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_open_is_listed(made: Made, name: str) -> None:
    """What the model could not settle is in the result, and so is every default that code filled in."""
    draft = made(name)
    said = [one for one in draft.result.unsettled if one.by == "model"]
    replies = json.dumps(draft.recording.replies)
    assert len(said) >= 3
    assert all(json.dumps(one.assumed) in replies for one in said)
    filled = {one.what: one.assumed for one in draft.result.unsettled if one.by == "default"}
    for key, signal in draft.result.skeleton.signals.items():
        scatter = filled.get(f"signals.{key}.scatter")
        assert scatter is None or float(scatter) == signal.scatter
    assert "signals.cart-p95.scatter" in filled or name != REDIS


def _spoilt(replies: dict[str, list[JsonValue]], stage: str, path: tuple[str | int, ...], value: JsonValue) -> None:
    """Put one value into the last reply of a stage, which is then given for ever."""
    replies[stage] = replies[stage][:1]
    here: JsonValue = replies[stage][0]
    for step in path[:-1]:
        assert isinstance(here, dict | list)
        here = here[step]  # type: ignore[index]
    assert isinstance(here, dict | list)
    here[path[-1]] = value  # type: ignore[index]


@pytest.mark.parametrize(
    ("stage", "path", "value", "told"),
    [
        ("outline", ("head", "root_cause", "service"), "memcached", "no service 'memcached' in the catalogue"),
        ("outline", ("head",), None, "head: missing"),
        ("outline", ("head", "id"), "cache-failure", "there is a scenario 'cache-failure' already"),
        ("outline", ("head", "id"), "Carts!", "id: String should match pattern"),
        ("outline", ("signals", 0, "recovered"), 60, "signals.empty.recovered: 60 is more than 15% off"),
        ("outline", ("cascade", 0, "via"), "load", "load travels along calls"),
        ("outline", ("cascade", 0, "signals"), ["ghosts"], "cascade.store-to-cart.signals: nothing is called 'ghosts'"),
        ("outline", ("alerts",), [], "alerts: only 0; at least 1 are wanted"),
        ("evidence", ("clues", 8, "states_cause"), False, "clues: none states the cause"),
        ("evidence", ("clues",), [], "clues: only 0; at least 5 are wanted"),
        ("evidence", ("hypotheses", 4, "true"), False, "hypotheses: none is true"),
        ("evidence", ("clues", 0, "name"), "checkout-errors-high", "an alert has the same name"),
        ("evidence", ("hypotheses", 0, "supported_by"), ["tea-leaves"], "nothing is called 'tea-leaves'"),
        ("remedies", ("actions", 0, "effect"), "nothing", "actions: none fixes it"),
        ("remedies", ("actions", 0, "takes_s"), {"from_s": 90, "to_s": 9}, "from 90 to 9 runs backwards"),
        ("remedies", ("signals_after",), ["ghosts"], "signals_after: nothing is called 'ghosts'"),
        ("telling", ("clues", 1, "casual", 0), "**carts** are gone", "formatting or a broadcast"),
        ("telling", ("clues", 1, "casual", 0), "carts (are|gone", "a parenthesis is not closed"),
        ("telling", ("clues", 1, "casual", 0), "ask Liam about carts", "names liam"),
        ("telling", ("clues", 1, "terse"), ["gone", "lost", "empty"], "can become only 3 texts"),
        ("telling", ("clues", 1, "name"), "ghost", "clues.ghost: there is no such item"),
        ("arguing", ("actions", 0, "proposed"), [], "actions.fail-back.proposed"),
        ("around", ("resolution",), None, "resolution: missing"),
        ("around", ("past_incidents", 0, "tellings", 0), "like {incident}?", "slot {incident} is not known here"),
        ("talks", ("talks", 0, "item"), "ghost", "talks.orders-fail-after-1.item: nothing is called 'ghost'"),
        ("talks", ("talks", 0, "turns"), [], "talks.orders-fail-after-1.turns: none"),
        ("talks", ("talks", 0, "turns", 0, "act"), "resolve", "talks.orders-fail-after-1.turns.0.act: Input should be"),
    ],
)
def test_a_fault_that_stays_is_refused(stage: str, path: tuple[str | int, ...], value: JsonValue, told: str) -> None:
    """When the rounds run out the draft is refused, and the error says at which stage and what is wrong."""
    replies = _mended(REDIS)
    _spoilt(replies, stage, path, value)
    with pytest.raises(BadSkeleton, match=f"the model's {stage} is still wrong after 2 rounds") as caught:
        draft_scenario("carts are empty", model=scripted(replies), model_name="m", library=LIBRARY, rounds=2)
    assert told in caught.value.message
    assert caught.value.hint


def _mended(name: str) -> dict[str, list[JsonValue]]:
    """A recording's replies with all corrections in them: one sound reply a stage."""
    found = deepcopy(recording(name).replies)
    for stage, replies in found.items():
        first, *later = (json.loads(one[one.index("{") : one.rindex("}") + 1]) if isinstance(one, str) and "{" in one
                         else one for one in replies if not isinstance(one, str) or "{" in one)  # fmt: skip
        assert isinstance(first, dict)
        for correction in later:
            assert isinstance(correction, dict)
            _merge(first, correction)
        found[stage] = [first]
    return found


def _merge(first: dict[str, JsonValue], correction: dict[str, JsonValue]) -> None:
    for table, items in correction.items():
        kept = first[table]
        if isinstance(kept, list) and isinstance(items, list):
            new = {str(one["name"]): one for one in items if isinstance(one, dict) and "name" in one}
            first[table] = [new.pop(str(one["name"]), one) if isinstance(one, dict) and "name" in one else one
                            for one in kept] + list(new.values())  # fmt: skip
        elif kept is None:
            first[table] = items


def test_without_faults_each_stage_is_asked_once() -> None:
    """Seven calls make a skeleton when nothing is wrong."""
    model = scripted(_mended(REDIS))
    result = draft_scenario("carts are empty", model=model, model_name="m", library=LIBRARY, seeds=2)
    assert [request.shape.name for request in model.requests if request.shape] == list(_mended(REDIS))
    assert (result.rounds, result.usage.calls) == (0, 7)


def test_findings_on_trial_that_stay_are_refused(tmp_path: Path) -> None:
    """What no correction mends fails as a check, with the findings and with all answers, which were paid for."""
    replies = deepcopy(recording(MAIL).replies)
    replies["outline"] = replies["outline"][:2]
    with pytest.raises(CheckFailed, match=r"reset-mails-late: MET002") as caught:
        draft_scenario(
            "mails are late",
            model=scripted(replies),
            model_name="m",
            library=recording(MAIL).library(tmp_path),
            seeds=3,
        )
    assert all("p50 is above p95" in finding for finding in caught.value.findings)
    assert set(caught.value.draft) == set(replies)
    assert "newsletter" in caught.value.draft["telling"]


def test_a_name_that_is_given_is_the_id() -> None:
    """A file's name becomes the id, also where the model chose one that is taken."""
    replies = _mended(REDIS)
    _spoilt(replies, "outline", ("head", "id"), "cache-failure")
    result = draft_scenario(
        "carts are empty", model=scripted(replies), model_name="m", library=LIBRARY, name="my-outage", seeds=1
    )
    assert result.skeleton.id == "my-outage"


def test_particulars_that_nothing_uses_are_left_out_and_listed() -> None:
    """A name that no telling uses is no fault worth a call; it goes, and the list says so."""
    replies = _mended(REDIS)
    outline = replies["outline"][0]
    assert isinstance(outline, dict)
    assert isinstance(outline["particulars"], list)
    outline["particulars"].append({"name": "ticket", "values": ["A-1", "A-2"]})
    result = draft_scenario("carts are empty", model=scripted(replies), model_name="m", library=LIBRARY, seeds=1)
    assert "ticket" not in result.skeleton.particulars
    assert [one.assumed for one in result.unsettled if one.what == "particulars.ticket"] == [
        "left out: nothing uses it"
    ]


@pytest.mark.parametrize("finish", ["refusal", "content_filter"])
def test_a_model_that_declines_is_not_asked_again(finish: str) -> None:
    """A refusal ends the drafting, with the model's words."""
    model = ScriptedChat(lambda _: ChatReply.model_validate({"text": "I would rather\nnot.", "finish": finish}))
    with pytest.raises(Declined, match=r"declines to draft the outline: I would rather not\."):
        draft_scenario("carts are empty", model=model, model_name="m", library=LIBRARY)
    assert len(model.requests) == 1


def test_a_reply_that_was_cut_off_is_asked_for_in_pieces() -> None:
    """The model is told that its answer was too long, and pieces of it are put together."""
    replies = _mended(REDIS)
    whole = replies["outline"][0]
    assert isinstance(whole, dict)
    half = {**whole, "signals": [], "alerts": [], "cascade": []}
    rest = {**{key: [] for key in whole}, "head": None, **{key: whole[key] for key in ("signals", "alerts", "cascade")}}
    outlines = iter([ChatReply(text=json.dumps(whole)[:900], finish="length"),
                     ChatReply(text=json.dumps(half)), ChatReply(text=json.dumps(rest))])  # fmt: skip
    others, told = answers(replies), list[str]()

    def answer(request: ChatRequest) -> ChatReply:
        if request.shape is None or request.shape.name != "outline":
            return others(request)
        told.append(request.messages[-1].content)
        return next(outlines)

    draft_scenario("carts are empty", model=ScriptedChat(answer), model_name="m", library=LIBRARY, seeds=1)
    first, second, third = told
    assert "cut off" not in first
    assert "cut off before its end" in second
    assert "signals: only 0; at least 3 are wanted" in third
    assert "cut off" not in third


@pytest.mark.parametrize(("text", "told"), [("", "no description"), (" \n", "no description"),
                                            ("x" * (MOST_CHARACTERS + 1), "60,001 characters")])  # fmt: skip
def test_a_description_is_needed_and_bounded(text: str, told: str) -> None:
    """Nothing, and a book, are refused before the model is asked."""
    model = scripted({})
    with pytest.raises(UsageError, match=told):
        draft_scenario(text, model=model, model_name="m", library=LIBRARY)
    assert model.requests == []


def test_it_works_in_a_running_loop() -> None:
    """A notebook calls the plain function while its own loop runs."""

    async def cell() -> str:
        found = draft_scenario(
            "carts are empty", model=scripted(_mended(REDIS)), model_name="m", library=LIBRARY, seeds=1
        )
        return found.skeleton.id

    assert asyncio.run(cell()) == "carts-empty-after-failover"


def test_errors_of_the_model_come_through() -> None:
    """What the transport raises is not wrapped, and nothing is made of half a draft."""

    def fail(_: object) -> str:
        raise SlackIncidentsError("the line is dead", "Wait.")

    with pytest.raises(SlackIncidentsError, match="the line is dead"):
        draft_scenario("carts are empty", model=ScriptedChat(fail), model_name="m", library=LIBRARY)
