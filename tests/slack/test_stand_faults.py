"""A fault that is ordered happens: to that call, in that way, and what the channel holds is what the fault says."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slack.conftest import Opener
from tests.slack.faults import EVERY_CALL, Fault
from tests.slack.front import WEBHOOK
from tests.slack.stand import Stand
from tests.slack.talk import channel_id, post, talk

BREAKDOWNS = tuple(Fault)


def broken_by(stand: Stand, place: str) -> str:
    """What a client that waits a second gets to see of a post."""

    async def posting(web: AsyncWebClient) -> str:
        try:
            answer = await web.chat_postMessage(channel=place, text="second")
        except SlackApiError as error:
            if isinstance(error.response, AsyncSlackResponse):
                data = error.response.data
                return str(data["error"]) if isinstance(data, dict) and "error" in data else "no reason"
            return "no JSON"
        except Exception as error:  # noqa: BLE001 - whatever the client raises is what this shows
            return type(error).__name__
        return "nothing" if answer.get("ts") is None else "ok"

    return talk(stand, posting, seconds=1)


EXPECTED = {
    Fault.RATE_LIMIT: {"ratelimited"},
    Fault.ERROR_BEFORE: {"internal_error"},
    Fault.ERROR_AFTER: {"internal_error"},
    Fault.DROP_BEFORE: {"ServerDisconnectedError", "ClientOSError"},
    Fault.DROP_AFTER: {"ServerDisconnectedError", "ClientOSError"},
    Fault.STALL_BEFORE: {"TimeoutError"},
    Fault.STALL_AFTER: {"TimeoutError"},
    Fault.LATE: {"TimeoutError"},
}
MALFORMED = {"no JSON", "no reason", "nothing"}


@pytest.mark.parametrize("fault", BREAKDOWNS)
def test_a_fault_happens_as_ordered(opened: Opener, fault: Fault) -> None:
    """The second post goes wrong; the channel holds it when the fault says so; the third is fine."""
    stand = opened()
    place = channel_id(stand, "incidents")
    stand.faults.order("chat.postMessage", 2, fault)
    post(stand, place, "first")
    assert broken_by(stand, place) in EXPECTED.get(fault, MALFORMED)
    post(stand, place, "third")
    texts = [message.text for message in stand.ledger()["incidents"]]
    assert texts == (["first", "second", "third"] if fault.taken else ["first", "third"])
    assert stand.faults.struck == (("chat.postMessage", 2, fault),)
    assert [heard.outcome for heard in stand.calls("chat.postMessage")] == ["ok", fault.value, "ok"]


def test_malformed_answers_come_in_five_kinds(fast_stand: Stand) -> None:
    """Cut off, a page, a list, a no without a reason, a yes without what was asked for."""
    place = channel_id(fast_stand, "incidents")
    fast_stand.faults.order("chat.postMessage", EVERY_CALL, Fault.MALFORMED_BEFORE)
    seen = [broken_by(fast_stand, place) for _ in range(5)]
    assert set(seen) == MALFORMED


def test_a_limit_that_does_not_end(fast_stand: Stand) -> None:
    """A fault may be ordered for every call, and taken back."""
    place = channel_id(fast_stand, "incidents")
    fast_stand.faults.order("chat.postMessage", EVERY_CALL, Fault.RATE_LIMIT)
    assert [broken_by(fast_stand, place) for _ in range(3)] == ["ratelimited"] * 3
    fast_stand.faults.cancel()
    assert post(fast_stand, place, "at last")


def test_a_late_message_comes_after_the_look(stand: Stand) -> None:
    """The caller gives up, looks and finds nothing; then the message is there."""
    place = channel_id(stand, "incidents")
    stand.faults.order("chat.postMessage", 1, Fault.LATE)
    assert broken_by(stand, place) == "TimeoutError"

    async def look(web: AsyncWebClient) -> int:
        return len((await web.conversations_history(channel=place))["messages"])

    assert [talk(stand, look), talk(stand, look)] == [0, 1]


def test_an_outage_lasts(fast_stand: Stand) -> None:
    """After the first fault every call of any method goes wrong, until it is taken back."""
    place = channel_id(fast_stand, "incidents")
    fast_stand.faults.order("chat.postMessage", 2, Fault.ERROR_BEFORE, lasting=True)
    post(fast_stand, place, "first")
    assert [broken_by(fast_stand, place) for _ in range(2)] == ["internal_error"] * 2
    with pytest.raises(SlackApiError):
        talk(fast_stand, lambda web: web.auth_test())
    fast_stand.faults.cancel()
    assert talk(fast_stand, lambda web: web.auth_test())["ok"]


def test_a_webhook_may_fail_too(fast_stand: Stand) -> None:
    """A webhook's call can be dropped after the message was taken: nobody can know."""
    fast_stand.faults.order(WEBHOOK, 1, Fault.ERROR_AFTER)

    async def send(web: AsyncWebClient) -> int:
        return (await AsyncWebhookClient(fast_stand.webhook_url(), retry_handlers=[]).send(text="x")).status_code

    assert talk(fast_stand, send) == 500
    assert [message.text for message in fast_stand.ledger()["alerts"]] == ["x"]


def test_the_usual_client_posts_twice(fast_stand: Stand) -> None:
    """Why our poster brings its own retries: with the handlers that come with slack_sdk a drop makes two copies."""
    place = channel_id(fast_stand, "incidents")
    fast_stand.faults.order("chat.postMessage", 1, Fault.DROP_AFTER)

    async def posting(_: AsyncWebClient) -> bool:
        usual = AsyncWebClient(fast_stand.bot().token, base_url=fast_stand.api_url)
        return bool((await usual.chat_postMessage(channel=place, text="once"))["ok"])

    assert talk(fast_stand, posting)
    assert [message.text for message in fast_stand.ledger()["incidents"]] == ["once", "once"]
