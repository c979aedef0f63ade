"""Each kind of question on the hand-made incident: the gold answer, the evidence, and what a mutation does."""

from __future__ import annotations

from slackincidents.tasks.case import Background
from slackincidents.tasks.questions import Cause, Choice, Facts, Kind, Order, Times
from slackincidents.tasks.scoring import score
from tests.tasks.made import BACKGROUND, EVENTS, Json, ask, incident, maker, only, say


def test_the_root_cause_is_the_service_and_the_mechanism_that_the_text_states() -> None:
    """Redis was killed at its limit: message 5 says so, and names it."""
    question = only(Kind.ROOT_CAUSE)
    assert question.choices is not None
    assert isinstance(question.answer, Choice)
    assert question.choices[question.answer.index] == "redis: a memory limit that the data has outgrown"
    assert question.evidence == (5,)
    assert question.visible_until == 900


def test_wrong_choices_are_every_service_with_every_mechanism() -> None:
    """Four services times five mechanisms, so that the right one does not stand out; a suspicion is among them."""
    choices = only(Kind.ROOT_CAUSE).choices or ()
    services = {choice.split(": ")[0] for choice in choices}
    mechanisms = {choice.split(": ")[1] for choice in choices}
    assert len(choices) == 20
    assert len(set(choices)) == 20
    assert {f"{a}: {b}" for a in services for b in mechanisms} == set(choices)
    assert {"product-catalog", "frontend", "redis"} < services
    assert "recommendation" not in services  # the redis pod is its own: it would be right as well
    assert "a bad release of the code" in mechanisms  # what bob suspected


def test_an_open_root_cause_earns_half_for_the_service_and_half_for_the_mechanism() -> None:
    """The first service named counts; an identifier names the mechanism, fewer words earn their share of three."""
    question = only(Kind.ROOT_CAUSE_OPEN)
    assert isinstance(question.answer, Cause)
    assert score(question, "redis: hit its 256Mi limit") == 1.0
    assert score(question, "frontend: hit its 256Mi limit") == 0.5
    assert score(question, "frontend and redis: something") == 0.0
    assert score(question, "redis: something with a limit") == 0.5 + 0.5 / 3
    assert score(question, "redis") == 0.5


def test_no_root_cause_is_asked_where_only_the_labels_state_it() -> None:
    """With the words taken out of message 5 its label does not count, and nothing else states the cause."""
    silent = [*EVENTS]
    silent[5] = {**silent[5], "content": "it's that one"}
    for kind in (Kind.ROOT_CAUSE, Kind.ROOT_CAUSE_OPEN, Kind.RELATED):
        assert ask(kind, incident(silent)) == []
    assert ask(Kind.ROOT_CAUSE, incident(cause_first_stated=None)) == []


def test_affected_services_come_in_the_order_of_their_first_sign() -> None:
    """Recommendation's alert at 0, product-catalog's at 180; nobody saw frontend: optional, as is redis."""
    question = only(Kind.AFFECTED)
    gold = question.answer
    assert isinstance(gold, Order)
    assert [one.name for one in gold.services] == ["recommendation", "product-catalog"]
    assert {one.name for one in gold.optional} == {"frontend", "redis"}
    assert question.evidence == (0, 3)


def test_affected_scores_the_set_and_the_order() -> None:
    """Half the F1, half the pairs in order: worked out for a swap, a wrong one, a missing one, an optional one."""
    question = only(Kind.AFFECTED)
    assert score(question, "recommendation -> product-catalog") == 1.0
    assert score(question, ["recommendation", "frontend", "product-catalog"]) == 1.0
    assert score(question, ["product-catalog", "recommendation"]) == 0.5
    assert score(question, ["recommendation", "product-catalog", "kafka"]) == 0.5 * (4 / 5) + 0.5
    assert score(question, "1. recommendation") == 0.5 * (2 / 3)
    assert score(question, ["kafka"]) == 0.0


def test_the_timeline_holds_the_five_moments() -> None:
    """Alert at 0, "on it" at 60, the cause at 600, the action at 700, the resolution at 900; a minute of tolerance."""
    question = only(Kind.TIMELINE)
    gold = question.answer
    assert isinstance(gold, Times)
    assert {one.name: one.at for one in gold.milestones} == {
        "detected": 0,
        "acknowledged": 60,
        "cause_stated": 600,
        "mitigated": 700,
        "resolved": 900,
    }
    assert gold.tolerance == 60
    assert question.evidence == (0, 1, 5, 6, 7)


def test_a_moment_counts_less_the_further_off_it_is() -> None:
    """Of five: right within 60 s earns one, within 180 s half, further nothing; what is absent earns nothing."""
    question = only(Kind.TIMELINE)
    right: Json = {"detected": "14:30", "acknowledged": "14:31:00", "cause_stated": 600, "mitigated": "T+11m40s"}
    assert score(question, {**right, "resolved": "14:45:50"}) == 1.0
    assert score(question, {**right, "resolved": "14:47"}) == (4 + 0.5) / 5
    assert score(question, {**right, "resolved": "15:45"}) == 4 / 5
    assert score(question, right) == 4 / 5
    assert score(question, "detected: 2025-03-04T14:30:00Z\nacknowledged: 14:31") == 2 / 5


def test_moments_that_the_text_leaves_open_are_not_asked_for() -> None:
    """An action after the end is not what helped, and another's word before the acknowledgement hides it."""
    late = only(Kind.TIMELINE, incident(impact_end=650)).answer
    assert isinstance(late, Times)
    assert "mitigated" not in {one.name for one in late.milestones}
    hidden = [*EVENTS]
    hidden[1] = {**hidden[1], "act": "report"}
    hidden[2] = {**hidden[2], "act": "acknowledge"}
    asked = only(Kind.TIMELINE, incident(hidden)).answer
    assert isinstance(asked, Times)
    assert "acknowledged" not in {one.name for one in asked.milestones}


def test_catch_up_knows_what_was_said_and_not_what_came_later() -> None:
    """Of four facts three are out at 300 s; that redis is killed comes at 600."""
    question = only(Kind.CATCH_UP)
    gold = question.answer
    assert isinstance(gold, Facts)
    assert question.visible_until == 300
    assert [one.statement for one in gold.known] == [
        "High p95 latency",
        "CPU usage too high",
        "the last recommendation release is days old",
    ]
    assert [one.statement for one in gold.unknown] == ["the redis pod is OOM-killed at its 256Mi limit"]
    assert question.evidence == (0, 3, 4)


def test_a_leak_of_the_future_costs_a_summary_its_score() -> None:
    """Two of three facts earn two thirds; with the only unknown fact claimed, nothing is left."""
    question = only(Kind.CATCH_UP)
    two = "p95 latency is high. The last release of recommendation is days old."
    assert score(question, two) == 2 / 3
    assert score(question, f"{two} The redis pod is OOMKilled, limit 256Mi.") == 0.0
    assert score(question, f"{'blah ' * 200}{two}") == 0.0  # 200 words are read


def echoed() -> list[Json]:
    """The same, but alice says both facts again at the end."""
    last = "redis was OOM-killed at its 256Mi limit, the last recommendation release is days old, back to normal"
    return [*EVENTS[:7], {**EVENTS[7], "content": last}]


def test_who_knew_first_is_the_one_whose_words_state_it() -> None:
    """Bob on the release, carol on redis; nobody on the traffic, as no message says it."""
    asked = ask(Kind.FIRST_TO_KNOW, incident(echoed()))
    found = {question.prompt.split(": ")[1].split("?")[0]: question for question in asked}
    assert set(found) == {BACKGROUND.facts["clue:no-deploy"], BACKGROUND.facts["clue:oom"]}
    bob, carol = found[BACKGROUND.facts["clue:no-deploy"]], found[BACKGROUND.facts["clue:oom"]]
    assert (score(bob, "bob"), score(bob, "Bob Smith"), score(bob, "It was bob."), score(bob, "carol")) == (1, 1, 1, 0)
    assert (carol.evidence, score(carol, "carol")) == ((5,), 1)


def test_a_fact_that_only_one_person_talks_of_is_too_plain_to_ask_about() -> None:
    """Without alice's word at the end nobody but bob and carol uses the words of the facts."""
    assert ask(Kind.FIRST_TO_KNOW) == []


def test_a_fact_is_asked_about_in_other_words_where_there_are_some() -> None:
    """Of several wordings the one least like the message; none that would fit another fact, or says too little."""
    wordings = (
        "nobody in the whole team has shipped a recommendation release for days",
        "the last release of recommendation shipped days ago and is old",
        "old",
        "edge traffic on days with a recommendation release looks as on other days",
    )
    known = Background(BACKGROUND.facts, BACKGROUND.trouble, frozenset(), {"clue:no-deploy": wordings})
    prompts = [one.prompt for one in maker(Kind.FIRST_TO_KNOW, background=known).questions(incident(echoed()))]
    assert any(wordings[0] in prompt for prompt in prompts)
    assert not any(BACKGROUND.facts["clue:no-deploy"] in prompt for prompt in prompts)


def test_whoever_else_talked_of_it_is_among_the_choices() -> None:
    """Of nine people six are offered, always with alice, who says it all again."""
    crowd = [say(200 + n, f"guest{n}", "hello", "greet") for n in range(7)]
    told = [*echoed()[:4], *crowd, *echoed()[4:]]
    for seed in range(5):
        asked = list(maker(Kind.FIRST_TO_KNOW, seed=seed).questions(incident(told, cause_first_stated=12)))
        assert asked
        assert all(len(one.choices or ()) == 6 and "alice" in (one.choices or ()) for one in asked)


def test_what_is_done_about_a_fact_is_no_statement_of_it() -> None:
    """Where carol only raises the limit, without saying why, nobody is asked for who knew of it."""
    told = echoed()
    told[5] = {**told[5], "content": "raising the 256Mi limit of redis", "act": "propose"}
    assert not any("256Mi" in one.prompt for one in ask(Kind.FIRST_TO_KNOW, incident(told)))


def test_a_fact_that_somebody_put_in_like_words_before_is_not_asked_about() -> None:
    """Alice says the same earlier, without a label: the text decides."""
    told = echoed()
    told[1] = say(60, "alice", "on it, last release is days old", "acknowledge")
    prompts = [question.prompt for question in ask(Kind.FIRST_TO_KNOW, incident(told))]
    assert len(prompts) == 1
    assert "redis" in prompts[0]


def test_pairs_are_the_same_or_not_by_their_cause() -> None:
    """Over many seeds both answers come, each as the two causes have it, with the evidence of both."""
    other: Json = {"service": "kafka", "component": "topic", "category": "x", "mechanism": "m", "plain": "256Mi limit."}
    third = incident(name="made-3", root_cause=other)
    given = set()
    for seed in range(12):
        made = maker(Kind.RELATED, seed=seed)
        assert list(made.questions(incident(name="made-1"))) == []
        assert made.questions(third) is not None
        for question in [*made.questions(third), *made.questions(incident(name="made-2"))]:
            same = question.scenario_id == "made-2" and question.other_scenario_id == "made-1"
            assert score(question, "yes") == same
            assert score(question, "no") == (not same)
            assert (question.evidence, question.other_evidence) == ((5,), (5,))
            given.add(same)
    assert given == {True, False}


def test_looks_do_not_tell_pairs_apart() -> None:
    """Of the same cause the incidents least alike are held beside each other, of another cause those most alike."""
    other: Json = {"service": "kafka", "component": "topic", "category": "x", "mechanism": "m", "plain": "256Mi limit."}
    chatter = "zebra quilt violin walnut xylem yonder amber birch cedar dune ember fjord grove heron iris jade"
    far = [*EVENTS, say(950, "dora", chatter, "aside")]
    for seed in range(12):
        made = maker(Kind.RELATED, seed=seed)
        for n, told in enumerate((EVENTS, far, EVENTS, far)):
            list(made.questions(incident(told, f"made-{n + 1}")))
        for n, told in enumerate((EVENTS, far, EVENTS, far)):
            list(made.questions(incident(told, f"made-{n + 5}", root_cause=other)))
        for question in made.questions(incident(EVENTS, "made-9")):
            plain = question.other_scenario_id in {"made-1", "made-3", "made-5", "made-7"}
            same = int((question.other_scenario_id or "").rpartition("-")[2]) < 5
            assert plain is not same


def test_a_fact_that_was_hinted_at_is_not_counted_as_unknown() -> None:
    """Alice names the limit before: claiming it at 300 s is no invention, and nothing else is unknown."""
    told = [*EVENTS]
    told[1] = say(60, "alice", "on it, 256Mi again?", "acknowledge")
    assert ask(Kind.CATCH_UP, incident(told)) == []


def test_a_service_named_before_its_sign_is_optional() -> None:
    """Bob's word at 120 s may have been the first sign of frontend's trouble, which a clue tells later."""
    known = Background(BACKGROUND.facts, {**BACKGROUND.trouble, "clue:page": "frontend"}, frozenset())
    late = say(400, "bob", "frontend pages are blank", "report", reveals=["clue:page"])
    clear, vague = [*EVENTS[:5], late, *EVENTS[5:]], [*EVENTS[:5], late, *EVENTS[5:]]
    vague[2] = {**vague[2], "content": "a deploy of frontend?"}
    for told, shown in ((clear, 3), (vague, 2)):
        record = incident(told, cause_first_stated=6)
        (question,) = maker(Kind.AFFECTED, background=known).questions(record)
        assert isinstance(question.answer, Order)
        assert len(question.answer.services) == shown
