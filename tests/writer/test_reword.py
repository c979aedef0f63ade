"""Rewording a stranger's file: what stays, what is refused, what is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import slackincidents
from slackincidents import CheckFailed, Incident
from slackincidents.chat.base import ChatReply, ChatRequest, Finish
from slackincidents.chat.scripted import ScriptedChat
from slackincidents.schema.incident import ActionEvent, AlertEvent, Event, MessageEvent, ResolutionEvent, Spoken
from slackincidents.schema.incident import ServiceRecord as Service
from slackincidents.writer.keeping import Names, complaints, pieces
from slackincidents.writer.reword import Reworder, names_of, rewordable
from tests.writer.rewording import Reword, answering, asked, plainly

FILES = sorted((Path(__file__).parents[1] / "render" / "foreign").glob("*.json"))
KAFKA = slackincidents.load(next(path for path in FILES if path.stem.startswith("kafka")))
NAMES = Names(frozenset({"redis", "cart"}), frozenset({"alice", "bob"}))


def said(user: str, text: str, at: int) -> MessageEvent:
    """A message."""
    return MessageEvent(offset_seconds=at, channel="#redis", user=user, content=text)


SMALL = Incident(
    scenario_id="small-1",
    scenario_type="small",
    title="Redis",
    start_time="2024-12-11T15:00:00Z",
    services={
        "redis": Service(channel="#redis", oncall_group="@redis-oncall", engineers=("alice", "bob")),
        "cart": Service(channel="#cart", oncall_group="@cart-oncall", engineers=("carol",)),
    },
    timeline=(
        AlertEvent(offset_seconds=0, channel="#redis", severity="warning", title="Latency", details="p95 is 480ms"),
        said("alice", "having a look at p95, 480ms is too much", 10),
        said("bob", "@redis-oncall is `redis-0` up? see https://wiki.example/redis", 20),
        said("Deploy Bot", "rolled out build 7 to redis", 30),
        said("bob", "`kubectl get pods`", 40),
        ActionEvent(offset_seconds=50, channel="#redis", user="bob", content="```\n$ reboot\n```", action_type="x"),
        said("alice", "ok", 60),
        ResolutionEvent(offset_seconds=70, channel="#redis", user="alice", content="all good again, back to 50ms"),
    ),
)


def reworder(reword: Reword) -> tuple[Reworder, ScriptedChat]:
    """A reworder over a script."""
    chat = ScriptedChat(answering(reword))
    return Reworder.of(chat, "some-model"), chat


def told(incident: Incident, reword: Reword, **more: object) -> tuple[Incident, ScriptedChat]:
    """One rewording of a file."""
    way, chat = reworder(reword)
    (made,) = slackincidents.regenerate(incident, writer=way, **more)  # type: ignore[arg-type]  # passed on
    return made, chat


def note(incident: Incident) -> dict[str, object]:
    """What a file says about its rewording."""
    found = incident.metadata["reworded"]
    assert isinstance(found, dict)
    return dict(found)


def bare(event: Event) -> Event:
    """An event without its text."""
    return event.model_copy(update={"content": ""})


def first_time(place: int, text: str) -> Reword:
    """One bad text for one line, good ones for all others and from the second time on."""

    def reword(beat: str, old: str, attempt: int) -> str:
        return text if beat == f"e{place}" and attempt == 0 else f"so {old}"

    return reword


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_the_prose_of_people_changes(path: Path) -> None:
    """Figures, mentions, links, code, threads, times and reactions stay; the validator finds nothing new."""
    before = slackincidents.load(path)
    after, _ = told(before, plainly())
    names = names_of(before)
    assert [bare(event) for event in after.timeline] == [bare(event) for event in before.timeline]
    different = {
        at for at, (one, other) in enumerate(zip(before.timeline, after.timeline, strict=True)) if one != other
    }
    assert different == set(rewordable(before))
    for place in different:
        one, other = before.timeline[place].text, after.timeline[place].text
        assert pieces(one, names) == pieces(other, names)
    known = {(finding.code, finding.index) for finding in slackincidents.validate(before).findings}
    assert {(finding.code, finding.index) for finding in slackincidents.validate(after).findings} <= known


def test_cards_commands_code_and_bots_are_not_asked_about() -> None:
    """The model is asked for the words of people alone, and told what each line must keep."""
    made, chat = told(SMALL, plainly())
    assert list(asked(chat.requests[0])) == ["e1", "e2", "e6", "e7"]
    assert "keep: 480ms ; p95" in chat.requests[0].messages[1].content
    assert "keep: @redis-oncall ; `redis-0` ; https://wiki.example/redis" in chat.requests[0].messages[1].content
    assert made.timeline[1].text == "so having a look at p95, 480ms is too much"
    assert note(made)["lines"] == [1, 2, 6, 7]
    assert (note(made)["model"], note(made)["kept"]) == ("some-model", {})


@pytest.mark.parametrize(
    ("place", "text", "why"),
    [
        (1, "having a look, 480ms and rising to 900ms, p95", "adds 900ms"),
        (1, "having a look at p95", "lacks 480ms"),
        (1, "having a look at p95, two spikes, 480ms is too much", "'two'"),
        (1, "p95 is 480ms because redis fell over", "adds redis"),
        (1, "bob says p95 at 480ms is too much", "adds bob"),
        (1, "alice: p95 of 480ms is too much", "adds alice"),
        (1, "**p95** of 480ms is too much", "Markdown"),
        (1, "@here p95 of 480ms is too much", "adds @here"),
        (1, "Certainly! p95 of 480ms is too much", "Certainly!"),
        (1, "p95 of 480ms is\ntoo much", "several lines"),
        (1, "p95 of 480ms is too much " + "and so on and on " * 20, "longer"),
        (1, "Having a look at p95: 480ms is too much!", "same words"),
        (1, "", "no text"),
        (2, "is `redis-0` up? see https://wiki.example/redis", "lacks @redis-oncall"),
        (2, "@redis-oncall is `redis-1` up? see https://wiki.example/redis", "adds `redis-1`"),
        (2, "@redis-oncall is `redis-0` up? see the wiki", "lacks https://wiki.example/redis"),
        (7, "<!channel> good again, 50ms", "adds <!channel>"),
        (7, "alles gut @everyone, 50ms", "adds @everyone"),
    ],
)
def test_a_bad_line_is_asked_for_again_alone(place: int, text: str, why: str) -> None:
    """What it adds, loses or looks like is told to the model, and only that line is asked for once more."""
    made, chat = told(SMALL, first_time(place, text))
    again = chat.requests[1]
    assert list(asked(again)) == [f"e{place}"]
    assert why in again.messages[1].content.split("wrong before: ")[1]
    assert made.timeline[place].text == f"so {SMALL.timeline[place].text}"
    assert len(chat.requests) == 2


def test_a_line_that_does_not_come_is_asked_for_again() -> None:
    """A reply without it, or one that cannot be read, costs a second call and nothing else."""
    made, chat = told(SMALL, lambda beat, old, attempt: None if beat == "e2" and not attempt else f"so {old}")
    assert list(asked(chat.requests[1])) == ["e2"]
    assert note(made)["lines"] == [1, 2, 6, 7]


@pytest.mark.parametrize("finish", ["refusal", "content_filter", "empty"])
def test_a_refusal_is_no_text(finish: Finish) -> None:
    """What a model says when it refuses never gets into a file."""
    good = answering(plainly())

    def answer(request: ChatRequest) -> str | ChatReply:
        return good(request) if request.attempt else ChatReply(text=good(request), finish=finish)

    chat = ScriptedChat(answer)
    (made,) = slackincidents.regenerate(SMALL, writer=Reworder.of(chat, "m"))
    assert [list(asked(request)) for request in chat.requests] == [["e1", "e2", "e6", "e7"]] * 2
    assert note(made)["lines"] == [1, 2, 6, 7]


def test_a_line_that_never_passes_stays_and_is_told() -> None:
    """After three tries the original line stands, and the file says why."""
    made, chat = told(SMALL, lambda beat, old, _: "down since 04:12" if beat == "e1" else f"so {old}")
    assert made.timeline[1] == SMALL.timeline[1]
    assert [list(asked(request)) for request in chat.requests][1:] == [["e1"], ["e1"]]
    assert note(made)["lines"] == [2, 6, 7]
    assert "lacks 480ms" in str(note(made)["kept"])
    assert list(note(made)["kept"]) == ["1"]  # type: ignore[call-overload]  # a mapping, as the line above shows


def test_nothing_that_passes_is_an_error() -> None:
    """A model that only talks leaves no file that claims to be reworded."""
    with pytest.raises(CheckFailed, match="not one line could be reworded"):
        told(SMALL, lambda *_: "I cannot assist with that")


def test_a_second_wording_stays_away_from_the_first() -> None:
    """It is shown the first one's lines, and one of them said again is refused."""
    texts = {"e1": "p95 of 480ms is too much for me", "e7": "back to 50ms and fine"}

    def reword(beat: str, old: str, attempt: int) -> str:
        return texts.get(beat, f"so {old}") if not attempt else f"hm {old}"

    way, chat = reworder(reword)
    first, second = slackincidents.regenerate(SMALL, variants=2, writer=way)
    assert f"- {texts['e1']}" in chat.requests[1].messages[1].content
    assert first.timeline[1].text == texts["e1"]
    assert second.timeline[1].text == f"hm {SMALL.timeline[1].text}"
    assert [note(incident)["variant"] for incident in (first, second)] == ["v1", "v2"]
    assert len({request.address for request in chat.requests}) == len(chat.requests)


@pytest.mark.parametrize(("only", "places"), [(1, [1]), ("#redis", [1, 2, 6, 7])])
def test_a_part_of_a_strangers_file(only: str | int, places: list[int]) -> None:
    """Only the lines asked for are asked about, and only they change."""
    made, chat = told(SMALL, plainly(), only=only)
    assert [int(beat[1:]) for beat in asked(chat.requests[0])] == places
    assert [at for at in range(8) if made.timeline[at] != SMALL.timeline[at]] == places


def test_the_whole_conversation_is_shown() -> None:
    """The model sees every line where it stands, cards and bots included."""
    _, chat = told(KAFKA, plainly(), only=12)
    shown = re.findall(r"^\[(e\d+)\] #", chat.requests[0].messages[1].content, re.M)
    assert shown == [f"e{place}" for place in range(len(KAFKA.timeline))]


def test_many_lines_are_asked_for_in_portions() -> None:
    """Never more than the window at once, and each line once."""
    chat = ScriptedChat(answering(plainly()))
    way = Reworder(chat, "m", Reworder.of(chat, "m").templates, window=4)
    slackincidents.regenerate(KAFKA, writer=way)
    portions = [list(asked(request)) for request in chat.requests]
    assert max(map(len, portions)) == 4
    assert [beat for portion in portions for beat in portion] == [f"e{place}" for place in rewordable(KAFKA)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lag is 1,247 messages", "1247 messages of lag"),
        ("an 8 minute gap", "there's an 8-minute gap"),
        ("P95 is 48ms.", "now at 48ms p95"),
        ("OOMKilled 3 minutes ago", "3 min ago, oomkilled"),
        ("look at `redis-0`, @bob", "@bob look at `redis-0`"),
        ("ok", "ok"),
    ],
)
def test_what_counts_as_kept(old: str, new: str) -> None:
    """Thousands, a unit after a hyphen, capitals and order do not matter; nor does a short line said again."""
    assert complaints(old, new, NAMES) == ()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("limit is 256Mi", "limit is 256MB", "lacks 256mi"),
        ("15 → 45 → 85", "15 → 85 now", "lacks 45"),
        ("kafkaQueueProblems is on", "the flag is on", "lacks kafkaqueueproblems"),
        ("cart is slow again", "it is slow again", "lacks cart"),
        ("look at #redis-alert please", "look there please", "lacks #redis-alert"),
        ("since 14:30 or so", "since half past two", "lacks 14:30"),
        ("run `DROP x` now", "run `drop x` right now", "lacks `DROP x`"),
    ],
)
def test_what_counts_as_lost(old: str, new: str, why: str) -> None:
    """Units, each figure of a row, flags, services, channels, clock times and the case of code do matter."""
    assert any(why in complaint for complaint in complaints(old, new, NAMES))


def test_spoken_only() -> None:
    """Every place that can be reworded holds an event somebody typed."""
    assert all(isinstance(KAFKA.timeline[place], Spoken) for place in rewordable(KAFKA))
