"""The poster against servers that listen: ours and the third-party one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from slackincidents.api import generate
from slackincidents.errors import ServiceFailed, UsageError
from slackincidents.library import Library
from slackincidents.schema.delivery import Delivery, PostingOptions
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.poster import deliver
from slackincidents.sinks.slack_client import SlackWorkspace
from slackincidents.sinks.unposting import unpost
from tests.slack.clocks import Hurried, Times
from tests.slack.conftest import Opener
from tests.slack.faults import EVERY_CALL, Fault
from tests.slack.practice import OPTIONS, complaints, incident, scene, scene_of
from tests.slack.pretend import pretended
from tests.slack.scene import TEAM, ChannelSeed
from tests.slack.stand import Stand
from tests.slack.sweep import POST, reference, voices

SPEED = 100.0
CAREFUL = PostingOptions(dry_run=False, workspace_id=TEAM)
BOT_CHANNELS = ("incident-poster", "monitoring")


def posted(
    stand: Stand, folder: Path, options: PostingOptions = OPTIONS, record: IncidentRecord | None = None
) -> Delivery:
    """Post an incident with both bots, in hurried time."""
    people, alerts = voices(stand.api_url, 5.0)
    work = deliver(
        record or incident(), people, clock=Hurried.starting(SPEED), run_folder=folder, options=options, alerts=alerts
    )
    return asyncio.run(work)


def test_a_reference_is_what_the_file_says() -> None:
    """What the fault sweep compares with is itself compared with the incident: channel, thread, order, name, words."""
    assert reference().posted
    assert complaints(incident(), reference().ledger) == []


def test_an_incident_stands_as_its_file_says(opened: Opener, tmp_path: Path) -> None:
    """Channels created and joined, threads, names, reactions: all there, once, and nothing was asked in vain."""
    stand = opened(scene())
    delivery = posted(stand, tmp_path)
    assert delivery.complete
    assert complaints(incident(), stand.ledger()) == []
    assert {heard.outcome for heard in stand.heard} == {"ok"}


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.ERROR_AFTER, Fault.DROP_BEFORE, Fault.DROP_AFTER])
def test_a_fault_does_no_harm_on_either_server(opened: Opener, tmp_path: Path, fault: Fault) -> None:
    """The fifth message goes wrong: it stands once, in its place."""
    stand = opened(scene())
    stand.faults.order(POST, 5, fault)
    assert posted(stand, tmp_path).complete
    assert complaints(incident(), stand.ledger()) == []


def test_what_was_posted_can_be_taken_back(opened: Opener, tmp_path: Path) -> None:
    """After unpost no message is left."""
    stand = opened(scene())
    posted(stand, tmp_path)
    people, alerts = voices(stand.api_url, 5.0)
    asyncio.run(unpost(tmp_path, people, clock=Hurried.starting(SPEED), alerts=alerts))
    assert [held for held in stand.ledger().values() if held] == []


@pytest.mark.parametrize("name", Library().skeleton_names())
def test_every_scenario_posts_cleanly(name: str, tmp_path: Path) -> None:
    """Each of the thirteen, whole, with the limits in force: as its file says, no call refused, nobody woken."""
    record, times = generate(name, seed=7), Times()
    with pretended(scene_of(record), clock=times.now, interval=1.0) as stand:
        people, alerts = voices(stand.api_url, 5.0)
        work = deliver(record, people, clock=times.renew(), run_folder=tmp_path, options=CAREFUL, alerts=alerts)
        assert asyncio.run(work).complete
        ledger = stand.ledger()
        assert complaints(record, ledger) == []
        assert [message.text for held in ledger.values() for message in held if message.wakes] == []
        assert {heard.outcome for heard in stand.heard} == {"ok"}


def test_without_the_scope_the_name_stands_in_the_text(opened: Opener, tmp_path: Path) -> None:
    """A token that may not choose its name: the speaker is named in bold, and the notes say why."""
    stand = opened(scene().with_scopes("incident-poster", without="chat:write.customize"))
    delivery = posted(stand, tmp_path)
    said = [message for held in stand.ledger().values() for message in held if message.user == "U0POSTER01"]
    assert {message.username for message in said} == {""}
    assert all(message.text.startswith("*") for message in said if message.key[2] == 0)
    assert any("chat:write.customize" in note for note in delivery.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"workspace_id": "T0ELSEWHERE"}, "T0ELSEWHERE"),
        ({"allow_list": ("somewhere",)}, "SLACK_CHANNELS_ALLOWED"),
        ({"test_channel": "with-supplier"}, "another organisation"),
        ({"test_channel": "old-incidents"}, "archived"),
        ({"test_channel": "nowhere", "create_channels": False}, "no channel #nowhere"),
    ],
)
def test_it_refuses_before_the_first_message(
    opened: Opener, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    """Wrong workspace, forbidden, foreign, archived, missing channel: refused with the reason, nothing posted."""
    stand = opened(
        scene().with_channels(
            ChannelSeed(name="with-supplier", shared=True, bots=BOT_CHANNELS),
            ChannelSeed(name="old-incidents", archived=True, bots=BOT_CHANNELS),
        )
    )
    with pytest.raises(UsageError, match=words):
        posted(stand, tmp_path, OPTIONS.model_copy(update=change))
    assert stand.calls(POST) == ()
    assert [held for held in stand.ledger().values() if held] == []


def test_a_missing_scope_is_named_before_the_first_message(opened: Opener, tmp_path: Path) -> None:
    """Which scope, which token, where to click."""
    stand = opened(scene().with_scopes("incident-poster", without="channels:history"))
    with pytest.raises(UsageError, match=r"SLACK_BOT_TOKEN lacks the scope channels:history.*api\.slack\.com/apps"):
        posted(stand, tmp_path)
    assert stand.calls(POST) == ()


def test_a_limit_that_does_not_end_says_how_to_go_on(tmp_path: Path) -> None:
    """Some messages stand, then 429 for ever: the error counts both kinds and names the run; later it is finished."""
    times = Times()
    with pretended(scene(), clock=times.now, interval=1.0) as stand:

        def again() -> Delivery:
            people, alerts = voices(stand.api_url, 5.0)
            work = deliver(incident(), people, clock=times.renew(), run_folder=tmp_path, options=OPTIONS, alerts=alerts)
            return asyncio.run(work)

        stand.faults.order(POST, 6, Fault.RATE_LIMIT, lasting=True)
        with pytest.raises(ServiceFailed) as stopped:
            again()
        assert "posted: " in str(stopped.value)
        assert str(tmp_path) in str(stopped.value)
        assert sum(len(held) for held in stand.ledger().values()) == 5
        stand.faults.cancel()
        assert again().complete
        assert complaints(incident(), stand.ledger()) == []


def test_the_token_is_nowhere(opened: Opener, tmp_path: Path) -> None:
    """Not in an error, its cause, a repr, or any file of the run."""
    stand = opened(scene())
    token = stand.bot().token
    stand.faults.order("auth.test", EVERY_CALL, Fault.DROP_BEFORE)
    with pytest.raises(ServiceFailed) as stopped:
        posted(stand, tmp_path)
    stand.faults.cancel()
    posted(stand, tmp_path)
    files = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    workspace = SlackWorkspace(SecretStr(token), base_url=stand.api_url)
    chain = [stopped.value, stopped.value.__cause__, stopped.value.__context__]
    assert token not in files + repr(workspace) + repr(vars(workspace)) + "".join(map(repr, chain)) + str(stopped.value)
