"""What is posted, and in which order."""

from __future__ import annotations

import pytest

from slackincidents.errors import BadFile
from slackincidents.sinks.steps import emoji, problems, steps, strangers
from tests.sinks.stage import alert, incident, message


def test_steps_come_in_time_order_whatever_the_file_s_order() -> None:
    """An unsorted timeline is posted by time; equal times keep the file's order."""
    made = steps(incident([message(20), message(5), message(5, "#shop"), message(0)]))
    assert [step.index for step in made] == [3, 1, 2, 0]


def test_everything_wrong_is_told_at_once() -> None:
    """One refusal lists every event that cannot be posted, with its place."""
    record = incident(
        [
            message(0, text="   "),
            message(5, thread_parent=9),
            message(6, thread_parent=3),
            message(7),
            message(8, "#"),
            message(9, thread_parent=5),
        ]
    )
    with pytest.raises(BadFile) as caught:
        steps(record)
    for place in ("timeline[0] has no text", "timeline[1].thread_parent is 9", "timeline[2].thread_parent is 3, which"):
        assert place in str(caught.value)
    assert "timeline[4].channel is empty" in str(caught.value)
    assert "timeline[5].thread_parent is the event itself" in str(caught.value)
    assert len(list(problems(record))) == 5


def test_a_reply_to_a_reply_hangs_under_the_root() -> None:
    """Slack has one level of threads: a nested reply goes under the first message."""
    made = steps(incident([message(0), message(1, thread_parent=0), message(2, thread_parent=1)]))
    assert [step.parent for step in made] == [None, 0, 0]


def test_a_reply_to_another_channel_stands_outside_and_waits() -> None:
    """A parent in another channel makes no thread, but is posted first; a note says so."""
    record = incident([message(0), message(1, "#shop", thread_parent=0), message(2, "#shop", thread_parent=1)])
    made = steps(record)
    assert [(step.parent, step.after) for step in made] == [(None, ()), (None, (0,)), (1, (1,))]
    assert list(strangers(record)) == ["event 1 answers event 0 in #cache: it stands in #shop outside a thread"]


def test_an_answer_in_another_channel_waits_for_the_call() -> None:
    """What comes after a call of a group in the group's own channel waits for that call."""
    made = steps(
        incident([message(0, "#shop", "@cache-oncall is it you?"), message(1), message(2), message(3, "#shop", "ok")])
    )
    assert [step.after for step in made] == [(), (0,), (), ()]


def test_an_alert_is_a_card_with_colour_fields_and_links() -> None:
    """Severity gives the bar and the dot, metrics the fields, runbook and dashboard the links."""
    card = steps(incident([alert(0, dashboard="https://grafana.example.com/d")]))[0].card
    assert card is not None
    assert (card.colour, card.title) == ("D7263D", ":red_circle: CRITICAL: High latency")
    assert card.title_link == "https://grafana.example.com/d"
    assert card.fields == (("P95 latency", "900ms"),)
    assert card.links == (
        ("Runbook", "https://wiki.example.com/r"),
        ("Dashboard", "https://grafana.example.com/d"),
    )


def test_a_link_that_is_none_is_left_out() -> None:
    """An address that is not http or https never leaves."""
    card = steps(incident([alert(0, runbook="javascript:alert(1)")]))[0].card
    assert card is not None
    assert card.links == ()


def test_an_action_shows_its_command_as_code() -> None:
    """Commands stand in a code block."""
    made = steps(incident([message(0, text="$ kubectl rollout restart cache", type="action", action_type="restart")]))
    assert made[0].text == "```\n$ kubectl rollout restart cache\n```"


def test_people_have_names_and_faces_of_their_own() -> None:
    """The same handle has the same icon everywhere; bots have theirs; names come from the file."""
    made = steps(
        incident([message(0), message(1, user="bob"), message(2, user="Incident Bot"), message(3, user="alice")])
    )
    assert [step.name for step in made] == ["Alice Chen", "bob", "Incident Bot", "Alice Chen"]
    assert made[0].icon == made[3].icon != made[1].icon
    assert made[2].icon == ":robot_face:"


def test_emoji_come_as_names() -> None:
    """Names with colons, bare names and characters are the same reaction, once."""
    made = steps(incident([message(0, reactions=[{"emoji": ":eyes:"}, {"emoji": "eyes"}, {"emoji": "👀"}])]))
    assert made[0].reactions == ("eyes",)
    assert emoji("ack") == "ack"
