"""What goes to a webhook, and what its client's errors become."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from slack_sdk.errors import SlackClientError, SlackRequestError

from slackincidents.clock import FakeClock
from slackincidents.errors import Busy, Declined, Denied, Faulty, SlackIncidentsError, Unreachable, UsageError
from slackincidents.sinks.slack_webhook import SlackWebhook
from slackincidents.sinks.webhook import HookMessage, alerts, announce, checked, plain
from tests.sinks.stage import alert, incident, message

CANARY = "hook-canary-77"
ADDRESS = f"http://127.0.0.1:1/services/T1/B1/{CANARY}"


@pytest.mark.parametrize(
    "raised",
    [
        TimeoutError(CANARY), OSError(CANARY), ValueError(CANARY), aiohttp.ServerDisconnectedError(CANARY),
        aiohttp.ClientPayloadError(CANARY), aiohttp.ClientError(CANARY), aiohttp.InvalidURL(CANARY),
        SlackRequestError(CANARY), SlackClientError(CANARY),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_every_foreign_error_becomes_ours(raised: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the client raises, one of our errors comes out, without its text, which may hold the address."""
    hook = SlackWebhook(SecretStr(ADDRESS))

    async def fail(body: object, headers: object = None) -> None:
        raise raised

    monkeypatch.setattr(hook._client, "send_dict", fail)
    with pytest.raises(SlackIncidentsError) as caught:
        asyncio.run(hook.send(HookMessage(text="x")))
    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "ok", None),
        (200, "okay", Faulty),
        (200, "<html>", Faulty),
        (302, "", Faulty),
        (400, "invalid_payload", Declined),
        (400, "no_team", Denied),
        (403, "action_prohibited", Denied),
        (404, "no_service", Denied),
        (410, "channel_is_archived", Declined),
        (429, "rate_limited", Busy),
        (500, "rollup_error", Faulty),
        (503, "", Faulty),
    ],
)
def test_what_an_answer_means(status: int, body: str, kind: type[SlackIncidentsError] | None) -> None:
    """Only a 200 with "ok" is a yes; what may have been taken is told apart from what was not; one call each."""
    calls: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        calls.append(await request.text())
        return web.Response(status=status, text=body, headers={"Retry-After": "7"})

    async def sent() -> None:
        app = web.Application()
        app.router.add_post("/{tail:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/services/T1/B1/{CANARY}"
            await SlackWebhook(SecretStr(url)).send(HookMessage(text="x"))
        finally:
            await runner.cleanup()

    if kind is None:
        asyncio.run(sent())
    else:
        with pytest.raises(kind) as caught:
            asyncio.run(sent())
        assert CANARY not in repr(caught.value)
        if isinstance(caught.value, Busy):
            assert caught.value.retry_after == 7
    assert len(calls) == 1


def test_nobody_listens() -> None:
    """A refused connection is our error, and the address is in no repr."""
    hook = SlackWebhook(SecretStr(ADDRESS))
    with pytest.raises(Unreachable):
        asyncio.run(hook.send(HookMessage(text="x")))
    assert CANARY not in f"{hook!r}"


def test_only_the_alerts_leave() -> None:
    """In the order of their times, as cards, with the small line; an incident without any is refused."""
    record = incident([message(0), alert(30, title="second"), alert(10, title="first"), message(40)])
    found = alerts(record)
    titles = [one.card.title for one in found if one.card]
    assert [title.rpartition(" ")[2] for title in titles] == ["first", "second"]
    assert {one.card.footer for one in found if one.card} == {"simulated"}
    assert {one.card.footer for one in alerts(record, mark=False) if one.card} == {""}
    with pytest.raises(UsageError, match="has no alerts"):
        alerts(incident([message(0)]))


def test_a_long_text_becomes_several_messages() -> None:
    """Cut after sentences, nothing lost."""
    text = "One sentence after the other. " * 400
    found = plain(text)
    assert len(found) > 1
    assert " ".join(one.text for one in found).split() == text.split()
    assert all(one.text.rstrip().endswith(".") for one in found)


def test_one_a_second() -> None:
    """That is the pace a webhook asks for."""
    clock = FakeClock()
    at: list[float] = []

    class Hook:
        async def send(self, message: HookMessage) -> None:
            at.append(clock.now())

    asyncio.run(announce(plain("x. " * 3000), Hook(), clock, told=lambda _: None))
    assert len(at) > 2
    assert all(later - sooner >= 1.0 for sooner, later in pairwise(at))


@pytest.mark.parametrize(
    "address",
    [
        "", "x", CANARY, f"ftp://hooks.slack.com/services/T1/B1/{CANARY}", f"https:///services/T1/B1/{CANARY}",
        f"https://hooks.slack.com/triggers/T1/1/{CANARY}", "https://hooks.slack.com/services/T1/B1/",
        f"https://[bad/services/T1/B1/{CANARY}", f"https://hooks.slack.com/services/T1/{CANARY}",
    ],
)  # fmt: skip
def test_what_is_no_webhook(address: str) -> None:
    """Refused without being repeated."""
    with pytest.raises(UsageError) as caught:
        checked(SecretStr(address), "")
    assert CANARY not in f"{caught.value} {caught.value.__context__!r}"
