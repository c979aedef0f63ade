"""The judge against a server that listens: right, biased, fooled and broken judges; going on; going without."""

from __future__ import annotations

import asyncio
import json
import math
from pathlib import Path

import pytest
from pydantic import SecretStr

from slackincidents.chat.recorded import Recorded
from slackincidents.clock import FakeClock
from slackincidents.errors import Denied
from slackincidents.realism.judge import Judgement, Judging, NotJudged, judge
from slackincidents.realism.judge_asking import Asking, estimate, kinds, questions
from slackincidents.realism.judge_pairing import PAIRS
from slackincidents.realism.judge_report import section, told
from slackincidents.realism.judge_tally import wilson
from slackincidents.seeds import Seed
from slackincidents.settings import Settings
from tests.chat.server import Behaviour, Faults, Question, serving
from tests.realism import judged as played
from tests.realism.judged import PROMPTS, judging
from tests.source import ROOT

STORE = ROOT / "tests" / "recorded" / "judge"


def test_a_judge_who_is_always_right(tmp_path: Path) -> None:
    """Nothing is taken for real, nothing flips; the interval of 0 of 4 pairs still reaches to 49 %."""
    with serving(Behaviour(played.playing(played.right))) as server:
        found = played.judged(server, judging(tmp_path))
    assert isinstance(found, Judgement)
    assert (found.test.pairs, found.test.answers, found.invalid) == (4, 16, 0)
    assert (found.test.fooled.value, found.test.flips.value, found.test.first.value) == (0.0, 0.0, 0.5)
    square = 1.959963984540054**2
    assert found.test.fooled.high == pytest.approx(square / (4 + square))
    assert found.test.confidence == 90
    (tell,) = found.tells
    assert (tell.tell, tell.against_made, tell.against_real, tell.pairs) == ("formula", 16, 0, 4)
    assert {quote.source for quote in tell.examples} == {"made-0", "made-1", "made-2", "made-3"}


def test_a_judge_who_always_says_a(tmp_path: Path) -> None:
    """Half is taken for real, and every answer changes with the order: that is no judgement."""
    with serving(Behaviour(played.playing(played.first))) as server:
        found = played.judged(server, judging(tmp_path))
    assert isinstance(found, Judgement)
    assert (found.test.fooled.value, found.test.flips.value, found.test.first.value) == (0.5, 1.0, 1.0)
    assert found.test.flips.answers == 8  # 4 pairs, 2 samples


def test_a_judge_who_is_fooled(tmp_path: Path) -> None:
    """All is taken for real; the reasons then speak against real excerpts and are no tells of ours."""
    with serving(Behaviour(played.playing(played.fooled))) as server:
        found = played.judged(server, judging(tmp_path))
    assert isinstance(found, Judgement)
    assert (found.test.fooled.value, found.test.flips.value) == (1.0, 0.0)
    assert (found.test.confidence_right, found.test.confidence_fooled) == (None, 70)
    (tell,) = found.tells
    assert (tell.against_made, tell.against_real, tell.pairs, tell.examples) == (0, 16, 0, ())


def test_controls_are_counted_apart(tmp_path: Path) -> None:
    """Real beside real: a judge who always says A flips there too, and the test pairs are not touched by it."""
    with serving(Behaviour(played.playing(played.right))) as server:
        found = played.judged(server, judging(tmp_path, controls=3))
    assert isinstance(found, Judgement)
    assert (found.test.pairs, found.control.pairs) == (4, 3)
    assert found.test.fooled.value == 0.0
    assert (found.control.fooled.value, found.control.flips.value) == (0.5, 1.0)  # no plastic: A each time
    (tell,) = found.tells
    assert (tell.against_made, tell.against_real) == (16, 12)


def test_answers_of_no_use_are_asked_again_and_then_counted(tmp_path: Path) -> None:
    """A judge who leaves out pair 2 is asked once more; what is still missing is counted, and nothing else is lost."""

    def answer(question: Question) -> str:
        whole = json.loads(played.playing(played.right)(question))
        return "Well... " + json.dumps({"verdicts": whole["verdicts"][:1]})

    with serving(Behaviour(answer)) as server:
        found = played.judged(server, judging(tmp_path, samples=1))
        assert server.asked == 8  # 2 calls an order, each twice
    assert isinstance(found, Judgement)
    assert (found.wanted, found.invalid, found.test.answers, found.test.pairs) == (8, 4, 4, 2)
    assert found.usage.calls == 8


def test_a_second_try_fills_in_what_the_first_left_out(tmp_path: Path) -> None:
    """One broken answer costs one more call and no verdict."""
    with serving(Behaviour(played.playing(played.right), script={0: "length"})) as server:
        found = played.judged(server, judging(tmp_path))
        assert server.asked == 9
    assert isinstance(found, Judgement)
    assert found.invalid == 0


def test_what_was_said_first_stands(tmp_path: Path) -> None:
    """Asked again for pair 2, a judge who now says otherwise about pair 1 too is not heard on that."""
    asked: set[str] = set()

    def answer(question: Question) -> str:
        content = question.messages[-1].content
        known = content in asked
        asked.add(content)
        told = json.loads(played.playing(played.fooled if known else played.right)(question))["verdicts"]
        return json.dumps({"verdicts": told if known else told[:1]})

    with serving(Behaviour(answer)) as server:
        found = played.judged(server, judging(tmp_path, samples=1))
    assert isinstance(found, Judgement)
    assert (found.invalid, found.test.fooled.value) == (0, 0.5)


def test_few_pairs_a_call(tmp_path: Path) -> None:
    """Five pairs, two a call: three calls an order, none with more than two, each pair in both orders each time."""
    with serving(Behaviour(played.playing(played.right))) as server:
        played.judged(server, judging(tmp_path, pairs=5), made=5)
        asked = [json.loads(body)["messages"][-1]["content"] for body in server.endpoint.bodies]
    counts = [text.count("EXCERPT A") for text in asked]
    assert len(counts) == 3 * 2 * 2
    assert max(counts) == 2
    assert sum(counts) == 5 * 2 * 2


def test_the_second_order_turns_every_pair_round(tmp_path: Path) -> None:
    """What was A is B in the second order, for each pair, and neither side is always A."""
    made, real = played.sides(made=8, real=8)
    how = judging(tmp_path, pairs=8)
    asked = questions(how.paired(real, made, Seed("7")), Asking("judge", samples=1), PROMPTS, Seed("7"))
    places = {swapped: {one.pair.id: one.made_first for q in asked if q.swapped == swapped for one in q.shown}
              for swapped in (False, True)}  # fmt: skip
    assert places[True] == {pair: not at for pair, at in places[False].items()}
    assert set(places[False].values()) == {False, True}
    assert len({question.request.address for question in asked}) == len(asked)


def test_nothing_is_paid_twice(tmp_path: Path) -> None:
    """More samples cost only themselves, a second run nothing; the report is that of an undisturbed run."""
    whole = Behaviour(played.playing(played.right))
    with serving(whole) as server:
        undisturbed = played.judged(server, judging(tmp_path / "one"))
        calls = server.asked
    with serving(whole) as server:
        small = judging(tmp_path / "two", samples=1)
        played.judged(server, small)
        paid = server.asked
        again = played.judged(server, judging(tmp_path / "two"))
        assert server.asked == calls
        assert paid == calls // 2
        once_more = played.judged(server, judging(tmp_path / "two"))
        assert server.asked == calls
    assert isinstance(undisturbed, Judgement)
    assert isinstance(again, Judgement)
    assert told(again) == told(undisturbed)
    assert again.model_dump_json() == undisturbed.model_dump_json() == once_more.model_dump_json()


def test_the_line_may_break(tmp_path: Path) -> None:
    """Every third answer lost, late or refused by the line: the same report, for retries are the chat's business."""
    with serving(Behaviour(played.playing(played.right))) as server:
        calm = played.judged(server, judging(tmp_path / "calm"))
    faults = Faults(0.33, "3", ("429", "500", "reset", "malformed"), retry_after=0.01)
    with serving(Behaviour(played.playing(played.right), faults)) as server:
        rough = played.judged(server, judging(tmp_path / "rough"))
        assert server.asked > len([entry for entry in server.ledger if entry.completed])
    assert rough.model_dump_json() == calm.model_dump_json()


def test_a_wrong_key_is_said_and_not_shown(tmp_path: Path) -> None:
    """A key that is refused is an error that names no key."""
    with serving(Behaviour(key="another")) as server, pytest.raises(Denied) as error:
        played.judged(server, judging(tmp_path))
    assert played.KEY not in str(error.value)


def test_without_a_key_it_is_skipped(tmp_path: Path) -> None:
    """Offline the report says that nobody judged, why, and how to change that."""
    made, real = played.sides()
    found = asyncio.run(judging(tmp_path).judged(real, made, Seed("7"), Settings()))
    assert isinstance(found, NotJudged)
    text = told(found)
    assert text.startswith("Judge: skipped, no OPENAI_API_KEY. ")
    for part in ("OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_BASE_URL", "--replies", "--model"):
        assert part in found.remedy
    assert (section(found).skipped or "").startswith("no OPENAI_API_KEY")


def test_without_a_model_it_is_skipped(tmp_path: Path) -> None:
    """A key alone names no judge."""
    made, real = played.sides()
    how = Judging(PROMPTS, replies=tmp_path)
    found = asyncio.run(how.judged(real, made, Seed("7"), Settings(openai_api_key=SecretStr(played.KEY))))
    assert isinstance(found, NotJudged)
    assert found.why == "no model named"


def test_too_little_to_judge() -> None:
    """Two lines are no excerpt: it is said, and nobody is asked."""
    short = [played.talk("short", "plastic", lines=2)]
    found = asyncio.run(Judging(PROMPTS).judged(played.sides()[1], short, Seed("7"), Settings()))
    assert isinstance(found, NotJudged)
    assert "eight lines" in found.why


def test_recorded_replies_need_no_key(tmp_path: Path) -> None:
    """Who has the folder of replies gets the same report without a key and without a network."""
    how = judging(tmp_path)
    with serving(Behaviour(played.playing(played.right))) as server:
        paid = played.judged(server, how)
    made, real = played.sides()
    found = asyncio.run(how.judged(real, made, Seed("7"), Settings()))
    assert found.model_dump_json() == paid.model_dump_json()
    other = asyncio.run(how.judged(real, made, Seed("8"), Settings()))
    assert isinstance(other, NotJudged)
    assert other.why.startswith("no recorded reply")


def test_progress_counts_calls(tmp_path: Path) -> None:
    """There is one step for each answered call, and the estimate knows how many come."""
    how = judging(tmp_path, samples=1)
    made, real = played.sides()
    steps: list[int] = []
    with serving(Behaviour(played.playing(played.right))) as server:
        settings = Settings(openai_api_key=SecretStr(played.KEY), openai_base_url=server.base_url)
        asyncio.run(how.judged(real, made, Seed("7"), settings, lambda: steps.append(1)))
    foreseen = estimate(questions(how.paired(real, made, Seed("7")), how.asking("judge"), PROMPTS, Seed("7")))
    assert len(steps) == foreseen.calls == 4
    assert foreseen.prompt_tokens > 4 * 500


def test_wilson_is_the_textbook_interval() -> None:
    """5 of 10: 0.2366 to 0.7634. Worked out: (0.5 + z2/20) / (1 + z2/10) -+ z sqrt(0.025 + z2/400) / (1 + z2/10)."""
    square = 1.959963984540054**2
    half = math.sqrt(square) * math.sqrt(0.25 / 10 + square / 400) / (1 + square / 10)
    assert wilson(0.5, 10) == pytest.approx((0.5 - half, 0.5 + half))
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_the_rubric_for_people_names_every_kind_of_reason() -> None:
    """What the model may answer is what evals/judge/rubric.md explains, and the other way round."""
    rubric = (ROOT / "evals" / "judge" / "rubric.md").read_text(encoding="utf-8")
    listed = [line.split("|")[1].strip().strip("`") for line in rubric.splitlines() if line.startswith("| `")]
    assert listed == list(kinds(PROMPTS).names)


def test_the_section_has_every_figure(tmp_path: Path) -> None:
    """The evaluation shows the share with its interval, flips, confidence, controls, waste and tokens."""
    with serving(Behaviour(played.playing(played.right))) as server:
        found = played.judged(server, judging(tmp_path, controls=2))
    assert isinstance(found, Judgement)
    shown = {score.name: score for score in section(found).scores}
    assert shown["taken_for_real"].value == 0.0
    assert shown["taken_for_real"].high == found.test.fooled.high
    assert shown["judge_confidence"].value == 90
    assert shown["control_flips"].value == 1.0
    assert shown["judge_tokens"].value == found.usage.tokens > 0
    assert section(found).reasons[0].name == "formula"
    assert "| formula" in told(found, markdown=True)


def test_pairs_that_were_judged_by_hand() -> None:
    """Twelve pairs and four controls, judged by hand from the prompts: nobody fooled, controls a coin toss."""
    pairs = PAIRS.validate_json((STORE / "pairs.json").read_bytes())
    chat = Recorded(STORE, None, clock=FakeClock())
    found = asyncio.run(judge(pairs, Asking("by-hand", samples=1), chat, PROMPTS, Seed("judge-by-hand")))
    assert (found.test.pairs, found.control.pairs, found.invalid) == (12, 4, 0)
    assert (found.test.fooled.value, found.test.flips.value) == (0.0, 0.0)
    assert found.control.confidence == 50
    assert found.tells[0].tell == "unconnected"


@pytest.mark.parametrize("path", sorted(STORE.glob("*/*.json")), ids=lambda path: path.stem[:8])
def test_each_reply_says_who_judged(path: Path) -> None:
    """A recorded verdict is marked as given by hand, and lies under the address of its request."""
    entry = json.loads(path.read_text(encoding="utf-8"))
    assert "by hand" in entry["recorded_by"]
    assert entry["address"] == path.stem
