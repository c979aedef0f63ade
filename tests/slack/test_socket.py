"""The ears over Socket Mode, against a server that speaks it: heard once, acknowledged at once, connected again."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator

import pytest
from pydantic import SecretStr

from slackincidents.clock import FakeClock
from slackincidents.errors import Denied, NotConfigured, SlackIncidentsError, Unreachable
from slackincidents.sinks.live import Heard, Pressed, Typed
from slackincidents.sinks.slack_socket import MOST_TRIES, SlackSocket
from tests.slack.socket_mode import APP_TOKEN, TICKET, LiveStand, disconnect, pressed, typed
from tests.slack.wire import JsonObject

THREAD = "1700000000.000001"


@pytest.fixture
def stand() -> Iterator[LiveStand]:
    """A workspace that can be heard."""
    with LiveStand() as one:
        yield one


def ears(stand: LiveStand, token: str = APP_TOKEN, told: Callable[[str], None] = lambda _: None) -> SlackSocket:
    """The ears of its app."""
    return SlackSocket(SecretStr(token), FakeClock(), base_url=stand.api_url, timeout=5.0, told=told)


def listening(
    stand: LiveStand, work: Callable[[Room], Awaitable[None]], told: Callable[[str], None] = lambda _: None
) -> list[Heard]:
    """Listen while something happens; what was heard."""

    async def run() -> list[Heard]:
        room = Room(stand)
        task = asyncio.create_task(ears(stand, told=told).listen(room.hear, room.ready.set))
        try:
            await asyncio.wait_for(room.ready.wait(), 20)
            await work(room)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return room.heard

    return asyncio.run(run())


class Room:
    """What is heard, and a way to wait for it."""

    def __init__(self, stand: LiveStand) -> None:
        """Nothing was heard yet."""
        self.stand = stand
        self.heard: list[Heard] = []
        self.ready = asyncio.Event()
        self._more = asyncio.Event()

    def hear(self, heard: Heard) -> None:
        """Keep it."""
        self.heard.append(heard)
        self._more.set()

    async def has(self, count: int) -> None:
        """Wait until so much was heard."""
        while len(self.heard) < count:
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), 20)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something at the server, without holding up the ears."""
        await asyncio.to_thread(self.stand.until, true)


def test_messages_and_buttons_are_heard(stand: LiveStand) -> None:
    """A typed message and a pressed button arrive as values of ours, each acknowledged with its envelope's id."""

    async def work(room: Room) -> None:
        stand.send(typed("C1", THREAD, "U000000002", "look &amp; see", envelope="one"))
        stand.send(pressed("C1", THREAD, "U000000002", "drill-ack", "run-1", envelope="two"))
        await room.has(2)
        await room.until(lambda: len(stand.wire.acks) == 2)

    first, second = listening(stand, work)
    assert isinstance(first, Typed)
    assert (first.channel_id, first.thread_ts, first.user, first.text) == ("C1", THREAD, "U000000002", "look &amp; see")
    assert second == Pressed("C1", THREAD, "U000000002", "drill-ack", "run-1")
    assert [ack for ack, _ in stand.wire.acks] == ["one", "two"]
    assert stand.wire.tokens == [f"Bearer {APP_TOKEN}"]


def test_whatever_comes_is_acknowledged(stand: LiveStand) -> None:
    """What nobody here listens to, or what makes no sense, is acknowledged too, and not heard."""
    strange: tuple[JsonObject, ...] = (
        typed("C1", THREAD, "U000000002", "an edit", envelope="edit", subtype="message_changed"),
        typed("C1", THREAD, "U0POSTER01", "our own", envelope="bot", bot_id="B0POSTER01", subtype="bot_message"),
        typed("C1", THREAD, "U000000002", " ", envelope="blank"),
        {"envelope_id": "slash", "type": "slash_commands", "payload": {"command": "/x"}},
        {"envelope_id": "odd", "type": "events_api", "payload": ["what"]},
        {"envelope_id": "null", "type": "interactive", "payload": None},
        {"envelope_id": "view", "type": "interactive", "payload": {"type": "view_submission", "user": {"id": "U1"}}},
        {"type": "never heard of"},
    )

    async def work(room: Room) -> None:
        for envelope in strange:
            stand.send(envelope)
        stand.send(typed("C1", THREAD, "U000000002", "hello", envelope="last", bot_id=None, subtype=None))
        await room.has(1)
        await room.until(lambda: len(stand.wire.acks) == 8)

    heard = listening(stand, work)
    assert [one.text for one in heard if isinstance(one, Typed)] == ["hello"]
    assert [ack for ack, _ in stand.wire.acks] == ["edit", "bot", "blank", "slash", "odd", "null", "view", "last"]


def test_what_comes_twice_is_heard_once(stand: LiveStand) -> None:
    """Slack sends again what it takes for lost: the same envelope, or the same event or press in another one."""
    message = typed("C1", THREAD, "U000000002", "once", envelope="one")
    button = pressed("C1", THREAD, "U000000002", "drill-ack", "run-1", envelope="two")
    again = [
        message,
        {**message, "envelope_id": "three", "retry_attempt": 1},
        button,
        {**button, "envelope_id": "four"},
    ]

    async def work(room: Room) -> None:
        for envelope in (message, button, *again, typed("C1", THREAD, "U000000002", "next")):
            stand.send(envelope)
        await room.has(3)
        await room.until(lambda: len(stand.wire.acks) == 7)

    heard = listening(stand, work)
    assert [type(one) for one in heard] == [Typed, Pressed, Typed]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_a_renewed_connection_loses_nothing(stand: LiveStand, reason: str) -> None:
    """Asked for a new connection it makes one with a new address, and reads the old one to its end."""

    async def work(room: Room) -> None:
        stand.send(disconnect(reason))
        await room.until(lambda: len(stand.wire.lines) == 2)
        stand.send(typed("C1", THREAD, "U000000002", "on the old one"), line=0)
        stand.send(typed("C1", THREAD, "U000000002", "on the new one"), line=1)
        await room.has(2)
        await room.until(lambda: len(stand.wire.acks) == 2)

    heard = listening(stand, work)
    assert {one.text for one in heard if isinstance(one, Typed)} == {"on the old one", "on the new one"}
    assert len(set(stand.wire.opened)) == 2


def test_a_dropped_connection_is_made_again(stand: LiveStand) -> None:
    """After a drop without a word it connects anew, waits on the clock it was given, and hears on."""

    async def work(room: Room) -> None:
        for number in range(MOST_TRIES + 3):
            stand.hang_up()
            await room.until(lambda wanted=number + 2: len(stand.wire.lines) == wanted)  # type: ignore[misc]
        stand.send(typed("C1", THREAD, "U000000002", "still there"))
        await room.has(1)

    heard = listening(stand, work)
    assert len(heard) == 1


def test_a_busy_slack_is_waited_for(stand: LiveStand) -> None:
    """Told to slow down, or broken, it tries again."""
    stand.wire.refusals += [{"ok": False, "error": "ratelimited"}, {"ok": False, "error": "internal_error"}]

    async def work(room: Room) -> None:
        stand.send(typed("C1", THREAD, "U000000002", "hello"))
        await room.has(1)

    assert len(listening(stand, work)) == 1
    assert len(stand.wire.tokens) == 3


def test_a_crowd_is_told_of(stand: LiveStand) -> None:
    """Slack spreads envelopes over all connections of an app: with many of them, somebody is told."""
    stand.wire.greeting = {"type": "hello", "num_connections": 4}
    told: list[str] = []

    async def work(room: Room) -> None:
        return None

    listening(stand, work, told.append)
    assert told == ["4 connections of this app: each hears only a part"]


def refused(stand: LiveStand, token: str = APP_TOKEN) -> SlackIncidentsError:
    """The error with which listening ends."""

    async def run() -> None:
        await ears(stand, token).listen(lambda _: None, lambda: None)

    with pytest.raises(SlackIncidentsError) as caught:
        asyncio.run(run())
    return caught.value


def test_a_bad_token_is_refused(stand: LiveStand, caplog: pytest.LogCaptureFixture) -> None:
    """A token that Slack does not take is said so at once, with where to make one; it is shown nowhere."""
    caplog.set_level(logging.DEBUG)
    error = refused(stand, "xapp-1-somebody-elses-canary")
    assert isinstance(error, Denied)
    assert "connections:write" in str(error)
    shown = caplog.text + str(error) + repr(error) + "".join(traceback.format_exception(error))
    assert "somebody-elses-canary" not in shown


def test_socket_mode_turned_off_is_said(stand: LiveStand) -> None:
    """Without Socket Mode there is nothing to hear: the way to turn it on is told."""
    stand.wire.greeting = disconnect("link_disabled")
    error = refused(stand)
    assert isinstance(error, NotConfigured)
    assert "Socket Mode" in str(error)


def test_it_gives_up_in_the_end(stand: LiveStand) -> None:
    """A Slack that stays broken ends it, after many tries."""
    stand.wire.refusals += [{"ok": False, "error": "internal_error"}] * (MOST_TRIES + 1)
    assert isinstance(refused(stand), SlackIncidentsError)
    assert len(stand.wire.tokens) == MOST_TRIES


def test_nothing_secret_is_shown(stand: LiveStand, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the token nor the address with its ticket stands in a log, a repr or an error of a lost line."""
    caplog.set_level(logging.DEBUG)
    mine = ears(stand)

    async def work(room: Room) -> None:
        stand.hang_up()
        await room.until(lambda: len(stand.wire.lines) == 2)
        stand.send(typed("C1", THREAD, "U000000002", "hello"))
        await room.has(1)

    listening(stand, work)
    gone = SlackSocket(SecretStr(APP_TOKEN), FakeClock(), base_url="http://127.0.0.1:1/api/", timeout=2.0)
    with pytest.raises(Unreachable) as caught:
        asyncio.run(gone.listen(lambda _: None, lambda: None))
    shown = caplog.text + repr(mine) + repr(vars(mine)) + "".join(traceback.format_exception(caught.value))
    assert APP_TOKEN not in shown
    assert TICKET not in shown
