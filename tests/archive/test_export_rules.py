"""The export keeps every rule that readers have, whatever the incidents hold."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slackincidents import archive
from slackincidents.errors import OutputExists, UsageError, WriteFailed
from slackincidents.incident import Incident
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks import slack_export
from tests.archive.rules import Opened, offences
from tests.render.conftest import FOREIGN, _hostile, _rich

HANDLES = ("alice", "bob", "Björn Åse", "release bot", "Monitoring Bot", "x" * 40, "", "alice-oncall")
PLACES = ("#payment-oncall", "#inc-0302", "#Ünïcode Room", "#b", "no-hash", "#" + "long" * 30, "")
PIECES = (
    "on it", "@alice", "@payment-oncall", "@nobody", "@here", "<!channel>", "<!subteam^S1>", "#payment-oncall", "#none",
    "a < b && c > d", "&amp;", "&lt;@U123&gt;", "`x <y>`", "```\n$ a && b\n```", "**bold**", "*b*", "~~s~~", ":tada:",
    "https://e.example/?a=1&b=2.", "<https://e.example/|label>", "<https://e.example>", "\n", "\x00\x1b[31m", "\u202e",
    "🔥", "- item", "> quote", "alice, bob joined", "set the topic: <b> & co", "joined #inc-0302", " ", "",
)  # fmt: skip

texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=5).map(" ".join)
offsets = st.one_of(st.integers(-5, 40), st.sampled_from((0, 0.0004, 1.5, 86_400, 90_000.25)))
reactions = st.lists(
    st.builds(
        lambda emoji, users: {"emoji": emoji, "users": users},
        st.sampled_from((":tada:", "+1", "👍", "", "Not One", "thumbsup::skin-tone-3")),
        st.lists(st.sampled_from(HANDLES), max_size=3),
    ),
    max_size=3,
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, object]:
    """One event of any type, with anything in it."""
    kind = draw(st.sampled_from(("alert", "message", "mention", "action", "resolution", "status_update", "system")))
    event: dict[str, object] = {
        "type": kind,
        "offset_seconds": draw(offsets),
        "channel": draw(st.sampled_from(PLACES)),
        "thread_parent": draw(st.one_of(st.none(), st.integers(-1, 12))),
        "reactions": draw(reactions),
    }
    if kind == "alert":
        return event | {
            "severity": draw(st.sampled_from(("critical", "warning", "info"))),
            "title": draw(texts),
            "details": draw(texts),
            "state": draw(st.sampled_from((None, "firing", "resolved"))),
            "metrics": draw(st.dictionaries(texts, st.one_of(texts, st.integers(0, 9)), max_size=2)),
            "runbook": draw(st.sampled_from((None, "https://wiki.example/a?b=1&c=2", "javascript:alert(1)"))),
            "user": draw(st.sampled_from((None, "alice", "PagerDuty"))),
        }
    if draw(st.booleans()):
        event["edited"] = {"offset_seconds": draw(offsets)}
    if draw(st.booleans()):
        event["metrics_after"] = {"p95_latency": draw(texts)}
    if draw(st.booleans()):
        event["extra"] = {"of": [draw(texts), 1, None]}
    names = draw(st.lists(st.sampled_from(("@alice", "@payment-oncall", "@a b")), max_size=2))
    spoken = {"user": draw(st.sampled_from(HANDLES)), "content": draw(texts), "mentions": names}
    return event | spoken | ({"action_type": draw(texts), "action_details": draw(texts)} if kind == "action" else {})


@st.composite
def incidents(draw: st.DrawFn) -> IncidentRecord:
    """An incident of up to twelve events."""
    return IncidentRecord.model_validate(
        {
            "scenario_id": draw(texts),
            "scenario_type": "any",
            "title": draw(texts),
            "description": draw(st.none() | texts),
            "start_time": draw(st.sampled_from(("2026-03-02T23:59:50", "2024-12-11T11:15:00.123456+05:30"))),
            "services": {
                "payment": {
                    "channel": "#payment-oncall", "oncall_group": "@payment-oncall", "engineers": ["carol", "alice"]
                }
            },
            "timeline": draw(st.lists(events(), max_size=12)),
            "people": draw(st.dictionaries(st.sampled_from(HANDLES), texts, max_size=3)),
            "metadata": {"severity": "SEV-2", "root_cause": draw(texts), "more": 1},
        }
    )  # fmt: skip


def as_json(record: IncidentRecord) -> str:
    """The incident file."""
    return Incident.of(record).to_json()


@settings(max_examples=80)
@given(st.lists(incidents(), min_size=1, max_size=3, unique_by=lambda one: archive.AnswerKey.of(one).incident))
def test_any_incidents_make_a_lawful_export_and_come_back(found: list[IncidentRecord]) -> None:
    """Whatever stands in incidents, every rule of the export holds, and reading it gives the same incidents."""
    with tempfile.TemporaryDirectory() as folder:
        path = slack_export.write(found, Path(folder) / "x.zip")
        assert offences(path) == []
        back = archive.read(path)
        assert sorted(map(as_json, back)) == sorted(map(as_json, found))
        again = slack_export.write(back, Path(folder) / "y.zip")
        assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("answers", [True, False])
def test_the_shipped_incidents_make_a_lawful_export(
    shipped: tuple[Incident, ...], tmp_path: Path, answers: bool
) -> None:
    """All thirteen in one workspace."""
    path = slack_export.write(shipped, tmp_path / "x.zip", answers=answers)
    assert offences(path) == []
    assert len(Opened(path).channels) >= 15
    assert ("answer_key.json" in Opened(path).names) == answers


def test_rich_hostile_and_foreign_incidents_make_lawful_exports(tmp_path: Path) -> None:
    """Everything the renderers are tested with, in one workspace."""
    found = [IncidentRecord.model_validate(made) for made in (_rich(), _hostile())]
    found += [IncidentRecord.model_validate_json(path.read_text(encoding="utf-8")) for path in FOREIGN]
    path = slack_export.write(found, tmp_path / "x.zip")
    assert offences(path) == []
    assert sorted(map(as_json, archive.read(path))) == sorted(map(as_json, found))


def test_the_shipped_ones_have_what_slack_has(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """Threads, reactions, edits, joins, topics, cards and mentions of people, groups and channels are all there."""
    export = Opened(slack_export.write(shipped, tmp_path / "x.zip"))
    posts = [post for channel in export.channels for post in export.posts(channel)]
    texts_of = [str(post["text"]) for post in posts]
    events_of = [event for incident in shipped for event in incident.timeline]
    assert sum(post.get("subtype") == "bot_message" and "attachments" in post for post in posts) == sum(
        event.type == "alert" for event in events_of
    )
    assert sum("reactions" in post for post in posts) == sum(bool(event.reactions) for event in events_of)
    assert sum("edited" in post for post in posts) == sum(
        getattr(event, "edited", None) is not None for event in events_of
    )
    assert sum(post.get("thread_ts") not in (None, post["ts"]) for post in posts) == sum(
        event.thread_parent is not None for event in events_of
    )
    assert {"channel_join", "channel_topic", "bot_message"} <= {str(post.get("subtype")) for post in posts}
    for entity in ("<@U", "<!subteam^S", "<#C"):
        assert any(entity in text for text in texts_of), entity
    marks = [(m["incident"], m["index"]) for post in posts if "part" not in (m := mark(post))]
    assert len(set(map(str, marks))) == len(marks) == len(events_of)


def mark(post: object) -> dict[str, object]:
    """The mark on a message."""
    assert isinstance(post, dict)
    payload = post["metadata"]["event_payload"]
    assert isinstance(payload, dict)
    assert payload["synthetic"] is True
    return payload


def test_times_are_the_incidents_own(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """A message stands within the second in which it was said, in the order in which things were said."""
    incident = shipped[0]
    export = Opened(slack_export.write([incident], tmp_path / "x.zip"))
    posts = sorted((str(p["ts"]), mark(p)["index"]) for channel in export.channels for p in export.posts(channel))
    assert [index for _, index in posts] == sorted(
        range(len(posts)), key=lambda i: (incident.timeline[i].offset_seconds, i)
    )
    for ts, index in posts:
        assert isinstance(index, int)
        assert 0 <= float(ts) - incident.time_of(incident.timeline[index]).timestamp() < 1


def test_nobody_is_called_by_an_export(tmp_path: Path) -> None:
    """Broadcasts, and ids from elsewhere, come out as the words they are."""
    told = "<!here> <!channel|x> <!everyone> @here <@U0REAL00001> <!subteam^S0REAL|@oncall> <javascript:alert(1)|x>"
    record = IncidentRecord.model_validate(
        _rich() | {"labels": None, "timeline": [{"type": "message", "offset_seconds": 0, "channel": "#inc-0302-reco",
                                                 "user": "bob", "content": told}]}
    )  # fmt: skip
    (post,) = Opened(slack_export.write([record], tmp_path / "x.zip")).posts("inc-0302-reco")
    assert "<" not in str(post["text"])


def test_the_order_of_files_changes_nothing(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """The same incidents in another order are the same bytes."""
    one = slack_export.write(shipped, tmp_path / "x.zip").read_bytes()
    assert slack_export.write(reversed(shipped), tmp_path / "y.zip").read_bytes() == one


def test_labels_change_only_the_answer_key(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """With and without answers every other file has the same bytes, and no answer stands in them."""
    kept, dropped = (
        dict(slack_export.members(found, answers=answers))
        for found, answers in ((shipped, True), ([archive.blind(one) for one in shipped], False))
    )
    key = kept.pop("answer_key.json")
    assert kept == dropped
    for incident in shipped:
        assert incident.labels is not None
        plain = incident.labels.root_cause.plain.encode()
        assert plain in key
        assert not any(plain in data for data in dropped.values())


def test_an_incident_twice_is_refused(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """Two of the same would be indistinguishable; with or without their answers."""
    with pytest.raises(UsageError, match="twice"):
        slack_export.write([shipped[0], archive.blind(shipped[0])], tmp_path / "x.zip")
    with pytest.raises(UsageError, match="no incident"):
        slack_export.write([], tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_times_before_slack_are_refused(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """Slack's timestamps have ten digits."""
    early = shipped[0].model_copy(update={"start_time": "1999-12-31T23:00:00+00:00"})
    with pytest.raises(UsageError, match="1999"):
        slack_export.write([early], tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_unasked(shipped: tuple[Incident, ...], tmp_path: Path) -> None:
    """A file that is there stays, also through a link; a folder is never replaced."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"mine")
    (tmp_path / "link.zip").symlink_to(path)
    for name in ("x.zip", "link.zip"):
        with pytest.raises(OutputExists):
            slack_export.write(shipped[:1], tmp_path / name, overwrite=False)
    assert path.read_bytes() == b"mine"
    slack_export.write(shipped[:1], tmp_path / "link.zip")
    assert (tmp_path / "link.zip").is_symlink()
    assert zipfile.is_zipfile(path)
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(UsageError, match="a folder"):
        slack_export.write(shipped[:1], tmp_path / "folder.zip")
    with pytest.raises(WriteFailed):
        slack_export.write(shipped[:1], path / "below.zip")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder.zip", "link.zip", "x.zip"]
