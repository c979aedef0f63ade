"""A whole drill over Socket Mode and the Web API, against the stand-in: what the server got, and what nobody sees."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import SecretStr

from slackincidents.cli.drill_slack import InSlack, alert_by_webhook, alert_messages, drill_in_slack
from slackincidents.drills.in_slack import FOLDER, Terms, hold
from slackincidents.errors import NotConfigured, ServiceFailed, UsageError
from slackincidents.schema.delivery import PostingOptions
from slackincidents.settings import Settings
from slackincidents.sinks.live import Live
from slackincidents.sinks.opening_live import open_live
from slackincidents.sinks.slack_socket import SlackSocket
from slackincidents.sinks.slack_socket_client import LiveSlack
from tests.slack.clocks import Hurried
from tests.slack.drilling import STARTING, Game, Script, begun, good, taken_up
from tests.slack.faults import Fault
from tests.slack.front import Heard
from tests.slack.ledger import Held
from tests.slack.scene import POSTER_TOKEN, TEAM
from tests.slack.socket_mode import APP_TOKEN, TICKET, LiveStand, disconnect, pressed, typed
from tests.slack.wire import JsonObject

ALICE = "U000000002"
POST, WHISPER, UPDATE = "chat.postMessage", "chat.postEphemeral", "chat.update"
OPTIONS = PostingOptions(dry_run=False, test_channel="incidents", workspace_id=TEAM)
TERMS = Terms(OPTIONS, speed=60.0)


class Alice:
    """Somebody who follows a script; each envelope comes twice, the second time in another one, as Slack may do."""

    def __init__(self, script: Script) -> None:
        """Nothing was seen yet."""
        self.script = script
        self.root = ""
        self.run = ""
        self.channel = ""
        self.before: list[JsonObject] = []

    def __call__(self, heard: Heard) -> Iterable[JsonObject]:
        """What she does after a call."""
        if heard.outcome != "ok" or heard.method not in (POST, WHISPER):
            return
        self._place(heard)
        for line in self.script.seen(str(heard.args["text"])):
            made = self.does(line)
            yield from (*self.before, made, {**made, "envelope_id": f"{made['envelope_id']}-again"})
            self.before = []

    def _place(self, heard: Heard) -> None:
        self.channel = str(heard.args["channel"])
        self.root = str(heard.args.get("thread_ts") or self.root)
        metadata = heard.args.get("metadata")
        if isinstance(metadata, dict) and isinstance(payload := metadata["event_payload"], dict):
            self.run = str(payload["run"])

    def does(self, line: str) -> JsonObject:
        """An envelope with what she typed or pressed."""
        if line.startswith("["):
            return pressed(self.channel, self.root, ALICE, line.strip("[]"), self.run)
        return typed(self.channel, self.root, ALICE, line)


def held(stand: LiveStand, game: Game, terms: Terms = TERMS) -> None:
    """Hold a drill there, in hurried time."""

    async def work() -> None:
        clock = Hurried.starting(60.0)
        workspace = LiveSlack(SecretStr(POSTER_TOKEN), base_url=stand.api_url)
        ears = SlackSocket(SecretStr(APP_TOKEN), clock, base_url=stand.api_url)
        live = Live(workspace, ears)
        await hold(game.sitting, game.folder, game.wording, live, clock, terms, stored=game.stored)

    try:
        asyncio.run(work())
    finally:
        game.folder.close()


def thread_of(stand: LiveStand) -> tuple[Held, ...]:
    """What stands in the drill's channel."""
    return tuple(stand.ledger()["incidents"])


def test_a_drill_from_the_page_to_the_debrief(tmp_path: Path) -> None:
    """Button, commands, fix, button, debrief: posts, blocks, threads, metadata, whispers, acks as the server got them.

    The connection is renewed on the way, and every envelope comes twice: nothing is done twice, nothing is lost.
    """
    alice = Alice(good())
    game = begun(tmp_path / "drill")
    with LiveStand(person=alice) as stand:
        alice.before = [disconnect("refresh_requested")]
        held(stand, game)
        root, *replies = thread_of(stand)
        posts, whispers = stand.calls(POST), stand.calls(WHISPER)
        acks = [ack for ack, _ in stand.wire.acks]
        updated = stand.calls(UPDATE)
    assert game.session.outcome == "resolved"
    assert [move.order.kind for move in game.session.record.moves][:4] == ["acknowledge", "say", "severity", "attempt"]
    assert root.thread_ts is None
    assert {one.thread_ts for one in replies} == {root.ts}
    assert "*Debrief: Database Connection Failed*" in "".join(one.text for one in replies)
    kinds = [block["type"] for block in blocks(posts[0].args)]
    assert kinds[-2:] == ["actions", "context"]
    assert '"drill-ack"' in json.dumps(posts[0].args)
    assert all(one.args["metadata"]["event_payload"]["synthetic"] is True for one in posts)  # type: ignore[index, call-overload]
    assert all("simulated" in json.dumps(one.args) for one in (*posts, *whispers))
    assert {one.args["user"] for one in whispers} == {ALICE}
    assert {one.args["thread_ts"] for one in whispers} == {root.ts}
    assert {one.outcome for one in (*posts, *whispers, *updated)} == {"ok"}
    assert len(acks) == len(set(acks))
    assert {ack.removesuffix("-again") for ack in acks} == {ack for ack in acks if not ack.endswith("-again")}
    assert len(stand.wire.opened) == 2
    assert len(updated) == 2
    assert "actions" not in [block["type"] for block in blocks(root.raw)]


def blocks(args: object) -> list[JsonObject]:
    """The blocks of a message."""
    found = args["blocks"] if isinstance(args, dict) else []
    return [one for one in found if isinstance(one, dict)]


def test_an_envelope_is_acknowledged_while_a_post_hangs(tmp_path: Path) -> None:
    """Slack waits three seconds for an acknowledgement: it does not wait for whatever the drill is doing."""
    alice = Alice(Script([("Are you", ("[drill-ack]",)), (STARTING, ("stop",))]))
    game = begun(tmp_path / "drill")
    with LiveStand(person=alice) as stand:
        stand.faults.order(POST, 4, Fault.STALL_BEFORE)
        running = threading.Thread(target=_cut, args=(stand, game))
        running.start()
        stand.until(lambda: len(stand.faults.struck) == 1)
        before = len(stand.wire.acks)
        stand.send(typed("C1", "1.1", ALICE, "hello?", envelope="while-it-hangs"))
        stand.until(lambda: len(stand.wire.acks) > before)
        assert stand.wire.acks[-1][0] == "while-it-hangs"
        assert "while-it-hangs" in [ack for ack, _ in stand.wire.acks]
        running.join(30)
        assert not running.is_alive()


def _cut(stand: LiveStand, game: Game) -> None:
    """Hold a drill whose calls are given up after a second."""

    async def work() -> None:
        clock = Hurried.starting(60.0)
        workspace = LiveSlack(SecretStr(POSTER_TOKEN), base_url=stand.api_url, timeout=1.0)
        live = Live(workspace, SlackSocket(SecretStr(APP_TOKEN), clock, base_url=stand.api_url))
        await hold(game.sitting, game.folder, game.wording, live, clock, TERMS)

    asyncio.run(work())
    game.folder.close()


def test_a_drill_is_taken_up_over_a_new_connection(tmp_path: Path) -> None:
    """The program ends in the middle; the next one goes on in the same thread, and no message stands twice."""
    script = good()
    alice = Alice(script)
    path = tmp_path / "drill"
    with LiveStand(person=alice) as stand:
        stand.faults.order(POST, 7, Fault.ERROR_BEFORE, lasting=True)
        with pytest.raises(ServiceFailed):
            held(stand, begun(path))
        stand.faults.cancel()
        script.rows.append(("The drill goes on", ("do restart",)))
        game = taken_up(path)
        held(stand, game)
        stands = thread_of(stand)
    assert game.session.outcome == "resolved"
    keys = [(str(one.payload["index"]), str(one.payload["part"])) for one in stands]
    assert len(keys) == len(set(keys))
    assert len({one.thread_ts for one in stands}) == 2


def test_no_token_is_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither token, nor the ticket of a connection, stands in a log, a repr or any file of the drill."""
    caplog.set_level(logging.DEBUG)
    alice = Alice(Script([("Are you", ("[drill-ack]",)), (STARTING, ("stop",))]))
    with LiveStand(person=alice) as stand:
        settings = Settings(
            slack_bot_token=SecretStr(POSTER_TOKEN), slack_app_token=SecretStr(APP_TOKEN), slack_api_url=stand.api_url
        )
        live = open_live(settings, Hurried.starting(60.0), lambda _: None)
        held(stand, begun(tmp_path / "drill"))
    files = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    shown = files + caplog.text + repr(settings) + repr(live) + repr(vars(live.ears)) + repr(vars(live.workspace))
    for secret in (POSTER_TOKEN, APP_TOKEN, TICKET):
        assert secret not in shown


def test_tokens_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an app-level token, or with one of another kind, the way to one is told."""
    clock = Hurried.starting(60.0)
    bot = SecretStr(POSTER_TOKEN)
    with pytest.raises(NotConfigured, match=r"no SLACK_APP_TOKEN.*connections:write"):
        open_live(Settings(slack_bot_token=bot), clock, lambda _: None)
    with pytest.raises(UsageError, match="SLACK_APP_TOKEN is no app-level token"):
        open_live(Settings(slack_bot_token=bot, slack_app_token=bot), clock, lambda _: None)
    with pytest.raises(NotConfigured, match="no SLACK_BOT_TOKEN"):
        open_live(Settings(slack_app_token=SecretStr(APP_TOKEN)), clock, lambda _: None)


def environment(monkeypatch: pytest.MonkeyPatch, stand: LiveStand, **more: str) -> None:
    """What the command line finds."""
    said = {
        "SLACK_BOT_TOKEN": POSTER_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_WORKSPACE_ID": TEAM,
        "SLACK_API_URL": stand.api_url, **more,
    }  # fmt: skip
    for name, value in said.items():
        monkeypatch.setenv(name, value)


def test_the_command_holds_a_drill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`drill --slack --yes` reads its tokens from the environment, and says how to take the messages back."""
    alice = Alice(Script([("Are you", ("[drill-ack]",)), (STARTING, ("stop",))]))
    game = begun(tmp_path / "drill")
    monkeypatch.chdir(tmp_path)
    with LiveStand(person=alice) as stand:
        environment(monkeypatch, stand)
        wanted = InSlack(channel="#incidents", speed=60.0, yes=True)
        assert drill_in_slack(wanted, game.sitting, game.folder, game.wording, Hurried.starting(60.0))
        assert len(thread_of(stand)) >= 5
    game.folder.close()
    assert game.sitting.ended
    assert f"slackincidents unpost {tmp_path / 'drill' / FOLDER}" in capsys.readouterr().err.replace("\n", "")


def test_ctrl_c_is_said_in_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends it: the thread is told, and stderr has the command that goes on and the one that takes it back."""
    alice = Alice(Script([("Are you", ("[drill-ack]",))]))
    game = begun(tmp_path / "drill")
    monkeypatch.chdir(tmp_path)

    left = [STARTING]

    def interrupting(heard: Heard) -> Iterable[JsonObject]:
        if left and left[0] in str(heard.args.get("text")):
            left.clear()
            os.kill(os.getpid(), signal.SIGINT)
        return alice(heard)

    with LiveStand(person=interrupting) as stand:
        environment(monkeypatch, stand)
        wanted = InSlack(channel="incidents", speed=60.0, yes=True)
        with pytest.raises(KeyboardInterrupt):
            drill_in_slack(wanted, game.sitting, game.folder, game.wording, Hurried.starting(60.0))
        assert "The drill stands still" in thread_of(stand)[-1].text
    game.folder.close()
    told = capsys.readouterr().err.replace("\n", "")
    assert f"to go on: slackincidents drill --slack --resume {tmp_path / 'drill'}" in told
    assert f"slackincidents unpost {tmp_path / 'drill' / FOLDER}" in told
    assert taken_up(tmp_path / "drill").stored


def test_without_yes_nothing_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody can be asked, the drill is not held and no call is made; --yes needs a workspace to be named."""
    game = begun(tmp_path / "drill")
    monkeypatch.chdir(tmp_path)
    with LiveStand() as stand:
        environment(monkeypatch, stand)
        clock = Hurried.starting(60.0)
        assert not drill_in_slack(InSlack(channel="incidents"), game.sitting, game.folder, game.wording, clock)
        monkeypatch.delenv("SLACK_WORKSPACE_ID")
        with pytest.raises(NotConfigured, match="nobody looks where it goes"):
            drill_in_slack(InSlack("incidents", yes=True), game.sitting, game.folder, game.wording, clock)
        with pytest.raises(UsageError, match="no channel"):
            drill_in_slack(InSlack(yes=True), game.sitting, game.folder, game.wording, clock)
        assert stand.heard == ()
        assert stand.wire.opened == []
    assert "nothing was posted" in capsys.readouterr().err


def test_the_alert_goes_through_a_webhook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the lab's first challenge: one message, "🚨 Alert!", marked as simulated; none without --yes."""
    game = begun(tmp_path / "drill")
    monkeypatch.chdir(tmp_path)
    for _ in game.sitting.turns.begin():
        continue
    with LiveStand() as stand:
        environment(monkeypatch, stand, SLACK_WORKSPACE_ID=TEAM)
        clock = Hurried.starting(60.0)
        assert not alert_by_webhook(game.session, stand.webhook_url(), clock, yes=False)
        assert stand.calls("webhook") == ()
        assert alert_by_webhook(game.session, stand.webhook_url(), clock, yes=True)
        (sent,) = stand.calls("webhook")
        with pytest.raises(UsageError, match="T000000009"):
            alert_by_webhook(game.session, stand.webhook_url().replace(TEAM, "T000000009"), clock, yes=True)
    body = json.loads(str(sent.args["payload"]))
    assert body["text"].startswith("🚨 Alert! Database Connection Failed")
    assert "simulated" in json.dumps(body)
    assert stand.webhook_url() not in capsys.readouterr().err
    assert len(alert_messages(game.session)) == 1
