"""Nobody real is woken, nothing is called when dry, no token is shown."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from pytest_socket import disable_socket

from slackincidents.clock import FakeClock, SystemClock
from slackincidents.errors import Denied, NotConfigured, OtherRun, ServiceFailed, SlackIncidentsError, Unsafe
from slackincidents.schema.delivery import Channel, Group, Groups, Identity, Member, PostingOptions
from slackincidents.sinks.journal import locked
from slackincidents.sinks.memory import MemoryWorkspace, Store
from slackincidents.sinks.poster import deliver, deliver_all
from slackincidents.sinks.slack_client import SlackWorkspace
from slackincidents.sinks.slack_payload import arguments
from tests.sinks.stage import LIVE, alert, incident, message, shop
from tests.sinks.test_markup import LIVE as LINKS
from tests.sinks.test_markup import scraps

CANARY = "xoxb-1234-canary-token"
SCOPES = ("chat:write", "chat:write.customize", "chat:write.public", "channels:read", "channels:history")


def workspace(store: Store, **more: object) -> MemoryWorkspace:
    """A bot with some scopes."""
    identity = Identity(team="T1", team_name="Test", user="U0", scopes=SCOPES).model_copy(update=more)
    return MemoryWorkspace(FakeClock(), store, identity=identity)


def refusal(bot: MemoryWorkspace, folder: Path, options: PostingOptions = LIVE) -> SlackIncidentsError:
    """The error with which posting three channels is refused, before anything is posted."""
    record = incident([message(0), message(1, "#shop"), message(2, "#quiet")])
    with pytest.raises(SlackIncidentsError) as caught:
        asyncio.run(deliver(record, bot, clock=FakeClock(), run_folder=folder, options=options))
    assert bot.calls["post"] == bot.calls["create"] == bot.calls["join"] == 0
    assert "nothing was posted" in str(caught.value)
    return caught.value


def test_dry_is_the_default_and_calls_nothing() -> None:
    """Without options no socket is opened, no folder is made, and everything is reported as left."""
    disable_socket(allow_unix_socket=True)
    bot = SlackWorkspace(SecretStr(CANARY), base_url="http://127.0.0.1:1/api/")
    record = incident([message(0), message(1, "#shop", thread_parent=0)])
    delivery = asyncio.run(deliver(record, bot, clock=SystemClock()))
    assert (delivery.dry_run, delivery.complete, delivery.left) == (True, False, (0, 1))
    assert delivery.notes
    assert len(asyncio.run(deliver_all([record, record], clock=SystemClock()))) == 2


def test_a_dry_run_refuses_what_needs_no_call(tmp_path: Path) -> None:
    """The allow-list holds in a dry run too."""
    options = PostingOptions(allow_list=("#cache",))
    with pytest.raises(Unsafe, match="#shop is not in SLACK_CHANNELS_ALLOWED"):
        asyncio.run(deliver(incident([message(0), message(1, "#shop")]), clock=FakeClock(), options=options))


def test_posting_needs_a_workspace_and_a_folder(tmp_path: Path) -> None:
    """A live call without one of them is refused."""
    with pytest.raises(NotConfigured, match="no workspace"):
        asyncio.run(deliver(incident([message(0)]), None, clock=FakeClock(), run_folder=tmp_path, options=LIVE))
    with pytest.raises(NotConfigured, match="no run folder"):
        asyncio.run(deliver(incident([message(0)]), workspace(Store()), clock=FakeClock(), options=LIVE))


def test_the_wrong_workspace_is_refused_after_one_question(tmp_path: Path) -> None:
    """A token of another workspace is told by its first answer; nothing else is asked there."""
    bot = workspace(Store.of(["cache", "shop", "quiet"]), team="T9")
    error = refusal(bot, tmp_path)
    assert isinstance(error, Unsafe)
    assert "T9 (Test), but SLACK_WORKSPACE_ID is T1" in str(error)
    assert dict(bot.calls) == {"identity": 1}


def test_every_bad_channel_is_told_at_once(tmp_path: Path) -> None:
    """Unknown, archived and foreign channels stand in one refusal."""
    store = Store.of(["quite"])
    store.channels["C7"] = Channel(id="C7", name="cache", archived=True)
    store.channels["C8"] = Channel(id="C8", name="shop", foreign=True)
    error = refusal(workspace(store), tmp_path)
    assert isinstance(error, Unsafe)
    assert "(1) #cache is archived" in str(error)
    assert "(2) #shop is shared" in str(error)
    assert '(3) no channel #quiet that the bot can see (near: "quite")' in str(error)
    assert "CHANNEL_QUIET" in str(error)


def test_a_channel_off_the_allow_list_is_refused(tmp_path: Path) -> None:
    """With a list, only what stands on it passes, by name or by id."""
    store = Store.of(["cache", "shop", "quiet"])
    error = refusal(workspace(store), tmp_path, LIVE.model_copy(update={"allow_list": ("#cache", "C0001")}))
    assert isinstance(error, Unsafe)
    assert "#quiet is not in SLACK_CHANNELS_ALLOWED" in str(error)
    assert "#shop" not in str(error)


@pytest.mark.parametrize("scope", ["chat:write", "channels:read", "channels:history"])
def test_a_missing_scope_is_named_with_where_to_click(tmp_path: Path, scope: str) -> None:
    """The refusal names the scope and the page where it is added."""
    bot = workspace(Store.of(["cache", "shop", "quiet"]), scopes=tuple(one for one in SCOPES if one != scope))
    error = refusal(bot, tmp_path)
    assert isinstance(error, Denied)
    assert scope in str(error)
    assert "OAuth & Permissions" in str(error)


def test_a_bot_outside_the_channel_is_refused_or_joins(tmp_path: Path) -> None:
    """Without chat:write.public the bot must be a member; asked to, it joins."""
    store = Store.of(["cache", "shop", "quiet"])
    store.channels["C0000"] = store.channels["C0000"].model_copy(update={"member": False})
    few = tuple(one for one in SCOPES if one != "chat:write.public")
    assert "the bot is not in #cache" in str(refusal(workspace(store, scopes=few), tmp_path))
    bot = workspace(store, scopes=(*few, "channels:join"))
    record = incident([message(0)])
    options = LIVE.model_copy(update={"join_channels": True})
    assert asyncio.run(deliver(record, bot, clock=FakeClock(), run_folder=tmp_path, options=options)).complete
    assert store.channels["C0000"].member


def test_missing_channels_are_made_when_asked_for(tmp_path: Path) -> None:
    """Asked to, it creates what is missing, and nothing else."""
    place = shop(tmp_path, [message(0), message(1, "#new-one")])
    place.store = Store.of(["cache"])
    assert place.post(LIVE.model_copy(update={"create_channels": True})).complete
    assert sorted(channel.name for channel in place.store.channels.values()) == ["cache", "new-one"]


def test_the_test_channel_takes_everything(tmp_path: Path) -> None:
    """With a test channel nothing goes anywhere else, and the small line says where it was meant to go."""
    place = shop(tmp_path, [message(0), message(1, "#shop"), message(2, "#elsewhere")])
    place.store = Store.of(["sandbox", "cache", "shop"])
    assert place.post(LIVE.model_copy(update={"test_channel": "#sandbox"})).complete
    assert {kept.channel_id for kept in place.store.messages} == {"C0000"}
    assert [kept.message.context for kept in place.store.messages] == [
        "#cache · simulated",
        "#shop · simulated",
        "#elsewhere · simulated",
    ]


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    """While one posts from a folder, the other is told so and posts nothing."""
    place = shop(tmp_path, [message(0)])
    with locked(place.folder), pytest.raises(OtherRun, match="another process is posting"):
        place.post()
    assert not place.store.messages
    assert place.post().complete


def test_another_incident_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """A folder goes on with its own incident, workspace and options, and with no other."""
    place = shop(tmp_path, [message(0)])
    place.post()
    for options in ({"ping": True}, {"mark": False}, {"test_channel": "shop"}):
        with pytest.raises(OtherRun, match=f"its {next(iter(options)).replace('_', ' ')} was"):
            place.post(LIVE.model_copy(update=options))
    place.record = incident([message(0, text="another")])
    with pytest.raises(OtherRun, match="its incident's text was"):
        place.post()
    assert len(place.store.messages) == 1


def test_a_finished_run_again_posts_nothing(tmp_path: Path) -> None:
    """Running the same again is harmless."""
    place = shop(tmp_path, [message(0), message(1, thread_parent=0)])
    assert place.post() == place.post()
    assert len(place.store.messages) == 2


def called(record_text: str, folder: Path, ping: bool) -> str:
    """A text as it leaves, in a workspace where the group and the person exist."""
    store, clock = Store.of(["cache"]), FakeClock()
    bot = MemoryWorkspace(
        clock,
        store,
        groups=Groups(found=(Group(id="S01", handle="cache-oncall"),)),
        people=(Member(id="U01", name="achen", real_name="Alice Chen"),),
    )
    options = LIVE.model_copy(update={"ping": ping})
    asyncio.run(deliver(incident([message(0, text=record_text)]), bot, clock=clock, run_folder=folder, options=options))
    return store.messages[0].message.text


def test_only_ping_calls_real_groups_and_people(tmp_path: Path) -> None:
    """Without ping names stay plain; with it those that exist become live."""
    text = "@cache-oncall @alice @nobody @channel"
    assert called(text, tmp_path / "a", ping=False) == text
    assert called(text, tmp_path / "b", ping=True) == "<!subteam^S01> <@U01> @nobody @channel"


@given(st.lists(scraps, min_size=4, max_size=4))
def test_no_part_of_a_message_carries_anything_live(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Text, name, title, details and fields: no group, person or broadcast, no bare angle bracket, however odd."""
    title, details, value, text = texts
    place = shop(
        tmp_path_factory.mktemp("live"),
        [
            alert(0, title=title, details=details, metrics={"m": value, title or "n": "1"}),
            message(1, text=f"x {text}", user=f"a {title}"),
        ],
    )
    place.post()
    for kept in place.store.messages:
        sent = arguments(kept.message)
        for words in strings({name: sent[name] for name in sent if name not in ("metadata", "username")}):
            assert "<" not in LINKS.sub("", words)
            assert not re.search(r"<[@!]", words)
        assert "<" not in str(sent["username"])


def strings(value: object) -> list[str]:
    """Every string in plain data."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def test_every_message_is_marked(tmp_path: Path) -> None:
    """Metadata says synthetic, always; the small line does, unless told not to."""
    place = shop(tmp_path, [alert(0), message(1)])
    place.post()
    card, said = (arguments(kept.message) for kept in place.store.messages)
    assert "simulated" in str(card["attachments"])
    assert "simulated" in str(said["blocks"])
    for sent in (card, said):
        assert "'synthetic': True" in str(sent["metadata"])
    bald = shop(tmp_path / "bald", [alert(0), message(1)])
    bald.post(LIVE.model_copy(update={"mark": False}))
    for kept in bald.store.messages:
        assert "simulated" not in str(arguments(kept.message))
        assert "'synthetic': True" in str(arguments(kept.message)["metadata"])


def test_the_token_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a repr, an error with its causes, a log line at any level, nor in any file of the run."""
    caplog.set_level(logging.DEBUG)
    bot = SlackWorkspace(SecretStr(CANARY), base_url="http://127.0.0.1:9/api/", timeout=1)
    with pytest.raises(ServiceFailed) as caught:
        asyncio.run(deliver(incident([message(0)]), bot, clock=FakeClock(), run_folder=tmp_path / "run", options=LIVE))
    with pytest.raises(ServiceFailed) as bare:
        asyncio.run(bot.identity())
    seen: list[str] = [repr(bot), caplog.text]
    chain: list[BaseException | None] = [caught.value, bare.value]
    while chain:
        error = chain.pop()
        if error is not None:
            seen += [repr(error), str(error)]
            chain += [error.__cause__, error.__context__]
    seen += [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [text for text in seen if "canary" in text]
