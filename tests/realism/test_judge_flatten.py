"""One shape for both sides: names, services, switches, hosts, emoji, links and pastes are gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackincidents.realism.conversation import Conversation, Line, names_of
from slackincidents.realism.judge_flatten import Flattener, room_of

PEOPLE = ("Marcus", "priya", "bob smith", "zed_42", "alice")
SERVICES = ("recommendation", "product-catalog", "redis-reco", "fraud-detection")
SECRETS = {
    "person": PEOPLE,
    "service": SERVICES,
    "switch": ("kafkaQueueProblems", "adManualGc", "--force-renewal", "enable_new_cache"),
    "host": ("redis-recs-a-0", "ip-10-3-44-19", "10.3.44.19", "db1.prod.example.com", "/var/log/syslog", "a41f9c2"),
    "emoji": ("\U0001f525", ":fire:", ":white_check_mark:", "\u2705", "\U0001f468\u200d\U0001f4bb"),
    "link": ("https://grafana.company.com/d/x", "<https://a.io/b|the board>", "www.example.com/q?z=1"),
    "paste": ("```\n$ kubectl get pods\n```", "```panic: nil```"),
}
FLATTENER = Flattener.knowing(SERVICES)
WORDS = st.lists(
    st.sampled_from(["why", "is", "it", "slow", "since", "noon", "i", "think", ",", "ok", "?"]), max_size=6
)
SECRET = st.sampled_from([(kind, one) for kind, ones in SECRETS.items() for one in ones])


def flat(*texts: str, speaker: str = "Marcus") -> list[str]:
    """What is left of some lines."""
    lines = [Line(60.0 * at, speaker, text) for at, text in enumerate(texts)]
    return [said.text for said in FLATTENER.flatten(lines, names_of(PEOPLE))]


@given(WORDS, SECRET, WORDS, st.booleans())
def test_nothing_that_gives_a_side_away_is_left(
    before: list[str], secret: tuple[str, str], after: list[str], shout: bool
) -> None:
    """Whatever stands around a name, service, switch, host, emoji, link or paste: none of its text comes through."""
    kind, hidden = secret
    written = hidden.upper() if shout and kind in ("person", "service") else hidden
    text = " ".join([*before, written, *after])
    (left,) = flat(text) or [""]
    assert left == left.lower()
    assert hidden.lower() not in left
    for part in hidden.lower().replace("/", " ").replace(":", " ").split():
        assert part not in left.split()
    kept = [word for word in before + after if word.isalpha()]
    assert [word for word in left.replace(":", " ").split() if word in kept] == kept


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("@Alice can you look?", "bo: can you look?"),
        ("alice, can you look?", "bo: can you look?"),
        ("alice: can you look?", "bo: can you look?"),
        ("Alice can you look?", "bo: can you look?"),
        ("it's `adManualGc` again. adManualGc is on.", "it's id1 again. id1 is on"),
        ("redis-reco is up, redis is not", "tool1 is up, tool2 is not"),
        ("Done!!! \U0001f389 :tada: :)", "done"),
        ("see <https://x.io/y|here> and ```a\nb```", "see <link> and <paste>"),
        ("in <#C123|inc-7> or #ops", "in <room> or <room>"),
        ("<!subteam^S1|@recs-oncall> hello @payments-oncall", "<team> hello <team>"),
        ("*bold* _soft_ ~gone~", "bold soft gone"),
        ("p99 is 512ms, 10-20mins, 5xx at 12:31", "p99 is 512ms, 10-20mins, 5xx at 12:31"),
        ("one-by-one, up-to-date, e.g. that", "one-by-one, up-to-date, e.g. that"),
        ("\u201cwhy\u201d \u2013 it\u2019s odd\u2026", '"why" - it\'s odd'),
    ],
)
def test_both_sides_get_one_shape(said: str, left: str) -> None:
    """Mentions, addresses, markup, marks and names of things are written one way; figures and idioms stay."""
    assert flat(said) == [left]


def test_names_are_given_out_by_appearance() -> None:
    """Who speaks first is ari, wherever an excerpt begins; first name and whole name are one person."""
    lines = [Line(600, "bob smith", "hi"), Line(660, "alice", "bob, all well?"), Line(725, "bob smith", "no")]
    said = FLATTENER.flatten(lines, names_of(PEOPLE))
    assert [(one.minute, one.who, one.text) for one in said] == [
        (0, "ari", "hi"),
        (1, "bo", "ari: all well?"),
        (2, "ari", "no"),
    ]


def test_an_ordinary_word_is_a_name_only_where_it_is_addressed() -> None:
    """Somebody is called will; the verb stays."""
    lines = [Line(0, "will", "that will do"), Line(1, "alice", "will: thanks"), Line(2, "alice", "i will")]
    said = FLATTENER.flatten(lines, {"will", "alice"})
    assert [one.text for one in said] == ["that will do", "ari: thanks", "i will"]


def test_numbers_start_anew_in_each_excerpt() -> None:
    """The same service has another number elsewhere, so that pairs cannot be matched by it."""
    assert flat("redis-reco is down") == ["tool1 is down"]
    assert flat("kafka first, then redis-reco") == ["tool1 first, then tool2"]


def test_lines_without_words_are_dropped() -> None:
    """A lone emoji is no line."""
    assert flat("\U0001f44d", ":eyes:", "ok") == ["ok"]


def test_a_long_line_is_cut_at_a_word() -> None:
    """Nothing over 320 characters is shown."""
    (left,) = flat("word " * 200)
    assert len(left) <= 320
    assert left.endswith("word")


def test_one_room_is_shown() -> None:
    """Of a conversation over several channels the busiest is read."""
    lines = tuple(Line(at, "ann", f"line {at}", "#a" if at % 3 else "#b") for at in range(9))
    assert {line.channel for line in room_of(Conversation("x", lines)).lines} == {"#a"}
    assert room_of(Conversation("x", ())).lines == ()
