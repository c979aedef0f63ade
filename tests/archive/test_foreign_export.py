"""A team's own export: no plan, no labels, everything that real ones contain."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import slackincidents
from slackincidents import archive
from slackincidents.api import load_all
from slackincidents.incident import Incident
from slackincidents.schema.incident import AlertEvent, IncidentRecord, MentionEvent, MessageEvent, SystemEvent
from slackincidents.sinks import slack_export
from tests.archive.conftest import Members, Pack

DAY, HOUR = 1_733_900_000, 3600


def said(seconds: int, text: str = "hm", user: str | None = "U1", **more: object) -> dict[str, object]:
    """One message, `seconds` after the first day's beginning."""
    return {"type": "message", "ts": f"{DAY + seconds}.000200", "text": text, "user": user} | more


USERS = [
    {"id": "U1", "name": "ada", "real_name": "Ada Berg", "profile": {"real_name": "Ada Berg", "display_name": "ada b"}},
    {"id": "U2", "name": "ben", "deleted": True},
    {"id": "U3", "profile": {"display_name": "cleo"}},
    {"id": "U4"},
    {"id": "U5", "name": "ada", "profile": "gone"},
    {"id": "U6", "name": "deploys", "is_bot": True, "profile": {"real_name": "Deploys", "bot_id": "B6"}},
]
ALERT = said(
    5, "", None, subtype="bot_message", bot_id="B7", username="Grafana",
    attachments=[{
        "id": 1, "color": "#D63232", "fallback": "[FIRING:1] p99", "title": "[FIRING:1] High p99 &amp; errors",
        "title_link": "https://g.example/d", "text": "p99 is <https://g.example/p|2.1 s>, see <#C1|payments>",
        "fields": [{"title": "Error rate", "value": "12%", "short": True}, {"value": None},
                   {"title": "Runbook", "value": "<https://wiki.example/r|open>"}],
        "actions": [{"type": "button"}], "ts": 1733900005.5,
    }],
)  # fmt: skip
POSTS = [
    said(0, "<@U2> has joined the channel", "U2", subtype="channel_join"),
    ALERT,
    said(6, "<!here> <@U3> <!subteam^S1|@pay-oncall> look at <#C9|other> &lt;b&gt; &lt;@U1&gt; <https://a.example|x>",
         thread_ts=f"{DAY + 6}.000200", reply_count=2, reactions=[{"name": "eyes", "users": ["U2", "U77"], "count": 2},
         {"name": "fire"}]),
    said(9, "a guest", "U99", user_profile={"name": "guest", "real_name": "A Guest"}, thread_ts=f"{DAY + 6}.000200"),
    said(10, "nobody knows", "U98", subtype="never_heard_of", edited={"user": "U98", "ts": f"{DAY + 30}.000000"}),
    said(11, "", files=[{"id": "F1", "name": "heap.png", "url_private": "https://files.example/F1?t=xoxe-secret"},
         {"id": "F2", "mode": "hidden_by_limit"}, "broken"]),
    said(12, "", None, bot_id="B6", blocks=[
        {"type": "header", "text": {"type": "plain_text", "text": "Deploy <prod>"}},
        {"type": "section",
         "fields": [{"type": "mrkdwn", "text": "*by* <@U1>"}, {"type": "mrkdwn", "text": "sha `ab`"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "hi "}, {"type": "user", "user_id": "U2"}, {"type": "emoji", "name": "tada"},
            {"type": "link", "url": "https://d.example"}]}]},
        "not a block", {"type": "divider"}]),
    said(13, "set the channel topic: all <quiet>", subtype="channel_topic", topic="x"),
    said(14, "both in thread and channel", "U2", subtype="thread_broadcast", thread_ts=f"{DAY + 6}.000200"),
    said(15, "This message was deleted.", "USLACKBOT", subtype="tombstone"),
    said(16, "alone", "U2", thread_ts=f"{DAY - 99}.000100", parent_user_id="U1"),
    {"type": "message", "ts": f"{DAY + 17}.000200"},
    said(18, reactions=["many", {"name": "x"}], attachments={"a": 1}, thread_ts="never", username=3)
    | {"user": ["U1"], "text": 7},
]  # fmt: skip
EXPORT: Members = {
    "channels.json": [{"id": "C1", "name": "payments", "members": ["U1"]}, {"id": "C2", "name": "quiet"}],
    "groups.json": [{"id": "G1", "name": "secret-plans"}],
    "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
    "mpims.json": [{"id": "G2", "name": "mpdm-ada--ben-1"}],
    "users.json": USERS,  # type: ignore[dict-item]
    "integration_logs.json": [{"service_id": "1"}],
    "canvases.json": [], "README.txt": b"\xff not ours",
    "payments/2024-12-11.json": POSTS,  # type: ignore[dict-item]
    "payments/2024-12-12.json": [said(86_400, "next day")],  # type: ignore[list-item]
    "payments/canvas_in_the_conversation.json": [{"id": "F9"}],
    "quiet/": b"",
    "secret-plans/2024-12-11.json": [said(3, "psst")],  # type: ignore[list-item]
    "D1/2024-12-11.json": [said(4, "private")],  # type: ignore[list-item]
    "mpdm-ada--ben-1/2024-12-11.json": [said(4, "private too")],  # type: ignore[list-item]
    "left-over/2024-12-11.json": [said(4, "not in channels.json")],  # type: ignore[list-item]
}  # fmt: skip


@pytest.fixture
def payments(pack: Pack) -> IncidentRecord:
    """The record of #payments."""
    return next(record for record in archive.read(pack(EXPORT)) if record.scenario_id == "payments")


def test_each_channel_is_one_record(pack: Pack) -> None:
    """In order of their names, private ones too; empty ones and direct messages have none."""
    records = archive.read(pack(EXPORT))
    assert [record.scenario_id for record in records] == ["left-over", "payments", "secret-plans"]
    assert {record.scenario_type for record in records} == {"slack-export"}
    assert records[1].title == "#payments, 2024-12-11 to 2024-12-12"
    assert records[1].start_time == "2024-12-11T06:53:20+00:00"
    assert not any(record.labels or record.provenance for record in records)


def test_no_message_is_lost(payments: IncidentRecord) -> None:
    """Whatever a message is, it becomes an event at its time; what cannot be read of it is left out."""
    offsets = [event.offset_seconds for event in payments.timeline]
    assert offsets == [0, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 86_400]
    assert payments.timeline[11].speaker == payments.timeline[12].speaker == "unknown"


def test_people_are_known_by_handle(payments: IncidentRecord) -> None:
    """Handles come from users.json, or from the message; without either an id stays an id."""
    speakers = [event.speaker for event in payments.timeline]
    assert speakers[:6] == ["ben", "Grafana", "ada", "guest", "U98", "ada"]
    assert payments.people == {"ada": "Ada Berg", "ben": "ben", "cleo": "cleo", "Deploys": "Deploys"}


def test_an_alert_is_recognized(payments: IncidentRecord) -> None:
    """A monitoring app's coloured card is an alert, with severity, metrics and links."""
    alert = payments.timeline[1]
    assert isinstance(alert, AlertEvent)
    assert (alert.severity, alert.state, alert.user) == ("critical", "firing", "Grafana")
    assert alert.title == "[FIRING:1] High p99 & errors"
    assert alert.details == "p99 is <https://g.example/p|2.1 s>, see #payments"
    assert alert.metrics == {"error_rate": "12%"}
    assert alert.runbook == "https://wiki.example/r"


def test_text_is_readable(payments: IncidentRecord) -> None:
    """Names instead of ids; entities as signs, but never so that they would turn into markup."""
    call = payments.timeline[2]
    assert isinstance(call, MentionEvent)
    assert call.content == "@here @cleo @pay-oncall look at #other <b> &lt;@U1> <https://a.example|x>"
    assert call.mentions == ("@here", "@cleo", "@pay-oncall")
    assert [(one.emoji, one.users) for one in call.reactions] == [("eyes", ("ben", "U77")), ("fire", ())]


def test_threads_and_edits(payments: IncidentRecord) -> None:
    """Replies point to their root, broadcast ones too; one whose root is missing stands alone."""
    assert [event.thread_parent for event in payments.timeline[3:11]] == [2, None, None, None, None, 2, None, None]
    edited = payments.timeline[4]
    assert isinstance(edited, MessageEvent)
    assert edited.edited is not None
    assert edited.edited.offset_seconds == 30


def test_files_have_names_and_no_addresses(payments: IncidentRecord) -> None:
    """A file's address carries a token; only its name is kept."""
    assert payments.timeline[5].text == "[file: heap.png]\n[file: no longer there]\n[file]"
    assert "xoxe" not in payments.model_dump_json()


def test_blocks_are_read_where_there_is_no_text(payments: IncidentRecord) -> None:
    """An app that fills only blocks has said something."""
    assert payments.timeline[6].text == "Deploy <prod>\n*by* @ada\nsha `ab`\nhi @ben:tada:https://d.example"
    assert payments.timeline[6].speaker == "Deploys"


def test_slacks_own_lines_are_system_events(payments: IncidentRecord) -> None:
    """Joins, topics and tombstones."""
    lines = [payments.timeline[index] for index in (0, 7, 9)]
    assert all(isinstance(line, SystemEvent) for line in lines)
    assert [line.text for line in lines] == [
        "joined #payments", "set the channel topic: all <quiet>", "This message was deleted.",
    ]  # fmt: skip


def test_quiet_hours_split_a_channel(pack: Pack) -> None:
    """A stretch ends where nobody posts for long; a late reply stays with its thread."""
    posts = [said(0, "one"), said(60, "two"), said(9 * HOUR, "three"), said(20 * HOUR, "late", thread_ts=said(0)["ts"])]
    members: Members = {"channels.json": [{"id": "C1", "name": "ops"}], "ops/2024-12-11.json": posts}  # type: ignore[dict-item]
    whole = archive.read(pack(members))
    split = archive.read(pack(members), quiet_hours=6)
    assert [[event.text for event in record.timeline] for record in whole] == [["one", "two", "three", "late"]]
    assert [[event.text for event in record.timeline] for record in split] == [["one", "two", "late"], ["three"]]
    assert split[0].timeline[2].thread_parent == 0
    assert [record.scenario_id for record in split] == ["ops-2024-12-11T0653", "ops-2024-12-11T1553"]
    assert [len(one.timeline) for one in load_all(pack(members), quiet_hours=6)] == [3, 1]


@pytest.mark.parametrize("prefix", ["", "Acme Export/"])
def test_folders_and_repacked_zips_read_alike(pack: Pack, tmp_path: Path, prefix: str) -> None:
    """Unpacked, or packed again with a folder around it, it is the same export."""
    path = pack(EXPORT)
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path / "unpacked")
    (tmp_path / "unpacked" / ".slackviewer_archive_info.json").write_text("{}")
    again = pack({f"{prefix}{name}": data for name, data in EXPORT.items()} | {"__MACOSX/._x": b""}, "again.zip")
    assert archive.read(tmp_path / "unpacked") == archive.read(path) == archive.read(again)


def test_history_can_be_shown_checked_and_exported(pack: Pack, tmp_path: Path) -> None:
    """A channel's record goes through everything that an incident goes through."""
    for incident in load_all(pack(EXPORT)):
        assert incident.to_html().startswith("<!")
        assert incident.to_text()
        assert slackincidents.validate(incident) is not None
        (back,) = archive.read(slack_export.write([incident], tmp_path / "own.zip"))
        assert Incident.of(back).to_json() == incident.to_json()


def test_one_channel_loads_as_one_incident(pack: Pack) -> None:
    """`load` takes an export with one record, and says what to do with one that has more."""
    members: Members = {"channels.json": [], "ops/2024-12-11.json": [said(0)]}  # type: ignore[list-item]
    assert len(slackincidents.load(pack(members, "one.zip")).timeline) == 1
    with pytest.raises(slackincidents.BadFile, match="holds 3 incidents") as caught:
        slackincidents.load(pack(EXPORT))
    assert "load_all" in caught.value.hint
    assert "slackincidents export" in caught.value.hint
